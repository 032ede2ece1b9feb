// SPDX-License-Identifier: Apache-2.0
// Frames as a client may send them: never a crash, and the same items however the bytes are cut.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "web_socket_frames.h"

namespace {

std::string Shown(const std::uint8_t* data, std::size_t size, std::size_t at_once) {
  tidemill::http::FrameReader reader(1000);
  std::vector<tidemill::http::WebSocketItem> items;
  std::string buffer, shown;
  for (std::size_t at = 0; at < size; at += at_once) {
    buffer.append(reinterpret_cast<const char*>(data) + at, std::min(at_once, size - at));
    std::size_t taken = 0;
    const auto fault = reader.Read(buffer.data(), buffer.size(), taken, items);
    if (taken > buffer.size()) std::abort();
    buffer.erase(0, taken);
    if (fault.code != 0 || (!items.empty() && items.back().kind == tidemill::http::WebSocketItem::Kind::kClose)) break;
  }
  for (const auto& item : items) shown += std::to_string(static_cast<int>(item.kind)) + item.bytes + '\n';
  return shown;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (Shown(data, size, size + 1) != Shown(data, size, 1)) std::abort();
  return 0;
}
