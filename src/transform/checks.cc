// SPDX-License-Identifier: Apache-2.0
#include "checks.h"

#include <algorithm>

#include "tidemill/base/text.h"

#include "geo_code.h"

namespace tidemill::transform {
namespace {

using recipe::Severity;

FindingSeverity ToFinding(Severity severity) {
  switch (severity) {
    case Severity::kFail:
      return FindingSeverity::kFail;
    case Severity::kHold:
      return FindingSeverity::kHold;
    case Severity::kWarn:
    case Severity::kOff:
      return FindingSeverity::kWarn;
  }
  return FindingSeverity::kFail;
}

std::string KeyCell(const BoundEdition& edition, const BodyRow& row) {
  return edition.grid.A1(row.row, *row.key_cell);
}

void CheckRows(const BoundEdition& edition, Findings& findings, CheckReport& report) {
  const auto& range = edition.spec.checks.rows;
  if (!range) return;
  const std::string wanted = fmt::format("{}..{}", range->least ? base::ShortestDouble(*range->least) : "",
                                         range->most ? base::ShortestDouble(*range->most) : "");
  ++report.counts["rows " + wanted];
  if (range->Holds(static_cast<double>(edition.body.rows.size()))) return;
  findings.Fail("rows", {}, fmt::format("the table has {} rows, expected {}", edition.body.rows.size(), wanted));
}

bool ValueHolds(const recipe::ValueCheck& check, double value) {
  using Relation = recipe::ValueCheck::Relation;
  switch (check.relation) {
    case Relation::kAbove:
      return !check.range.least || value > *check.range.least;
    case Relation::kBelow:
      return !check.range.most || value < *check.range.most;
    case Relation::kAtLeast:
    case Relation::kAtMost:
    case Relation::kRange:
      return check.range.Holds(value);
  }
  return false;
}

void CheckValues(const BoundEdition& edition, Findings& findings, CheckReport& report) {
  for (const recipe::ValueCheck& check : edition.spec.checks.values) {
    for (std::size_t m = 0; m < edition.body.measures.size(); ++m) {
      const Measure& measure = edition.body.measures[m];
      if (!check.column.empty() && check.column != measure.spec->name) continue;
      std::int64_t& values = report.counts[fmt::format("{} {}", measure.spec->name, check.text)];
      for (std::size_t at = 0; at < measure.states.size(); ++at) {
        if (measure.states[at] != ValueState::kValue) continue;
        ++values;
        if (ValueHolds(check, measure.AsDouble(at))) continue;
        findings.Fail("range", ValueCell(edition, m, at / edition.body.columns, at % edition.body.columns),
                      fmt::format("{} is not {}", base::ShortestDouble(measure.AsDouble(at)), check.text));
      }
    }
  }
}

void CheckName(const BoundEdition& edition, const BodyRow& row, const Area& area, Findings& findings) {
  const Severity severity = edition.spec.checks.names;
  if (severity == Severity::kOff || row.label.empty() || row.label == area.name || area.keys.empty()) return;
  if (std::ranges::find(area.keys, NameKey(row.label)) != area.keys.end()) return;
  findings.Add(ToFinding(severity), "name-differs", KeyCell(edition, row),
               fmt::format("{} is called {} here, {} in the register", row.code, base::Quoted(row.label),
                           base::Quoted(area.name)));
}

// "; it is valid 2009-04-01 to 2019-04-01, then E06000058"
std::string OtherStates(std::span<const Area> states) {
  if (states.empty()) return {};
  const Area& last = states.back();
  std::string text = fmt::format("; it is valid from {}", base::ToText(states.front().from));
  if (last.to) text += fmt::format(" to {}", base::ToText(*last.to));
  if (!last.successors.empty()) text += fmt::format(", then {}", last.successors);
  return text;
}

// Codes of rows against the register; those of a bad form were found while reading.
std::size_t CheckCodes(const BoundEdition& edition, Findings& findings) {
  if (!edition.binding.code) return 0;
  const recipe::ColumnSpec& spec = *edition.binding.code->spec;
  const bool gss = TargetSystem(spec) == "gss";
  std::size_t valid_rows = 0;
  for (const BodyRow& row : edition.body.rows) {
    if (gss && IsKept(row.code)) {
      const auto states = edition.geography.FindAll(row.code);
      if (!states.empty()) CheckName(edition, row, states.back(), findings);
      continue;
    }
    const auto parts = PartsOf(row.code, spec.join);
    bool valid = !gss || std::ranges::all_of(parts, IsGssCode);
    if (valid && edition.vintage) {
      for (const std::string_view part : parts) {
        const Area* area = edition.geography.Find(part, *edition.vintage);
        if (area != nullptr && parts.size() == 1) CheckName(edition, row, *area, findings);
        if (area != nullptr) continue;
        valid = false;
        if (edition.spec.checks.codes == Severity::kOff) continue;
        findings.Add(ToFinding(edition.spec.checks.codes), "code-unknown", KeyCell(edition, row),
                     fmt::format("{} {} is not in the register at {}{}", part, base::Quoted(row.label),
                                 base::ToText(*edition.vintage), OtherStates(edition.geography.FindAll(part))));
      }
    }
    if (valid) ++valid_rows;
  }
  return valid_rows;
}

}  // namespace

CheckReport RunChecks(const BoundEdition& edition, Findings& findings) {
  CheckReport report;
  CheckRows(edition, findings, report);
  CheckAxes(edition, findings);
  CheckValues(edition, findings, report);
  report.codes_valid = CheckCodes(edition, findings);
  if (edition.spec.checks.codes != Severity::kOff && edition.vintage && edition.binding.code) {
    report.counts["codes are in the register"] += static_cast<std::int64_t>(report.codes_valid);
  }
  CheckTotals(edition, findings);
  CheckSums(edition, findings, report);
  return report;
}

}  // namespace tidemill::transform
