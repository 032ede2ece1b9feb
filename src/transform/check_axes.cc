// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>

#include "tidemill/base/text.h"

#include "checks.h"

// The periods of one table.
namespace tidemill::transform {
namespace {

using base::Period;
using recipe::ColumnSpec;

std::string AxisName(const BoundEdition& edition, const AxisCell& cell) {
  return edition.grid.A1(edition.table.header_last, *cell.cell);
}

std::string OuterText(const AxisCell& cell) {
  std::string text;
  for (const AxisValue& outer : cell.outer) text = outer.text + " " + text;
  return text;
}

std::string TextOf(const AxisCell& cell) {
  return OuterText(cell) + cell.value.text;
}

bool SameSeries(const AxisCell& a, const AxisCell& b) {
  return a.measure == b.measure && std::ranges::equal(a.outer, b.outer, {}, &AxisValue::text, &AxisValue::text);
}

// Says of a period whether it lies in the span of the column's `must`.
class Span {
 public:
  Span(const BoundEdition& edition, const ColumnSpec& spec)
      : text_(Expand(spec.must, edition.captures)), span_(base::ParsePeriod(text_)) {}
  void Check(const std::optional<Period>& period, const std::string& cell, Findings& findings) const {
    if (!span_ || !period || period->year == 0) return;
    if (base::StartOf(*period) >= base::StartOf(*span_) && base::EndOf(*period) <= base::EndOf(*span_)) return;
    findings.Fail("period-outside", cell, fmt::format("{} does not lie in {}", base::ToText(*period), text_));
  }

 private:
  std::string text_;
  std::optional<Period> span_;
};

void CheckSpans(const BoundEdition& edition, Findings& findings) {
  for (const ColumnSpec& spec : edition.spec.columns) {
    if (spec.must.empty()) continue;
    const Span span(edition, spec);
    const auto outer = std::ranges::find(edition.binding.outer, &spec);
    const auto index = static_cast<std::size_t>(outer - edition.binding.outer.begin());
    if (&spec == edition.binding.axis || outer != edition.binding.outer.end()) {
      for (const AxisCell& cell : edition.table.axis) {
        span.Check((&spec == edition.binding.axis ? cell.value : cell.outer[index]).period, AxisName(edition, cell),
                   findings);
      }
    } else if (spec.role == recipe::Role::kDimension) {
      for (const BodyRow& row : edition.body.rows) {
        span.Check(row.period, edition.grid.A1(row.row, *row.key_cell), findings);
      }
    }
  }
}

// An axis whose years stand in the rows: its periods lie in the span row by row.
void CheckSpansOfRows(const BoundEdition& edition, Findings& findings) {
  if (edition.table.axis.empty() || !edition.table.axis.front().value.needs_year()) return;
  if (edition.binding.axis->must.empty()) return;
  const Span span(edition, *edition.binding.axis);
  for (const Period& period : PublishedPeriods(edition)) span.Check(period, {}, findings);
}

void CheckRepeats(const BoundEdition& edition, Findings& findings) {
  std::set<std::pair<std::size_t, std::string>> seen;
  for (const AxisCell& cell : edition.table.axis) {
    if (seen.emplace(cell.measure, TextOf(cell)).second) continue;
    findings.Fail("period-repeated", AxisName(edition, cell), fmt::format("{} stands twice", TextOf(cell)));
  }
}

// Where the order of the periods turns more than once, two names may have been swapped, which no sum would tell.
class Order {
 public:
  void Add(const AxisCell& cell) {
    if (last_ != nullptr) {
      ascends_ |= *last_->value.period < *cell.value.period;
      if (back_ == nullptr && *cell.value.period < *last_->value.period) {
        back_ = last_;
        next_ = &cell;
      }
    }
    last_ = &cell;
  }
  void Check(const BoundEdition& edition, Findings& findings) const {
    if (back_ == nullptr || !ascends_) return;
    findings.Add(FindingSeverity::kHold, "axis-order", AxisName(edition, *back_),
                 fmt::format("{} stands before {}; the periods neither ascend nor descend", back_->value.text,
                             next_->value.text));
  }

 private:
  const AxisCell* last_ = nullptr;
  const AxisCell *back_ = nullptr, *next_ = nullptr;  // the first that stands before an earlier one
  bool ascends_ = false;
};

// Series by series; months whose years stand elsewhere begin anew as they like.
void CheckOrder(const BoundEdition& edition, Findings& findings) {
  std::map<std::pair<std::size_t, std::string>, Order> orders;
  for (const AxisCell& cell : edition.table.axis) {
    if (!cell.value.period || cell.value.needs_year()) continue;
    orders[{cell.measure, OuterText(cell)}].Add(cell);
  }
  for (const auto& [series, order] : orders) order.Check(edition, findings);
}

// A column without values may only stand behind all that have some.
void CheckHoles(const BoundEdition& edition, Findings& findings) {
  for (const AxisCell& blank : edition.table.axis) {
    if (blank.published) continue;
    const bool hole = std::ranges::any_of(edition.table.axis, [&](const AxisCell& cell) {
      return cell.published && SameSeries(cell, blank) && cell.value.period && blank.value.period &&
             *blank.value.period < *cell.value.period;
    });
    if (hole) {
      findings.Fail("hole-in-axis", AxisName(edition, blank),
                    fmt::format("{} has no values, but a later period has", TextOf(blank)));
    } else if (edition.binding.axis->empty_fails) {
      findings.Fail("period-empty", AxisName(edition, blank), fmt::format("{} has no values", TextOf(blank)));
    }
  }
}

bool IsPresent(const Body& body, std::size_t at) {
  return std::ranges::any_of(body.measures,
                             [&](const Measure& measure) { return measure.states[at] != ValueState::kAbsent; });
}

}  // namespace

std::set<Period> PublishedPeriods(const BoundEdition& edition) {
  std::set<Period> periods;
  const auto add = [&](std::size_t row, std::size_t column) {
    if (const auto period = PeriodOf(edition, row, column)) periods.insert(*period);
  };
  const Body& body = edition.body;
  if (body.rows.empty()) return periods;
  const auto& axis = edition.table.axis;
  const bool by_row = axis.empty() || axis.front().value.needs_year() || !PeriodOf(edition, 0, 0);
  for (std::size_t row = 0; row < (by_row ? body.rows.size() : 1); ++row) {
    for (std::size_t column = 0; column < body.columns; ++column) {
      if (axis.empty() || (by_row ? IsPresent(body, row * body.columns + column) : axis[column].published)) {
        add(row, column);
      }
    }
  }
  return periods;
}

void CheckAxes(const BoundEdition& edition, Findings& findings) {
  CheckRepeats(edition, findings);
  CheckSpans(edition, findings);
  CheckSpansOfRows(edition, findings);
  CheckOrder(edition, findings);
  CheckHoles(edition, findings);
}

}  // namespace tidemill::transform
