// SPDX-License-Identifier: Apache-2.0
// levels = ["upper | 'Non-residents of *'", "bold", "*"]
#include <fmt/format.h>

#include "tidemill/base/text.h"

#include "read_sections.h"

namespace tidemill::recipe {
namespace {

std::optional<int> NumberAfter(std::string_view text, std::string_view word) {
  if (!text.starts_with(word)) return std::nullopt;
  const auto number = base::ParseInt(base::Trim(text.substr(word.size())));
  if (!number || *number < 0 || *number > 250) return std::nullopt;
  return static_cast<int>(*number);
}

std::optional<LevelTest> ReadTest(std::string_view text, Place place, Faults& faults) {
  using Kind = LevelTest::Kind;
  if (text == "upper") return LevelTest{.kind = Kind::kUpper, .pattern = {}};
  if (text == "bold") return LevelTest{.kind = Kind::kBold, .pattern = {}};
  if (text == "italic") return LevelTest{.kind = Kind::kItalic, .pattern = {}};
  if (text == "*") return LevelTest{.kind = Kind::kAny, .pattern = {}};
  if (const auto n = NumberAfter(text, "indent ")) return LevelTest{.kind = Kind::kIndent, .number = *n, .pattern = {}};
  if (const auto n = NumberAfter(text, "column ")) return LevelTest{.kind = Kind::kColumn, .number = *n, .pattern = {}};
  if (text.size() >= 2 && text.front() == '\'' && text.back() == '\'') {
    auto pattern = ReadPattern(text.substr(1, text.size() - 2), place, faults);
    if (!pattern) return std::nullopt;
    return LevelTest{.kind = Kind::kPattern, .pattern = std::move(pattern)};
  }
  faults.Add("bad-value", place,
             fmt::format("level {}: expected upper, bold, italic, indent N, column N, * or a pattern in single quotes",
                         base::Quoted(text)));
  return std::nullopt;
}

// Cut at '|', but not inside of quotes.
std::vector<std::string_view> Parts(std::string_view text) {
  std::vector<std::string_view> parts;
  std::size_t start = 0;
  bool quoted = false;
  for (std::size_t i = 0; i <= text.size(); ++i) {
    if (i < text.size() && text[i] == '\'') quoted = !quoted;
    if (i < text.size() && (text[i] != '|' || quoted)) continue;
    parts.push_back(base::Trim(text.substr(start, i - start)));
    start = i + 1;
  }
  return parts;
}

}  // namespace

std::vector<Level> ReadLevels(const std::vector<std::string>& texts, Place place, Faults& faults) {
  std::vector<Level> levels;
  for (const std::string& text : texts) {
    Level level;
    for (const std::string_view part : Parts(text)) {
      if (auto test = ReadTest(part, place, faults)) level.push_back(*std::move(test));
    }
    levels.push_back(std::move(level));
  }
  if (levels.empty()) faults.Add("bad-value", place, "'levels' is empty, expected at least one level");
  return levels;
}

}  // namespace tidemill::recipe
