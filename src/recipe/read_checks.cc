// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "tidemill/base/text.h"

#include "read_sections.h"

namespace tidemill::recipe {
namespace {

std::optional<ValueCheck> ParseValueCheck(std::string_view text) {
  using Relation = ValueCheck::Relation;
  ValueCheck check;
  check.text = text;
  constexpr std::pair<std::string_view, Relation> kSigns[] = {
      {">=", Relation::kAtLeast}, {"<=", Relation::kAtMost}, {">", Relation::kAbove}, {"<", Relation::kBelow}};
  for (const auto& [sign, relation] : kSigns) {
    if (!text.starts_with(sign)) continue;
    const auto number = base::ParseDouble(base::Trim(text.substr(sign.size())));
    if (!number) return std::nullopt;
    check.relation = relation;
    const bool low = relation == Relation::kAtLeast || relation == Relation::kAbove;
    (low ? check.range.least : check.range.most) = number;
    return check;
  }
  auto range = ParseNumberRange(text);
  if (!range) return std::nullopt;
  check.relation = Relation::kRange;
  check.range = *range;
  return check;
}

void AddValueCheck(const Node& node, std::string column, Faults& faults, std::vector<ValueCheck>& out) {
  auto check = node.kind == Node::Kind::kText ? ParseValueCheck(base::Trim(node.text)) : std::nullopt;
  if (!check) {
    faults.Add("bad-range", node.place,
               fmt::format("'checks.values' is {}, expected a condition like \">= 0\" or \"0..100\"",
                           node.kind == Node::Kind::kText ? base::Quoted(node.text) : KindName(node.kind)));
    return;
  }
  check->column = std::move(column);
  out.push_back(*std::move(check));
}

void ReadValues(Section& section, ChecksSpec& checks) {
  const Entry* entry = section.Find("values");
  if (entry == nullptr) return;
  const Node& node = entry->value;
  if (node.kind == Node::Kind::kTable) {
    for (const Entry& one : node.entries) AddValueCheck(one.value, one.key, section.faults(), checks.values);
  } else if (node.kind == Node::Kind::kArray) {
    for (const Node& item : node.items) AddValueCheck(item, "", section.faults(), checks.values);
  } else {
    AddValueCheck(node, "", section.faults(), checks.values);
  }
}

void AddSum(const Node& node, Faults& faults, std::vector<SumCheck>& sums) {
  Place place = node.place;
  std::string text = node.text;
  std::string of;
  std::string over;
  std::optional<NumberRange> years;
  std::string year;
  if (node.kind == Node::Kind::kTable) {
    Section section(&node, faults, "checks.sums");
    section.Require("check");
    if (!section.Text("check", text)) return;
    place = section.Find("check")->value.place;
    section.Text("of", of);
    section.Text("over", over);
    if (section.Range("year", years)) {
      const Node& value = section.Find("year")->value;
      year = value.kind == Node::Kind::kText ? value.text : std::to_string(value.integer);
    }
    section.Finish();
  } else if (node.kind != Node::Kind::kText) {
    faults.Add("wrong-type", node.place,
               fmt::format("'checks.sums' must be texts or tables, not {}", KindName(node.kind)));
    return;
  }
  auto sum = ParseSumCheck(text);
  if (!sum) {
    faults.Add("bad-check", place, sum.error().message);
    return;
  }
  sum->of = std::move(of);
  sum->over = std::move(over);
  sum->year = std::move(year);
  sums.push_back(*std::move(sum));
}

void ReadSums(Section& section, ChecksSpec& checks) {
  const Entry* entry = section.Find("sums");
  if (entry == nullptr) return;
  if (entry->value.kind == Node::Kind::kArray) {
    for (const Node& item : entry->value.items) AddSum(item, section.faults(), checks.sums);
  } else {
    AddSum(entry->value, section.faults(), checks.sums);
  }
}

// "60 days", "12 periods": the number, if the rest is `unit`.
std::optional<int> Counted(std::string_view text, std::string_view unit) {
  const std::size_t blank = text.find(' ');
  if (blank == std::string_view::npos || text.substr(blank + 1) != unit) return std::nullopt;
  const auto number = base::ParseInt(text.substr(0, blank));
  if (!number || *number < 1 || *number > 100000) return std::nullopt;
  return static_cast<int>(*number);
}

void ReadPeriods(Section& section, ChecksSpec& checks) {
  const std::string_view start = "contiguous from ";
  if (section.Text("periods", checks.periods) && checks.periods != "contiguous" && checks.periods != "any" &&
      (!checks.periods.starts_with(start) || checks.periods.size() == start.size())) {
    section.Fault(
        "bad-value", "periods",
        fmt::format("'checks.periods' is {}, expected \"contiguous\", \"contiguous from {{year}}-01\" or \"any\"",
                    base::Quoted(checks.periods)));
  }
  if (section.Text("when_final", checks.when_final) && !Counted(checks.when_final, "periods")) {
    section.Fault(
        "bad-value", "when_final",
        fmt::format("'checks.when_final' is {}, expected one like \"12 periods\"", base::Quoted(checks.when_final)));
  }
  std::string fresh;
  if (!section.Text("fresh", fresh)) return;
  checks.fresh_days = Counted(fresh, "days");
  if (!checks.fresh_days) {
    section.Fault("bad-value", "fresh",
                  fmt::format("'checks.fresh' is {}, expected one like \"60 days\"", base::Quoted(fresh)));
  }
}

}  // namespace

ChecksSpec ReadChecks(Section section) {
  ChecksSpec checks;
  section.Range("rows", checks.rows);
  ReadPeriods(section, checks);
  ReadValues(section, checks);
  section.Flag("complete", checks.complete);
  section.Flag("future", checks.future);
  for (const auto& [key, severity] : {std::pair{"codes", &checks.codes}, std::pair{"names", &checks.names}}) {
    section.OneOf<Severity>(
        key, *severity,
        {{"fail", Severity::kFail}, {"hold", Severity::kHold}, {"warn", Severity::kWarn}, {"off", Severity::kOff}});
  }
  std::optional<double> markers;
  if (section.Number("markers", markers, 0)) checks.markers = *markers;
  ReadSums(section, checks);
  section.Finish();
  return checks;
}

}  // namespace tidemill::recipe
