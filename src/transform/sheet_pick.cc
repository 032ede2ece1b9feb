// SPDX-License-Identifier: Apache-2.0
#include "sheet_pick.h"

#include <algorithm>

#include "tidemill/base/text.h"

#include "binding_error.h"

namespace tidemill::transform {
namespace {

using recipe::Captures;
using recipe::Pattern;

struct Candidates {
  std::vector<std::string> names;
  std::vector<std::size_t> indexes;
  std::vector<std::string> excluded;
};

Candidates CandidatesOf(const std::vector<workbook::SheetEntry>& sheets, const recipe::SheetSpec& spec,
                        const Captures& bound) {
  Candidates result;
  for (std::size_t i = 0; i < sheets.size(); ++i) {
    const workbook::SheetEntry& sheet = sheets[i];
    if (sheet.type != workbook::SheetType::kWorksheet) continue;
    if (sheet.visibility != workbook::Visibility::kVisible && !spec.hidden) continue;
    const bool out = std::ranges::any_of(
        spec.not_, [&](const Pattern& pattern) { return pattern.Match(sheet.name, bound).has_value(); });
    if (out) {
      result.excluded.push_back(sheet.name);
    } else {
      result.names.push_back(sheet.name);
      result.indexes.push_back(i);
    }
  }
  return result;
}

std::string ListOf(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + base::Quoted(name);
  return text.empty() ? "none" : text;
}

std::string WithScores(const recipe::SheetSpec& spec, const std::vector<std::string>& names, const Captures& bound) {
  std::string text;
  for (const std::string& name : names) {
    double score = 0;
    for (const Pattern& pattern : spec.pick) score = std::max(score, pattern.Score(name, bound));
    text += fmt::format("{}{} ({:.2f})", text.empty() ? "" : ", ", base::Quoted(name), score);
  }
  return text.empty() ? "none" : text;
}

// The capture by whose value alone a sheet is missed: "year is 2017 in sheet 'Figures for 2017', 2018 in the link".
std::string FindConflict(const recipe::SheetSpec& spec, const std::vector<std::string>& names, const Captures& bound) {
  for (const Pattern& pattern : spec.pick) {
    if (pattern.fuzzy()) continue;
    for (const std::string& name : names) {
      const auto free = pattern.Match(name);
      if (!free) continue;
      for (const auto& [key, value] : *free) {
        const auto at = bound.find(key);
        if (at == bound.end() || at->second == value) continue;
        return fmt::format("{} is {} in sheet {}, but {} by link, text or heading", key, base::Quoted(value),
                           base::Quoted(name), base::Quoted(at->second));
      }
    }
  }
  return {};
}

std::string PatternTexts(const std::vector<Pattern>& patterns) {
  std::string text;
  for (const Pattern& pattern : patterns) text += (text.empty() ? "" : ", ") + base::Quoted(pattern.text());
  return text;
}

base::Result<PickedSheet> PickOnly(const Candidates& candidates, const std::string& place) {
  if (candidates.names.size() == 1) {
    return PickedSheet{
        .index = candidates.indexes[0], .captures = {}, .how = "the only one", .excluded = candidates.excluded};
  }
  return BindingError(candidates.names.empty() ? "sheet-missing" : "sheet-ambiguous", place,
                      "{} sheets may hold the table ({}); expected one, or sheet.pick in the recipe",
                      candidates.names.size(), ListOf(candidates.names));
}

}  // namespace

base::Result<PickedSheet> PickSheet(const std::vector<workbook::SheetEntry>& sheets, const recipe::SheetSpec& spec,
                                    const Captures& bound, const std::string& place) {
  const Candidates candidates = CandidatesOf(sheets, spec, bound);
  if (spec.pick.empty()) return PickOnly(candidates, place);
  const recipe::Choice choice = recipe::Choose(spec.pick, candidates.names, bound);
  switch (choice.kind) {
    case recipe::Choice::Kind::kOne:
      break;
    case recipe::Choice::Kind::kAmbiguous:
      return BindingError("sheet-ambiguous", place, "pattern {} hits {} ({:.2f}) and {} ({:.2f})",
                          base::Quoted(spec.pick[choice.pattern].text()),
                          base::Quoted(candidates.names[choice.candidate]), choice.score,
                          base::Quoted(candidates.names[choice.runner_up]), choice.runner_up_score);
    case recipe::Choice::Kind::kNone: {
      const std::string conflict = FindConflict(spec, candidates.names, bound);
      if (!conflict.empty()) return BindingError("capture-conflict", place, "{}", conflict);
      return BindingError("sheet-missing", place, "no sheet matches {}; candidates: {}; taken out: {}",
                          PatternTexts(spec.pick), WithScores(spec, candidates.names, bound),
                          ListOf(candidates.excluded));
    }
  }
  const std::string quality = spec.pick[choice.pattern].fuzzy() ? fmt::format("score {:.2f}", choice.score) : "exact";
  return PickedSheet{.index = candidates.indexes[choice.candidate],
                     .captures = choice.captures,
                     .how = fmt::format("pattern {} of {}, {}", choice.pattern + 1, spec.pick.size(), quality),
                     .excluded = candidates.excluded};
}

base::Result<PickedSheet> PickNamed(const std::vector<workbook::SheetEntry>& sheets, std::string_view name,
                                    const std::string& place) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < sheets.size(); ++i) {
    if (sheets[i].type != workbook::SheetType::kWorksheet) continue;
    if (sheets[i].name == name) return PickedSheet{.index = i, .captures = {}, .how = "as asked for", .excluded = {}};
    names.push_back(sheets[i].name);
  }
  return base::FailAt(base::ErrorCode::kNotFound, place, "no sheet {}; there are {}", base::Quoted(name),
                      ListOf(names));
}

base::Result<std::vector<PickedSheet>> PickSheets(const std::vector<workbook::SheetEntry>& sheets,
                                                  const recipe::SheetSpec& spec, const Captures& bound,
                                                  const std::string& place) {
  const Candidates candidates = CandidatesOf(sheets, spec, bound);
  std::vector<PickedSheet> picked;
  for (std::size_t i = 0; i < candidates.names.size(); ++i) {
    PickedSheet sheet{.index = candidates.indexes[i], .captures = {}, .how = "one of all", .excluded = {}};
    bool hit = spec.pick.empty();
    for (std::size_t p = 0; p < spec.pick.size() && !hit; ++p) {
      auto captures = spec.pick[p].Match(candidates.names[i], bound);
      if (!captures) continue;
      hit = true;
      sheet.captures = *std::move(captures);
      sheet.how = fmt::format("pattern {} of {}", p + 1, spec.pick.size());
    }
    if (hit) picked.push_back(std::move(sheet));
  }
  if (picked.empty()) {
    return BindingError("sheet-missing", place, "no sheet matches {}; candidates: {}; taken out: {}",
                        PatternTexts(spec.pick), WithScores(spec, candidates.names, bound),
                        ListOf(candidates.excluded));
  }
  picked.front().excluded = candidates.excluded;
  return picked;
}

}  // namespace tidemill::transform
