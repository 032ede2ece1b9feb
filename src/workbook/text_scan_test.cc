// SPDX-License-Identifier: Apache-2.0
#include "text_scan.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace tidemill::workbook {
namespace {

std::vector<TextScan> Kernels() {
  std::vector<TextScan> kernels = {&ScanTextPortably, BestTextScan()};
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2") != 0) kernels.push_back(&ScanTextAvx2);
#endif
  return kernels;
}

TEST(TextScan, FindsTheFirstByteThatIsMoreThanItself) {
  for (const TextScan scan : Kernels()) {
    for (std::size_t size = 0; size < 100; ++size) {
      std::string text;
      for (std::size_t i = 0; i < size; ++i) text += " !%';=>?@AZ^`az~\x01\x7F"[i % 18];
      EXPECT_EQ(scan(text.data(), text.data() + size), text.data() + size);
      for (std::size_t at = 0; at < size; ++at) {
        for (const char special : {'<', '&', '\r', '_', '\x80', '\xFF', '\xC3'}) {
          std::string marked = text;
          marked[at] = special;
          if (at + 3 < size) marked[at + 3] = '<';
          EXPECT_EQ(scan(marked.data(), marked.data() + size) - marked.data(), static_cast<std::ptrdiff_t>(at));
        }
      }
    }
  }
}

}  // namespace
}  // namespace tidemill::workbook
