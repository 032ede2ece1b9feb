// SPDX-License-Identifier: Apache-2.0
#include "when.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "tidemill/base/date.h"
#include "tidemill/base/text.h"

#include "read_sections.h"

namespace tidemill::recipe {
namespace {

using base::Quoted;

constexpr std::array<std::string_view, 9> kSections = {"facts",   "sheet", "table",  "columns",  "codes",
                                                       "markers", "notes", "checks", "revisions"};
constexpr std::array<std::string_view, 12> kFixed = {"recipe",  "name",  "title",  "publisher", "licence", "contact",
                                                     "quality", "usage", "source", "output",    "when",    "url"};

template <std::size_t N>
bool In(const std::array<std::string_view, N>& list, std::string_view text) {
  return std::find(list.begin(), list.end(), text) != list.end();
}

// "2015-01-01..", dates at both ends or one.
bool ReadDates(std::string_view text, Condition& condition) {
  const std::size_t dots = text.find("..");
  if (dots == std::string_view::npos) return false;
  const std::string_view from = text.substr(0, dots);
  const std::string_view to = text.substr(dots + 2);
  if ((!from.empty() && !base::ParseDate(from)) || (!to.empty() && !base::ParseDate(to))) return false;
  condition.from_date = from;
  condition.to_date = to;
  return !from.empty() || !to.empty();
}

bool ReadsAsNumbers(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return (c >= '0' && c <= '9') || c == '.' || c == '-'; });
}

std::optional<Condition> ReadCondition(const Entry& entry, Faults& faults) {
  Condition condition{
      .name = entry.key, .range = {}, .from_date = {}, .to_date = {}, .patterns = {}, .place = entry.place};
  const Node& value = entry.value;
  if (value.kind == Node::Kind::kInteger) {
    condition.range = NumberRange{.least = value.number, .most = value.number};
    return condition;
  }
  if (value.kind != Node::Kind::kText) {
    faults.Add("wrong-type", value.place,
               fmt::format("condition '{}' must be a text or a whole number, not {}", entry.key, KindName(value.kind)));
    return std::nullopt;
  }
  if (ReadDates(value.text, condition)) return condition;
  if (!value.text.empty() && ReadsAsNumbers(value.text)) {
    auto range = ParseNumberRange(value.text);
    if (!range) {
      faults.Add("bad-range", value.place, fmt::format("condition '{}': {}", entry.key, range.error().message));
      return std::nullopt;
    }
    condition.range = *range;
    return condition;
  }
  for (const std::string_view part : base::Split(value.text, '|')) {
    auto pattern = ReadPattern(base::Trim(part), value.place, faults);
    if (!pattern) return std::nullopt;
    condition.patterns.push_back(*std::move(pattern));
  }
  return condition;
}

When ReadWhen(const Node& node, Faults& faults) {
  When when;
  when.sections.kind = Node::Kind::kTable;
  when.sections.place = node.place;
  for (const Entry& entry : node.entries) {
    const bool text = entry.value.kind == Node::Kind::kText;  // "sheet" is a condition too: the sheet's name
    if (In(kSections, entry.key) && !(text && entry.key == "sheet")) {
      when.sections.entries.push_back(entry);
    } else if (In(kFixed, entry.key)) {
      faults.Add("unknown-key", entry.place, fmt::format("'{}' cannot be changed by a [[when]]", entry.key));
    } else if (entry.value.kind == Node::Kind::kTable) {
      faults.Add("unknown-key", entry.place,
                 fmt::format("{} is no section that a [[when]] may change{}", Quoted(entry.key),
                             base::DidYouMean(entry.key, kSections)));
    } else if (auto condition = ReadCondition(entry, faults)) {
      when.conditions.push_back(*std::move(condition));
    }
  }
  const bool tried = std::any_of(node.entries.begin(), node.entries.end(),
                                 [](const Entry& entry) { return entry.value.kind != Node::Kind::kTable; });
  if (!tried) faults.Add("missing-key", node.place, "a [[when]] needs a condition such as year = \"2015..\"");
  return when;
}

bool ConditionHolds(const Condition& condition, const Captures& captures) {
  const auto found = captures.find(condition.name);
  if (found == captures.end()) return false;
  const std::string& value = found->second;
  if (condition.range) {
    const auto number = base::ParseDouble(value);
    return number && condition.range->Holds(*number);
  }
  if (!condition.from_date.empty() || !condition.to_date.empty()) {
    return base::ParseDate(value) && (condition.from_date.empty() || value >= condition.from_date) &&
           (condition.to_date.empty() || value <= condition.to_date);
  }
  return std::any_of(condition.patterns.begin(), condition.patterns.end(),
                     [&](const Pattern& pattern) { return pattern.Match(value).has_value(); });
}

bool Apart(const NumberRange& a, const NumberRange& b) {
  return (a.least && b.most && *a.least > *b.most) || (a.most && b.least && *a.most < *b.least);
}

// The capture that `source.only` speaks of: the first that names an edition.
std::string EditionCapture(const SourceSpec& source) {
  if (!source.edition.empty()) return source.edition.front();
  for (const Pattern& pattern : source.link) {
    for (const std::string& name : pattern.captures()) {
      if (name != "file" && name != "ext" && name != "version") return name;
    }
  }
  return "";
}

}  // namespace

std::vector<When> ReadWhens(const Entry* when, Faults& faults) {
  std::vector<When> whens;
  if (when == nullptr) return whens;
  if (when->value.kind != Node::Kind::kArray) {
    faults.Add("wrong-type", when->place,
               fmt::format("'when' must be a list of tables ([[when]]), not {}", KindName(when->value.kind)));
    return whens;
  }
  for (const Node& item : when->value.items) {
    if (item.kind != Node::Kind::kTable) {
      faults.Add("wrong-type", item.place, fmt::format("'when' must hold tables, not {}", KindName(item.kind)));
    } else {
      whens.push_back(ReadWhen(item, faults));
    }
  }
  return whens;
}

bool Holds(const When& when, const Captures& captures) {
  return std::all_of(when.conditions.begin(), when.conditions.end(),
                     [&](const Condition& condition) { return ConditionHolds(condition, captures); });
}

void CheckReachable(const std::vector<When>& whens, const Spec& base, Faults& faults) {
  std::vector<std::string> names = CapturedNames(base);
  names.emplace_back("released");
  const std::string edition = EditionCapture(base.source);
  for (const When& when : whens) {
    for (const Condition& condition : when.conditions) {
      if (std::find(names.begin(), names.end(), condition.name) == names.end()) {
        faults.Add("when-unreachable", condition.place,
                   fmt::format("no pattern captures {}, so the block never holds{}", Quoted(condition.name),
                               base::DidYouMean(condition.name, names)));
      } else if (condition.name == edition && condition.range && base.source.only &&
                 Apart(*condition.range, *base.source.only)) {
        faults.Add("when-unreachable", condition.place,
                   fmt::format("'{}' lies outside of 'source.only', so the block never holds", condition.name));
      }
    }
  }
}

}  // namespace tidemill::recipe
