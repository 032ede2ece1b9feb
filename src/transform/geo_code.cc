// SPDX-License-Identifier: Apache-2.0
#include "geo_code.h"

#include <algorithm>
#include <array>
#include <utility>

#include "tidemill/base/ascii.h"
#include "tidemill/base/text.h"

namespace tidemill::transform {
namespace {

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
  if (part.size() < width && !part.empty() && std::ranges::all_of(part, base::IsDigit)) {
    part.insert(0, width - part.size(), '0');
  }
  return part;
}

// Entities whose type has a name of its own; all others are named by themselves ("E47").
constexpr auto kTypes = std::to_array<std::pair<std::string_view, std::string_view>>({
    {"E06", "lad"},        {"E07", "lad"},     {"E08", "lad"},         {"E09", "lad"},     {"E10", "county"},
    {"E11", "met-county"}, {"E12", "region"},  {"E13", "london-part"}, {"E92", "country"}, {"J99", "elsewhere"},
    {"K02", "country"},    {"K03", "country"}, {"K04", "country"},     {"N09", "lad"},     {"N92", "country"},
    {"S12", "lad"},        {"S92", "country"}, {"W06", "lad"},         {"W92", "country"},
});

// The same for codes of before 2011, by their form.
std::string_view SnacType(std::string_view code) {
  if (code.size() == 4) return "lad";
  if (code.size() == 3) return "country";
  if (code.size() == 1) return "region";
  if (code == "1B" || code == "1C") return "london-part";
  return base::IsDigit(code[1]) ? "county" : "met-county";
}

bool IsUpperLetter(char c) {
  return c >= 'A' && c <= 'Z';
}

constexpr std::string_view kOnsSnac = "ons-snac";

}  // namespace

bool IsGssCode(std::string_view text) {
  return text.size() == 9 && text[0] >= 'A' && text[0] <= 'Z' && std::ranges::all_of(text.substr(1), base::IsDigit);
}

bool IsSnacCode(std::string_view text) {
  const auto digits = [&](std::size_t first, std::size_t count) {
    return std::ranges::all_of(text.substr(first, count), base::IsDigit);
  };
  switch (text.size()) {
    case 1:
      return IsUpperLetter(text[0]);
    case 2:
      return base::IsDigit(text[0]) && (base::IsDigit(text[1]) || IsUpperLetter(text[1]));
    case 3:
      return text.starts_with("92") && base::IsDigit(text[2]);
    case 4:
      return digits(0, 2) && IsUpperLetter(text[2]) && IsUpperLetter(text[3]);
    default:
      return false;
  }
}

std::string_view GeoType(std::string_view code) {
  if (code.starts_with(kOnsSnac) && IsKept(code)) {
    const std::string_view old = code.substr(kOnsSnac.size() + 1);
    return IsSnacCode(old) ? SnacType(old) : std::string_view();
  }
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
    return HasForm(part, column.system);
  });
  return result;
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

bool HasForm(std::string_view part, std::string_view system) {
  if (system == "gss") return IsGssCode(part);
  if (system == kOnsSnac) return IsSnacCode(part);
  return !part.empty();
}

std::string_view TargetSystem(const recipe::ColumnSpec& column) {
  return column.to.empty() ? column.system : column.to;
}

bool IsKept(std::string_view code) {
  return code.find(':') != std::string_view::npos;
}

std::vector<std::string_view> PartsOf(std::string_view code, std::string_view join) {
  return SplitBy(code, join);
}

}  // namespace tidemill::transform
