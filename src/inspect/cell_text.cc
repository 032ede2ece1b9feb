// SPDX-License-Identifier: Apache-2.0
#include "cell_text.h"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>

namespace tidemill::inspect {

void AppendNumber(std::string& out, double value) {
  constexpr double kWhole = 1e15;
  std::array<char, 32> digits{};
  char* const end = digits.data() + digits.size();
  const bool whole = std::fabs(value) < kWhole && std::trunc(value) == value;
  const auto written = whole ? std::to_chars(digits.data(), end, static_cast<std::int64_t>(value))
                             : std::to_chars(digits.data(), end, value, std::chars_format::scientific);
  out.append(digits.data(), written.ptr);
}

std::string_view WithLineFeeds(std::string_view text, std::string& scratch) {
  if (text.find('\r') == std::string_view::npos) return text;
  scratch.clear();
  for (std::size_t i = 0; i < text.size(); ++i) {
    scratch += text[i] == '\r' ? '\n' : text[i];
    if (text[i] == '\r' && i + 1 < text.size() && text[i + 1] == '\n') ++i;
  }
  return scratch;
}

std::string_view NameOf(workbook::Visibility visibility) {
  switch (visibility) {
    case workbook::Visibility::kVisible:
      return "visible";
    case workbook::Visibility::kHidden:
      return "hidden";
    case workbook::Visibility::kVeryHidden:
      return "veryHidden";
  }
  return "visible";
}

std::string_view NameOf(workbook::SheetType type) {
  switch (type) {
    case workbook::SheetType::kWorksheet:
      return "worksheet";
    case workbook::SheetType::kChart:
      return "chart";
    case workbook::SheetType::kMacro:
      return "macro";
    case workbook::SheetType::kDialog:
      return "dialog";
    case workbook::SheetType::kModule:
      return "module";
  }
  return "worksheet";
}

bool HasCells(const workbook::SheetEntry& entry) {
  return entry.type != workbook::SheetType::kChart && entry.type != workbook::SheetType::kModule;
}

bool HasLines(workbook::Format format, const workbook::SheetEntry& entry) {
  if (entry.type == workbook::SheetType::kWorksheet) return true;
  const bool ooxml = format == workbook::Format::kXlsx || format == workbook::Format::kXlsb;
  return ooxml && entry.type != workbook::SheetType::kChart;
}

}  // namespace tidemill::inspect
