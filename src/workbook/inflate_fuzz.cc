// SPDX-License-Identifier: Apache-2.0
// The streaming inflater against libdeflate: what one of them accepts the other gives alike.
#include <algorithm>
#include <string>

#include <libdeflate.h>

#include "inflate.h"

namespace tidemill::workbook {
namespace {

constexpr std::size_t kMost = std::size_t{1} << 20U;

void Check(std::string_view compressed) {
  std::string expected(kMost, '\0');
  std::size_t size = 0;
  libdeflate_decompressor* decompressor = libdeflate_alloc_decompressor();
  const libdeflate_result result =
      libdeflate_deflate_decompress(decompressor, compressed.data(), compressed.size(), expected.data(), kMost, &size);
  libdeflate_free_decompressor(decompressor);

  Inflater inflater(compressed);
  std::string ours;
  while (inflater.state() == Inflater::State::kMore && ours.size() <= kMost) ours.append(inflater.Next(0));
  if (result == LIBDEFLATE_SUCCESS) {
    if (inflater.state() != Inflater::State::kDone || ours != std::string_view(expected).substr(0, size))
      __builtin_trap();
  } else if (result == LIBDEFLATE_BAD_DATA) {
    if (inflater.state() == Inflater::State::kDone && ours.size() <= kMost) __builtin_trap();
  }
}

}  // namespace
}  // namespace tidemill::workbook

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  tidemill::workbook::Check({reinterpret_cast<const char*>(data), size});
  return 0;
}
