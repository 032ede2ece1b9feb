// SPDX-License-Identifier: Apache-2.0
#include "checks.h"

#include <algorithm>
#include <cmath>

#include "tidemill/base/text.h"

#include "geo_code.h"
#include "sum_check.h"

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

void CheckRows(const BoundEdition& edition, Findings& findings) {
  const auto& range = edition.spec.checks.rows;
  const auto rows = static_cast<double>(edition.body.rows.size());
  if (!range || range->Holds(rows)) return;
  findings.Fail("rows", {},
                fmt::format("the table has {} rows, expected {}..{}", edition.body.rows.size(),
                            range->least ? base::ShortestDouble(*range->least) : "",
                            range->most ? base::ShortestDouble(*range->most) : ""));
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

void CheckValues(const BoundEdition& edition, Findings& findings) {
  for (const recipe::ValueCheck& check : edition.spec.checks.values) {
    for (std::size_t m = 0; m < edition.body.measures.size(); ++m) {
      const Measure& measure = edition.body.measures[m];
      if (!check.column.empty() && check.column != measure.spec->name) continue;
      for (std::size_t at = 0; at < measure.states.size(); ++at) {
        if (measure.states[at] != ValueState::kValue || ValueHolds(check, measure.AsDouble(at))) continue;
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

// A total column equals the row's sum over the axis; unpublished columns do not count.
void CheckTotals(const BoundEdition& edition, Findings& findings) {
  for (const BoundColumn& total : edition.binding.totals) {
    const double tolerance = base::ParseDouble(total.spec->within).value_or(0);
    for (std::size_t row = 0; row < edition.body.rows.size(); ++row) {
      const workbook::Cell* cell = edition.grid.Find(edition.body.rows[row].row, total.column);
      if (cell == nullptr || !cell->is_numeric()) continue;
      const Measure& measure = edition.body.measures[0];
      double sum = 0;
      bool unknown = false;
      for (std::size_t column = 0; column < edition.body.columns; ++column) {
        const std::size_t at = row * edition.body.columns + column;
        if (measure.states[at] == ValueState::kValue) sum += measure.AsDouble(at);
        unknown |= measure.states[at] == ValueState::kNull;
      }
      const double slack = measure.whole ? tolerance : std::max(tolerance, 1e-9 * std::abs(sum));
      if (unknown || std::abs(sum - cell->number()) <= slack) continue;
      findings.Fail("total", edition.grid.A1(edition.body.rows[row].row, *cell),
                    fmt::format("{} is not the sum of its row, {}", base::ShortestDouble(cell->number()),
                                base::ShortestDouble(sum)));
    }
  }
}

// "2015..", "..2010", "2012"
bool InYears(std::string_view range, const recipe::Captures& captures) {
  const auto year = captures.find("year");
  if (range.empty() || year == captures.end()) return true;
  const auto number = base::ParseInt(year->second);
  if (!number) return true;
  const std::size_t dots = range.find("..");
  const auto least = base::ParseInt(range.substr(0, dots));
  const auto most = dots == std::string_view::npos ? least : base::ParseInt(range.substr(dots + 2));
  return (!least || *number >= *least) && (!most || *number <= *most);
}

// Rows that differ in nothing but their area stand in one index.
std::vector<RowIndex> Slices(const Body& body) {
  std::map<std::string, std::vector<std::size_t>> members;
  for (std::size_t i = 0; i < body.rows.size(); ++i) {
    members[base::Join(body.rows[i].dimensions, "\x1F")].push_back(i);
  }
  std::vector<RowIndex> slices;
  for (auto& [dimensions, rows] : members) slices.emplace_back(body.rows, std::move(rows));
  return slices;
}

void CheckSums(const BoundEdition& edition, Findings& findings, CheckReport& report) {
  if (edition.spec.checks.sums.empty() || edition.body.rows.empty()) return;
  const std::vector<RowIndex> slices = Slices(edition.body);
  for (const recipe::SumCheck& check : edition.spec.checks.sums) {
    if (!InYears(check.year, edition.captures)) continue;
    for (std::size_t m = 0; m < edition.body.measures.size(); ++m) {
      const Measure& measure = edition.body.measures[m];
      if (!check.of.empty() && check.of != measure.spec->name) continue;
      for (const RowIndex& slice : slices) {
        const SumField field{
            .index = slice,
            .measure = measure,
            .columns = edition.body.columns,
            .statuses = edition.body.statuses,
            .period = [&](std::size_t row, std::size_t column) { return PeriodOf(edition, row, column); },
            .published =
                [&](std::size_t column) { return edition.table.axis.empty() || edition.table.axis[column].published; },
            .cell = [&](std::size_t row, std::size_t column) { return ValueCell(edition, m, row, column); }};
        SumReport one = EvaluateSum(check, field, findings);
        report.sums_checked += one.evaluated;
        std::ranges::move(one.exceptions, std::back_inserter(report.exceptions));
      }
    }
  }
}

}  // namespace

void CheckConservation(const BoundEdition& edition, Findings& findings, const Accounting& accounting) {
  const Grid& grid = edition.grid;
  long double read = 0;
  std::string first;
  for (std::size_t row = 0; row < grid.row_count(); ++row) {
    for (const workbook::Cell& cell : grid.Cells(row)) {
      if (!grid.HasContent(cell)) continue;
      const CellClass cell_class = grid.ClassOf(cell);
      if (cell_class == CellClass::kValue && cell.kind == workbook::CellKind::kNumber) read += cell.number();
      if (cell_class == CellClass::kNone && first.empty()) {
        first = grid.A1(row, cell);
      }
    }
  }
  if (accounting.unaccounted > 0) {
    findings.Fail(
        "unaccounted", first,
        fmt::format("{} cells with content are neither value nor header, label, note or text", accounting.unaccounted));
    return;
  }
  long double written = 0;
  for (const Measure& measure : edition.body.measures) {
    for (std::size_t at = 0; at < measure.states.size(); ++at) {
      if (measure.states[at] != ValueState::kValue) continue;
      written +=
          measure.whole ? static_cast<long double>(measure.ints[at]) : static_cast<long double>(measure.doubles[at]);
    }
  }
  read += edition.body.numeric_sum_of_texts - edition.body.unwritten_sum;
  if (std::abs(read - written) <= 1e-12L * (std::abs(read) + std::abs(written))) return;
  findings.Fail(
      "conservation", {},
      fmt::format("the numbers of the body sum to {}, those written to {}",
                  base::ShortestDouble(static_cast<double>(read)), base::ShortestDouble(static_cast<double>(written))));
}

base::Result<CheckReport> RunChecks(const BoundEdition& edition, Findings& findings) {
  CheckReport report;
  CheckRows(edition, findings);
  TIDEMILL_CHECK(CheckPeriods(edition, findings));
  CheckValues(edition, findings);
  report.codes_valid = CheckCodes(edition, findings);
  CheckTotals(edition, findings);
  CheckSums(edition, findings, report);
  return report;
}

}  // namespace tidemill::transform
