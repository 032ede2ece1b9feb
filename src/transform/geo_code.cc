// SPDX-License-Identifier: Apache-2.0
#include "geo_code.h"

#include <algorithm>
#include <array>
#include <utility>

#include "tidemill/base/text.h"

namespace tidemill::transform {
namespace {

bool IsDigit(char c) {
  return c >= '0' && c <= '9';
}

std::string UpperAscii(std::string text) {
  for (char& c : text) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return text;
}

bool IsAscii(std::string_view text) {
  return std::ranges::none_of(text, [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
}

std::string CleanPart(std::string_view text, const recipe::ColumnSpec& column) {
  std::string part = base::CollapseSpace(text);
  if (!IsAscii(part)) part = base::Nfkc(part);
  if (!column.system.empty()) part = UpperAscii(std::move(part));
  const auto width = static_cast<std::size_t>(std::max(column.pad, 0));
  if (part.size() < width && !part.empty() && std::ranges::all_of(part, IsDigit)) {
    part.insert(0, width - part.size(), '0');
  }
  return part;
}

std::vector<std::string_view> SplitBy(std::string_view text, std::string_view separator) {
  std::vector<std::string_view> parts;
  if (separator.empty()) return {text};
  for (std::size_t at = text.find(separator); at != std::string_view::npos; at = text.find(separator)) {
    parts.push_back(text.substr(0, at));
    text.remove_prefix(at + separator.size());
  }
  parts.push_back(text);
  return parts;
}

// Entities whose type has a name of its own; all others are named by themselves ("E47").
constexpr auto kTypes = std::to_array<std::pair<std::string_view, std::string_view>>({
    {"E06", "lad"},        {"E07", "lad"},     {"E08", "lad"},         {"E09", "lad"},     {"E10", "county"},
    {"E11", "met-county"}, {"E12", "region"},  {"E13", "london-part"}, {"E92", "country"}, {"J99", "elsewhere"},
    {"K02", "country"},    {"K03", "country"}, {"K04", "country"},     {"N09", "lad"},     {"N92", "country"},
    {"S12", "lad"},        {"S92", "country"}, {"W06", "lad"},         {"W92", "country"},
});

}  // namespace

bool IsGssCode(std::string_view text) {
  return text.size() == 9 && text[0] >= 'A' && text[0] <= 'Z' && std::ranges::all_of(text.substr(1), IsDigit);
}

std::string_view GeoType(std::string_view code) {
  if (!IsGssCode(code)) return code.find('_') == std::string_view::npos ? std::string_view() : "combined";
  const std::string_view entity = code.substr(0, 3);
  const auto* const type = std::ranges::find(kTypes, entity, &std::pair<std::string_view, std::string_view>::first);
  return type == kTypes.end() ? entity : type->second;
}

CleanedCode CleanCode(std::string_view text, const recipe::ColumnSpec& column) {
  CleanedCode result;
  int number = 0;
  for (const std::string_view piece : SplitBy(text, column.split)) {
    if (++number == column.take || column.take == 0) result.parts.push_back(CleanPart(piece, column));
  }
  result.code = base::Join(result.parts, column.join);
  result.valid = !result.parts.empty() && std::ranges::all_of(result.parts, [&](const std::string& part) {
    return column.system == "gss" ? IsGssCode(part) : !part.empty();
  });
  return result;
}

std::vector<std::string_view> PartsOf(std::string_view code, std::string_view join) {
  return SplitBy(code, join);
}

}  // namespace tidemill::transform
