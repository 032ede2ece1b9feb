// SPDX-License-Identifier: Apache-2.0
// What publishers write may hold anything; on a terminal it must be text: no control character but new lines, and shown
// again it stays as it is.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "line.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tidemill::flow;
  const std::string shown = ForTerminal({reinterpret_cast<const char*>(data), size});
  const auto steers = [](char c) { return (static_cast<unsigned char>(c) < 0x20 && c != '\n') || c == 0x7F; };
  if (std::ranges::any_of(shown, steers)) std::abort();
  if (shown.find("\xc2\x9b") != std::string::npos) std::abort();
  const std::string cut = CutTo(shown, 10);
  if (!std::string_view(shown).starts_with(cut)) std::abort();
  if (shown.find('\n') == std::string::npos && ForTerminal(shown) != shown) std::abort();
  return 0;
}
