// SPDX-License-Identifier: Apache-2.0
#include "gunzip.h"

#include <algorithm>
#include <memory>

#include <libdeflate.h>

namespace tidemill::http {
namespace {

using base::ErrorCode;

constexpr std::size_t kLeastRoom = std::size_t{64} << 10U;

struct Free {
  void operator()(libdeflate_decompressor* decompressor) const { libdeflate_free_decompressor(decompressor); }
};

}  // namespace

base::Result<std::string> Gunzip(std::string_view bytes, std::uint64_t most_bytes) {
  const std::unique_ptr<libdeflate_decompressor, Free> decompressor(libdeflate_alloc_decompressor());
  if (!decompressor) return base::Fail(ErrorCode::kTooLarge, "no memory to decode gzip");
  std::string out;
  // How large a member is cannot be known: the room is doubled until it fits.
  std::size_t room = std::max(kLeastRoom, bytes.size() * 4);
  while (!bytes.empty()) {
    const std::size_t have = out.size();
    const std::size_t most = std::min<std::uint64_t>(room, most_bytes - have);
    out.resize(have + most);
    std::size_t read = 0;
    std::size_t written = 0;
    const auto result = libdeflate_gzip_decompress_ex(decompressor.get(), bytes.data(), bytes.size(), out.data() + have,
                                                      most, &read, &written);
    if (result == LIBDEFLATE_INSUFFICIENT_SPACE) {
      if (most < room) return base::Fail(ErrorCode::kTooLarge, "grows to more than {} bytes", most_bytes);
      out.resize(have);
      room *= 2;
      continue;
    }
    if (result != LIBDEFLATE_SUCCESS) return base::Fail(ErrorCode::kMalformed, "is no whole gzip");
    out.resize(have + written);
    bytes.remove_prefix(read);
  }
  return out;
}

}  // namespace tidemill::http
