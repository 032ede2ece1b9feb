// SPDX-License-Identifier: Apache-2.0
#include "table.h"

#include <algorithm>

#include "tidemill/base/instant.h"
#include "tidemill/base/text.h"

namespace tidemill::console {
namespace {

constexpr std::size_t kWidest = 80;

std::string Cell(const prefect::json::value& row, std::string_view path) {
  std::string text = Printable(prefect::TextIn(row, path));
  if (text.size() >= 20 && text[4] == '-' && (text[10] == 'T' || text[10] == ' ')) {
    if (base::ParseInstant(text)) return text.substr(0, 10) + " " + text.substr(11, 8) + "Z";
  }
  return text;
}

// Characters, not bytes: enough for names.
std::size_t Width(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

}  // namespace

std::string Printable(std::string text, bool lines) {
  for (char& c : text) {
    const bool moves = static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
    if (moves && !(lines && (c == '\n' || c == '\t'))) c = ' ';
  }
  return text;
}

std::string ToTable(const prefect::json::array& rows, std::string_view columns) {
  std::vector<std::vector<std::string>> lines(rows.size() + 1);
  std::vector<std::size_t> widths;
  for (const std::string_view column : base::Split(columns, '|')) {
    const std::size_t equals = column.find('=');
    lines[0].emplace_back(column.substr(0, equals));
    for (std::size_t i = 0; i < rows.size(); ++i) lines[i + 1].push_back(Cell(rows[i], column.substr(equals + 1)));
    std::size_t width = 0;
    for (const auto& line : lines) width = std::max(width, std::min(kWidest, Width(line.back())));
    widths.push_back(width);
  }
  std::string out;
  for (const auto& line : lines) {
    std::string text;
    for (std::size_t i = 0; i < line.size(); ++i) {
      text += line[i];
      const std::size_t width = Width(line[i]);
      if (i + 1 < line.size()) text.append(2 + (width < widths[i] ? widths[i] - width : 0), ' ');
    }
    while (text.ends_with(' ')) text.pop_back();
    out += text + "\n";
  }
  return out;
}

}  // namespace tidemill::console
