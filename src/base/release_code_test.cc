// SPDX-License-Identifier: Apache-2.0
#include "tidemill/base/release_code.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <utility>

#include <gtest/gtest.h>
#include <unistd.h>

namespace tidemill::base {
namespace {

// Large enough to have whole pages of its own (clang counts a pack in 16 bits); each byte differs from what an empty
// page would show.
template <std::size_t... I>
constexpr auto MakeTable(std::index_sequence<I...>) {
  return std::array<unsigned char, sizeof...(I)>{static_cast<unsigned char>(I % 251 + 1)...};
}
constexpr auto kTable = MakeTable(std::make_index_sequence<61'440>());

bool TableIsWhole() {
  for (std::size_t i = 0; i < kTable.size(); ++i) {
    const volatile unsigned char* byte = &kTable[i];
    if (*byte != i % 251 + 1) return false;
  }
  return true;
}

std::size_t ResidentPages() {
  const auto page = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
  std::FILE* file = std::fopen("/proc/self/statm", "re");
  unsigned long size = 0, resident = 0;
  EXPECT_EQ(std::fscanf(file, "%lu %lu", &size, &resident), 2);
  std::fclose(file);
  return resident * page / 4096;
}

TEST(ReleaseCodeTest, LetsPagesGoThatComeBackAsTheyWere) {
  ASSERT_TRUE(TableIsWhole());
  const std::size_t before = ResidentPages();
  ReleaseCode();
  EXPECT_LE(ResidentPages() + kTable.size() / 4096 / 2, before);
  EXPECT_TRUE(TableIsWhole());
}

}  // namespace
}  // namespace tidemill::base
