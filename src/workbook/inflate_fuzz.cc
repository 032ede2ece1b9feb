// SPDX-License-Identifier: Apache-2.0
// The streaming inflater against libdeflate and zlib: what both accept it gives alike, what both refuse it refuses.
// Where they differ (libdeflate reads the length and distance codes that RFC 1951, 3.2.6 says never occur; zlib refuses
// more than 30 distances) it may do as either.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <libdeflate.h>
#include <zlib.h>

#include "inflate.h"

namespace tidemill::workbook {
namespace {

constexpr std::size_t kMost = std::size_t{1} << 18U;

// What a decoder made of the stream; nothing where it refuses it, or has more than kMost to give.
struct Decoded {
  std::optional<std::string> bytes;
  bool too_long = false;
};

Decoded ByLibdeflate(std::string_view compressed) {
  std::string bytes(kMost, '\0');
  std::size_t size = 0;
  libdeflate_decompressor* decompressor = libdeflate_alloc_decompressor();
  const libdeflate_result result =
      libdeflate_deflate_decompress(decompressor, compressed.data(), compressed.size(), bytes.data(), kMost, &size);
  libdeflate_free_decompressor(decompressor);
  bytes.resize(size);
  if (result == LIBDEFLATE_SUCCESS) return {.bytes = std::move(bytes)};
  return {.bytes = std::nullopt, .too_long = result == LIBDEFLATE_INSUFFICIENT_SPACE};
}

Decoded ByZlib(std::string_view compressed) {
  std::string bytes(kMost, '\0');
  z_stream stream{};
  if (inflateInit2(&stream, -15) != Z_OK) __builtin_trap();
  std::string input(compressed);  // zlib's type for input is not const
  stream.next_in = reinterpret_cast<Bytef*>(input.data());
  stream.avail_in = static_cast<uInt>(input.size());
  stream.next_out = reinterpret_cast<Bytef*>(bytes.data());
  stream.avail_out = static_cast<uInt>(kMost);
  const int result = inflate(&stream, Z_FINISH);
  bytes.resize(stream.total_out);
  const bool full = stream.avail_out == 0;
  inflateEnd(&stream);
  if (result == Z_STREAM_END) return {.bytes = std::move(bytes)};
  return {.bytes = std::nullopt, .too_long = full && result != Z_DATA_ERROR};
}

void Check(std::string_view compressed) {
  const Decoded one = ByLibdeflate(compressed);
  const Decoded other = ByZlib(compressed);
  if (one.too_long || other.too_long) return;

  Inflater inflater(compressed);
  std::string ours;
  while (inflater.state() == Inflater::State::kMore && ours.size() <= kMost) ours.append(inflater.Next(0));
  if (inflater.state() == Inflater::State::kDone) {
    if (ours != one.bytes && ours != other.bytes) __builtin_trap();
  } else if (one.bytes && other.bytes) {
    __builtin_trap();
  }
}

}  // namespace
}  // namespace tidemill::workbook

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  tidemill::workbook::Check({reinterpret_cast<const char*>(data), size});
  return 0;
}
