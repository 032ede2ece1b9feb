// SPDX-License-Identifier: Apache-2.0
#include "draft_time_part.h"

#include <algorithm>
#include <array>

#include "tidemill/base/text.h"

namespace tidemill::transform {
namespace {

struct Part {
  std::string_view word, part;
};
constexpr auto kParts = std::to_array<Part>({{"year", "year"},       {"yyyy", "year"},         {"jahr", "year"},
                                             {"année", "year"},      {"año", "year"},          {"ano", "year"},
                                             {"år", "year"},         {"quarter", "quarter"},   {"qtr", "quarter"},
                                             {"quartal", "quarter"}, {"trimestre", "quarter"}, {"kvartal", "quarter"},
                                             {"month", "month"},     {"mm", "month"},          {"monat", "month"},
                                             {"mois", "month"},      {"mes", "month"},         {"månad", "month"},
                                             {"maand", "month"},     {"week", "week"},         {"wk", "week"},
                                             {"woche", "week"},      {"semaine", "week"},      {"semana", "week"},
                                             {"vecka", "week"},      {"day", "day"},           {"dd", "day"},
                                             {"tag", "day"},         {"jour", "day"},          {"día", "day"},
                                             {"dag", "day"},         {"hour", "hour"},         {"stunde", "hour"},
                                             {"heure", "hour"},      {"hora", "hour"}});

struct Bounds {
  std::string_view part;
  double least, most;
};
constexpr auto kBounds = std::to_array<Bounds>(
    {{"year", 1900, 2100}, {"quarter", 1, 4}, {"month", 1, 12}, {"week", 1, 53}, {"day", 1, 31}, {"hour", 0, 24}});

bool IsPartOf(const ColumnSketch& sketch, std::string_view part) {
  const auto bounds = std::ranges::find(kBounds, part, &Bounds::part);
  return sketch.numbers == sketch.filled && sketch.whole && sketch.least >= bounds->least &&
         sketch.most <= bounds->most;
}

std::vector<std::string> WordsOf(std::string_view header) {
  std::vector<std::string> words(1);
  for (const char c : recipe::Normalise(header)) {
    const bool letter = (c >= 'a' && c <= 'z') || static_cast<unsigned char>(c) >= 0x80;
    if (letter) {
      words.back() += c;
    } else if (!words.back().empty()) {
      words.emplace_back();
    }
  }
  std::erase_if(words, [](const std::string& word) { return word.empty() || word == "no" || word == "number"; });
  return words;
}

std::string_view PartNamed(const std::vector<std::string>& words) {
  for (const std::string& word : words) {
    const auto part = std::ranges::find(kParts, word, &Part::word);
    if (part != kParts.end()) return part->part;
  }
  return {};
}

}  // namespace

std::string_view TimePartOf(const ColumnSketch& sketch) {
  const std::vector<std::string> words = WordsOf(sketch.header);
  const std::string_view part = words.size() == 1 ? PartNamed(words) : std::string_view();
  return !part.empty() && IsPartOf(sketch, part) ? part : std::string_view();
}

std::string_view TimePartNamedIn(const ColumnSketch& sketch) {
  const std::vector<std::string> words = WordsOf(sketch.header);
  const std::string_view part = PartNamed(words);
  return words.size() == 1 || (!part.empty() && IsPartOf(sketch, part)) ? part : std::string_view();
}

}  // namespace tidemill::transform
