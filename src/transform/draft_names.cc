// SPDX-License-Identifier: Apache-2.0
#include "draft_names.h"

#include <algorithm>
#include <array>

#include "tidemill/base/text.h"
#include "tidemill/recipe/recipe.h"

namespace tidemill::transform {
namespace {

constexpr std::size_t kLongestName = 40;
constexpr auto kUnits = std::to_array<std::string_view>(
    {"thousands", "thousand", "millions", "million", "billions",  "billion",     "per cent",     "percent",
     "%",         "£",        "$",        "€",       "per 1,000", "per 100,000", "per thousand", "rate",
     "index",     "hours",    "days",     "tonnes",  "numbers",   "number"});

bool IsSmall(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

std::string ColumnSlug(std::string_view header) {
  std::string slug;
  for (const char c : base::Lower(base::Nfkc(header))) {
    if (IsSmall(c)) {
      slug += c;
    } else if (!slug.empty() && slug.back() != '_') {
      slug += '_';
    }
  }
  if (slug.size() > kLongestName)
    slug.resize(slug.rfind('_', kLongestName) == std::string::npos ? kLongestName : slug.rfind('_', kLongestName));
  while (!slug.empty() && slug.back() == '_') slug.pop_back();
  if (!slug.empty() && slug.front() >= '0' && slug.front() <= '9') slug.insert(0, "c_");
  return slug;
}

bool NamesUnit(std::string_view text) {
  const std::string plain = recipe::Normalise(text);
  return std::ranges::any_of(kUnits, [&](std::string_view unit) {
    const std::size_t at = plain.find(unit);
    if (at == std::string::npos) return false;
    const auto letter = [&](std::size_t i) { return i < plain.size() && plain[i] >= 'a' && plain[i] <= 'z'; };
    const bool word = unit.front() >= 'a' && unit.front() <= 'z';
    return !word || (!(at > 0 && letter(at - 1)) && !letter(at + unit.size()));
  });
}

}  // namespace

std::string ColumnNameFrom(std::string_view header, std::string_view otherwise, std::set<std::string>& taken) {
  std::string name = ColumnSlug(header);
  if (name.empty()) name = otherwise;
  if (!recipe::MayNameColumn(name)) name += "_column";
  std::string unique = name;
  for (int i = 2; !taken.insert(unique).second; ++i) unique = fmt::format("{}_{}", name, i);
  return unique;
}

std::string PatternOf(std::string_view text) {
  std::string pattern;
  for (const char c : base::CollapseSpace(text)) {
    if (c == '*' || c == '?' || c == '#' || c == '{' || c == '\\' || (c == '~' && pattern.empty())) pattern += '\\';
    pattern += c;
  }
  return pattern;
}

std::string TomlText(std::string_view text) {
  // A literal string needs no escapes: patterns read as they are.
  const bool literal = text.find('\\') != std::string_view::npos && text.find('\'') == std::string_view::npos &&
                       std::ranges::none_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x20; });
  return literal ? fmt::format("'{}'", text) : base::JsonString(text);
}

std::string UnitIn(std::string_view text) {
  for (std::size_t open = text.rfind('('); open != std::string_view::npos;
       open = open == 0 ? std::string_view::npos : text.rfind('(', open - 1)) {
    const std::size_t close = text.find(')', open);
    if (close == std::string_view::npos) continue;
    const std::string_view inside = base::Trim(text.substr(open + 1, close - open - 1));
    if (inside.size() <= 40 && NamesUnit(inside)) return base::CollapseSpace(inside);
  }
  const std::string_view trimmed = base::Trim(text);
  if (trimmed.size() <= 20 && NamesUnit(trimmed)) return base::CollapseSpace(trimmed);
  return {};
}

}  // namespace tidemill::transform
