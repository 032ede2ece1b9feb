// SPDX-License-Identifier: Apache-2.0
#include "xml.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tidemill::workbook;  // NOLINT(google-build-using-namespace)
  using Event = XmlReader::Event;
  constexpr std::uint32_t kDepth = 16;
  XmlReader xml({reinterpret_cast<const char*>(data), size}, kDepth);
  std::string text;
  std::size_t depth = 0;
  for (Event event = xml.Next(); event != Event::kDone && event != Event::kError; event = xml.Next()) {
    if (event == Event::kStart) ++depth;
    if (event == Event::kEnd) --depth;
    if (event == Event::kText) xml.AppendText(text);
    if (event == Event::kStart) text += xml.Attribute("r");
    if (depth > kDepth || text.size() > 4 * size) __builtin_trap();
  }
  return 0;
}
