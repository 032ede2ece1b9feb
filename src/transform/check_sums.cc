// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "tidemill/base/text.h"

#include "checks.h"
#include "sum_check.h"

// The recipe's sums over one table: recipes.md 3.10.
namespace tidemill::transform {
namespace {

using recipe::ColumnSpec;
using recipe::Role;

constexpr char kBetween = '\x1F';

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

// The text of a row in one of the columns that name it.
std::string TextIn(const BoundEdition& edition, const BodyRow& row, const ColumnSpec& spec) {
  const Binding& binding = edition.binding;
  if (spec.role == Role::kCode) return row.code;
  if (spec.role == Role::kLabel) return row.label;
  for (std::size_t i = 0; i < binding.dimensions.size(); ++i) {
    if (binding.dimensions[i].spec == &spec) return row.dimensions[i];
  }
  for (std::size_t i = 0; i < binding.derived.size(); ++i) {
    if (binding.derived[i].spec == &spec) return row.derived[i];
  }
  for (std::size_t i = 0; i < binding.groups.size(); ++i) {
    if (binding.groups[i] == &spec) return row.groups[i];
  }
  return {};
}

// What else tells a row from others, but for the column `over` (or the area, where that is null).
std::string OthersOf(const BoundEdition& edition, const BodyRow& row, const ColumnSpec* over) {
  std::string key;
  for (const ColumnSpec& spec : edition.spec.columns) {
    // A group whose rows have values is the nesting of the areas, not another dimension.
    const bool names = spec.role == Role::kDimension || (spec.role == Role::kGroup && !spec.own_values) ||
                       (over != nullptr && (spec.role == Role::kCode || spec.role == Role::kLabel));
    if (&spec != over && names) key += TextIn(edition, row, spec) + kBetween;
  }
  for (const int year : row.years) key += std::to_string(year) + kBetween;
  return key;
}

// Items that differ in nothing but what a check speaks of stand in one index.
using Groups = std::map<std::string, std::vector<std::size_t>>;

std::vector<RowIndex> SlicesOfRows(const BoundEdition& edition, const ColumnSpec* over) {
  const std::vector<BodyRow>& rows = edition.body.rows;
  Groups members;
  std::vector<std::string> texts;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    members[OthersOf(edition, rows[i], over)].push_back(i);
    if (over != nullptr) texts.push_back(TextIn(edition, rows[i], *over));
  }
  std::vector<RowIndex> slices;
  for (auto& [others, items] : members) {
    if (over == nullptr) {
      slices.emplace_back(rows, std::move(items));
    } else {
      slices.emplace_back(texts, std::move(items));
    }
  }
  return slices;
}

std::vector<RowIndex> SlicesOfAxis(const BoundEdition& edition, const ColumnSpec& over, std::size_t measure) {
  const std::vector<AxisCell>& axis = edition.table.axis;
  Groups members;
  std::vector<std::string> texts;
  for (std::size_t i = 0; i < axis.size(); ++i) {
    std::string others = &over == edition.binding.axis ? std::string() : axis[i].value.text;
    std::string text = &over == edition.binding.axis ? axis[i].value.text : std::string();
    for (std::size_t k = 0; k < axis[i].outer.size(); ++k) {
      if (edition.binding.outer[k] == &over) {
        text = axis[i].outer[k].text;
      } else {
        others += kBetween + axis[i].outer[k].text;
      }
    }
    texts.push_back(std::move(text));
    if (axis[i].measure == measure) members[others].push_back(i);
  }
  std::vector<RowIndex> slices;
  for (auto& [others, items] : members) slices.emplace_back(texts, std::move(items));
  return slices;
}

class Summing {
 public:
  Summing(const BoundEdition& edition, Findings& findings, CheckReport& report)
      : e_(edition), findings_(findings), report_(report), areas_(SlicesOfRows(edition, nullptr)) {}
  void Check(const recipe::SumCheck& check);

 private:
  void AlongRows(const recipe::SumCheck& check, const std::vector<RowIndex>& slices, std::size_t measure);
  void AlongAxis(const recipe::SumCheck& check, const ColumnSpec& over, std::size_t measure);
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

void Summing::Check(const recipe::SumCheck& check) {
  const auto over = std::ranges::find(e_.spec.columns, check.over, &ColumnSpec::name);
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
