// SPDX-License-Identifier: Apache-2.0
#include "biff12.h"

#include "code_page.h"

namespace tidemill::workbook {
namespace {

constexpr std::uint32_t kNull = 0xFFFFFFFF;
constexpr std::uint8_t kRichFlag = 1;

}  // namespace

Range Biff12Fields::Rectangle() {
  const std::uint32_t first_row = U32();
  const std::uint32_t last_row = U32();
  const std::uint32_t first_column = U32();
  const std::uint32_t last_column = U32();
  return {.first_row = first_row, .first_column = first_column, .last_row = last_row, .last_column = last_column};
}

std::string_view Biff12Fields::Wide() {
  const std::uint32_t count = U32();
  return count == kNull ? std::string_view() : Take(std::size_t{2} * count);
}

std::string Biff12Fields::Text() {
  std::string text;
  AppendUtf16(text, Wide());
  return text;
}

void Biff12Fields::Rich(const std::vector<TextRun>& fonts, BiffString& result) {
  result.text.clear();
  result.runs.clear();
  const std::uint8_t flags = U8();
  AppendUtf16(result.text, Wide());
  if ((flags & kRichFlag) == 0) return;
  const std::uint32_t count = U32();
  std::vector<FileRun> runs;
  for (std::uint32_t i = 0; i < count && !empty(); ++i) {
    const std::uint32_t character = U16();
    const std::uint16_t font = U16();
    runs.push_back({.character = character, .font = font < fonts.size() ? fonts[font] : TextRun()});
  }
  AppendRuns(runs, result);
}

}  // namespace tidemill::workbook
