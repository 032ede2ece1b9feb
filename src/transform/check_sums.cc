// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "tidemill/base/text.h"
#include "tidemill/recipe/over_values.h"

#include "all_measures.h"
#include "checks.h"
#include "sum_slices.h"

// The recipe's sums over one table: recipes.md 3.10.
namespace tidemill::transform {
namespace {

using recipe::ColumnSpec;
using recipe::Role;

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

class Summing {
 public:
  Summing(const BoundEdition& edition, Findings& findings, CheckReport& report)
      : e_(edition), findings_(findings), report_(report), areas_(SlicesOfRows(edition, nullptr)) {}
  void Check(const recipe::SumCheck& check);

 private:
  void AlongRows(const recipe::SumCheck& check, const std::vector<RowIndex>& slices, std::size_t measure);
  void AlongAxis(const recipe::SumCheck& check, const ColumnSpec& over, std::size_t measure);
  void AlongMeasures(const recipe::SumCheck& check);
  void Evaluate(const recipe::SumCheck& check, const SumField& field);

  const BoundEdition& e_;
  Findings& findings_;
  CheckReport& report_;
  std::vector<RowIndex> areas_;
};

// True where the slice has a row of which the check speaks. Not every combination of the other columns has all areas.
bool Speaks(const recipe::SumCheck& check, const RowIndex& slice) {
  bool names = false;
  bool found = false;
  const auto look = [&](const std::vector<recipe::Area>& areas) {
    for (const recipe::Area& area : areas) {
      names = true;
      found |= !slice.Find(area).empty();
    }
  };
  look(check.each);
  for (const recipe::Term& term : check.left) look(term.areas);
  for (const recipe::Term& term : check.right) look(term.areas);
  return found || !names;
}

// The slices that a check is about; one where it is about none, so that what it names is found missing.
std::vector<const RowIndex*> SlicesFor(const recipe::SumCheck& check, const std::vector<RowIndex>& slices) {
  std::vector<const RowIndex*> about;
  for (const RowIndex& slice : slices) {
    if (Speaks(check, slice)) about.push_back(&slice);
  }
  if (about.empty() && !slices.empty()) about.push_back(&slices.front());
  return about;
}

void Summing::Evaluate(const recipe::SumCheck& check, const SumField& field) {
  SumReport one = EvaluateSum(check, field, findings_);
  report_.sums_checked += one.evaluated;
  if (one.evaluated > 0) report_.counts[check.text] += one.evaluated;
  std::ranges::move(one.exceptions, std::back_inserter(report_.exceptions));
}

void Summing::AlongRows(const recipe::SumCheck& check, const std::vector<RowIndex>& slices, std::size_t measure) {
  const auto published = [&](std::size_t column) {
    const auto& axis = e_.table.axis;
    return axis.empty() || (axis[column].published && axis[column].measure == measure);
  };
  for (const RowIndex* slice : SlicesFor(check, slices)) {
    Evaluate(check, {.index = *slice,
                     .measure = e_.body.measures[measure],
                     .columns = e_.body.columns,
                     .statuses = e_.body.statuses,
                     .period = [&](std::size_t row, std::size_t column) { return PeriodOf(e_, row, column); },
                     .published = published,
                     .cell = [&](std::size_t row, std::size_t column) { return ValueCell(e_, measure, row, column); }});
  }
}

void Summing::AlongAxis(const recipe::SumCheck& check, const ColumnSpec& over, std::size_t measure) {
  const std::vector<RowIndex> slices = SlicesOfAxis(e_, over, measure);
  for (const RowIndex* slice : SlicesFor(check, slices)) {
    Evaluate(check, {.index = *slice,
                     .measure = e_.body.measures[measure],
                     .columns = e_.body.rows.size(),
                     .item_step = 1,
                     .column_step = e_.body.columns,
                     .statuses = e_.body.statuses,
                     .period = [&](std::size_t item, std::size_t row) { return PeriodOf(e_, row, item); },
                     .published = [](std::size_t) { return true; },
                     .cell = [&](std::size_t item, std::size_t row) { return ValueCell(e_, measure, row, item); }});
  }
}

// Of a table without an axis: its value columns are the areas, in each of its rows.
void Summing::AlongMeasures(const recipe::SumCheck& check) {
  std::vector<std::string> names;
  std::vector<std::size_t> members;
  for (const Measure& measure : e_.body.measures) {
    members.push_back(names.size());
    names.push_back(measure.spec->name);
  }
  const Measure all = AllMeasures(e_.body);
  const RowIndex index(names, std::move(members));
  Evaluate(check, {.index = index,
                   .measure = all,
                   .columns = e_.body.rows.size(),
                   .statuses = e_.body.statuses,
                   .period = [&](std::size_t /*item*/, std::size_t row) { return PeriodOf(e_, row, 0); },
                   .published = [](std::size_t) { return true; },
                   .cell = [&](std::size_t item, std::size_t row) { return ValueCell(e_, item, row, 0); }});
}

void Summing::Check(const recipe::SumCheck& check) {
  const auto over = std::ranges::find(e_.spec.columns, check.over, &ColumnSpec::name);
  if (over == e_.spec.columns.end() && check.over == recipe::kOverValues) return AlongMeasures(check);
  const bool along_axis = !check.over.empty() && over != e_.spec.columns.end() && over->role == Role::kAxis;
  std::vector<RowIndex> by_column;
  if (!check.over.empty() && over != e_.spec.columns.end() && !along_axis) by_column = SlicesOfRows(e_, &*over);
  for (std::size_t m = 0; m < e_.body.measures.size(); ++m) {
    if (!check.of.empty() && check.of != e_.body.measures[m].spec->name) continue;
    if (along_axis) {
      AlongAxis(check, *over, m);
    } else {
      AlongRows(check, check.over.empty() ? areas_ : by_column, m);
    }
  }
}

}  // namespace

void CheckSums(const BoundEdition& edition, Findings& findings, CheckReport& report) {
  if (edition.spec.checks.sums.empty() || edition.body.rows.empty()) return;
  Summing summing(edition, findings, report);
  for (const recipe::SumCheck& check : edition.spec.checks.sums) {
    if (InYears(check.year, edition.captures)) summing.Check(check);
  }
}

}  // namespace tidemill::transform
