// SPDX-License-Identifier: Apache-2.0
#include "draft_roles.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "tidemill/base/text.h"

#include "draft_names.h"
#include "draft_time_part.h"

namespace tidemill::transform {
namespace {

using recipe::Role;
using workbook::Cell;

std::string ListToml(const std::vector<std::string>& texts) {
  std::string list;
  for (const std::string& text : texts) list += (list.empty() ? "" : ", ") + TomlText(text);
  return "[" + list + "]";
}

// What speaks for a role, how surely, and for which other.
struct Why {
  std::string reason;
  double confidence = 1;
  std::string runner_up;
};

// Finds roles from the left to the right.
class RoleFinder {
 public:
  RoleFinder(const TableSearch& search, const Table& table, const DraftBody& body, std::set<std::string>& taken)
      : search_(search), table_(table), body_(body), taken_(taken) {}
  DraftRoles Find();

 private:
  std::vector<const ColumnSketch*> Beside(bool left) const;
  bool TakeCode(const ColumnSketch& sketch);
  void TakeStub(std::vector<const ColumnSketch*> stub);
  void TakeTexts(const std::vector<const ColumnSketch*>& texts);
  void TakeNumbersBeside(const ColumnSketch& sketch);
  void TakeByHeader();
  bool OneFilledInARow(const std::vector<const ColumnSketch*>& columns) const;
  bool EqualsAxisSum(const ColumnSketch& sketch) const;
  void Add(Role role, const ColumnSketch& sketch, std::string_view otherwise, Why why, TomlKeys keys = {});
  void AddPeriods(const ColumnSketch& sketch);
  void AddTimePart(const ColumnSketch& sketch);
  void TieToYear();
  void AddValue(const ColumnSketch& sketch);
  std::string Called(const ColumnSketch& sketch) const {
    return fmt::format("column {} {}", workbook::ColumnName(sketch.column),
                       sketch.header.empty() ? std::string("(no header)") : base::Quoted(sketch.header));
  }

  const TableSearch& search_;
  const Table& table_;
  const DraftBody& body_;
  std::set<std::string>& taken_;
  DraftRoles roles_;
  std::vector<std::pair<std::string, std::string_view>> parts_of_year_;  // columns, each a month or a week
  bool has_code_ = false, has_label_ = false, has_periods_ = false;
};

std::vector<const ColumnSketch*> RoleFinder::Beside(bool left) const {
  std::vector<const ColumnSketch*> columns;
  for (const ColumnSketch& sketch : body_.columns) {
    if (left ? sketch.column < table_.axis.front().column : sketch.column > table_.axis.back().column) {
      columns.push_back(&sketch);
    }
  }
  return columns;
}

void RoleFinder::Add(Role role, const ColumnSketch& sketch, std::string_view otherwise, Why why, TomlKeys keys) {
  roles_.columns.push_back({.name = ColumnNameFrom(sketch.header, otherwise, taken_),
                            .role = role,
                            .header = sketch.header,
                            .keys = std::move(keys),
                            .comment = std::move(why.reason),
                            .place = "column " + workbook::ColumnName(sketch.column),
                            .confidence = why.confidence,
                            .runner_up = std::move(why.runner_up)});
}

void RoleFinder::AddPeriods(const ColumnSketch& sketch) {
  TomlKeys keys = {{"axis", TomlText(ToText(*sketch.periods))}};
  if (!sketch.parse.empty()) keys.emplace_back("parse", ListToml(sketch.parse));
  const bool numbers = sketch.numbers > 0;
  Add(Role::kDimension, sketch, "period",
      {.reason = fmt::format("all {} cells read as {}", sketch.filled, ToText(*sketch.periods)),
       .confidence = numbers ? 0.90 : 0.95,
       .runner_up = numbers ? "value" : "dimension of texts"},
      std::move(keys));
  has_periods_ = true;
}

void RoleFinder::AddTimePart(const ColumnSketch& sketch) {
  Add(Role::kDimension, sketch, "dimension",
      {.reason = fmt::format("whole numbers {} to {}, as its header says a {}", sketch.least, sketch.most,
                             TimePartOf(sketch)),
       .confidence = 0.90,
       .runner_up = "value"});
  if (const std::string_view part = TimePartOf(sketch); part == "month" || part == "week") {
    parts_of_year_.emplace_back(roles_.columns.back().name, part);
  }
}

// A month or week beside a column of years is a period.
void RoleFinder::TieToYear() {
  const auto year = std::ranges::find_if(roles_.columns, [](const PlanColumn& column) {
    return std::ranges::find(column.keys, std::pair<std::string, std::string>("axis", "\"year\"")) != column.keys.end();
  });
  if (year == roles_.columns.end()) return;
  const std::string year_name = year->name;
  for (const auto& [name, part] : parts_of_year_) {
    PlanColumn& column = *std::ranges::find(roles_.columns, name, &PlanColumn::name);
    column.Set("axis", TomlText(part));
    if (part == "month") column.Set("parse", "[\"%m\"]");
    column.Set("year", TomlText(year_name));
  }
}

// Numbers, and texts short enough to be markers.
Why WhyValue(const ColumnSketch& sketch) {
  const double confidence = 0.97 * sketch.Share(sketch.values);
  Why why{.reason = fmt::format("{} numbers in {} cells", sketch.numbers, sketch.filled),
          .confidence = sketch.Share(sketch.numbers) < kMostlyNumbers ? std::min(confidence, 0.75) : confidence,
          .runner_up = "dimension"};
  if (const std::string_view part = TimePartNamedIn(sketch); !part.empty()) {
    why.reason += fmt::format(", but the header names a {}", part);
    why.confidence = std::min(why.confidence, 0.60);
  }
  return why;
}

void RoleFinder::AddValue(const ColumnSketch& sketch) {
  const bool small = sketch.most <= std::numeric_limits<std::int32_t>::max();
  TomlKeys keys = {{"type", sketch.whole ? (small ? "\"int32\"" : "\"int64\"") : "\"float64\""}};
  if (const std::string unit = UnitIn(sketch.header); !unit.empty()) keys.emplace_back("unit", TomlText(unit));
  if (sketch.thousands) keys.emplace_back("thousands", "\",\"");
  if (auto question = sketch.points.Question(Called(sketch))) roles_.open.push_back(*std::move(question));
  Add(Role::kValue, sketch, "value", WhyValue(sketch), std::move(keys));
}

// A code column is found by its codes; of two the first is taken.
bool RoleFinder::TakeCode(const ColumnSketch& sketch) {
  if (has_code_ || sketch.Share(sketch.codes) < kMostly) return false;
  TomlKeys keys = {{"system", "\"gss\""}};
  for (const std::size_t row : body_.rows) {
    const Cell* cell = search_.grid.Find(row, sketch.column);
    if (cell == nullptr || search_.grid.Clean(*cell, search_.spec.notes).text.find(',') == std::string::npos) continue;
    keys.emplace_back("split", "\",\"");
    break;
  }
  roles_.columns.push_back({.name = ColumnNameFrom("geo_code", "geo_code", taken_),
                            .role = Role::kCode,
                            .header = {},
                            .keys = std::move(keys),
                            .comment = fmt::format("{} of {} cells of {} have the form of a GSS code", sketch.codes,
                                                   sketch.filled, Called(sketch)),
                            .place = "column " + workbook::ColumnName(sketch.column),
                            .confidence = 0.75 + 0.24 * sketch.Share(sketch.codes),
                            .runner_up = "label"});
  has_code_ = true;
  return true;
}

bool RoleFinder::OneFilledInARow(const std::vector<const ColumnSketch*>& columns) const {
  return std::ranges::all_of(body_.rows, [&](std::size_t row) {
    return std::ranges::count_if(columns, [&](const ColumnSketch* sketch) {
             return search_.grid.Find(row, sketch->column) != nullptr;
           }) <= 1;
  });
}

bool RoleFinder::EqualsAxisSum(const ColumnSketch& sketch) const {
  std::size_t tested = 0;
  for (const std::size_t row : body_.rows) {
    const Cell* total = search_.grid.Find(row, sketch.column);
    const auto whole_of_row = total == nullptr ? std::nullopt : NumberIn(search_.grid, *total);
    if (!whole_of_row) continue;
    double sum = 0;
    bool whole = true;
    for (const AxisCell& axis : table_.axis) {
      const Cell* cell = search_.grid.Find(row, axis.column);
      const auto number = cell == nullptr ? std::nullopt : NumberIn(search_.grid, *cell);
      if (!number) {
        whole = false;
        break;
      }
      sum += *number;
    }
    if (!whole) continue;
    ++tested;
    if (std::abs(sum - *whole_of_row) > 1e-9 * std::max(1.0, std::abs(sum))) return false;
  }
  return tested > 0;
}

// Numbers beside the axis: the row's total, or something that only a person can name.
void RoleFinder::TakeNumbersBeside(const ColumnSketch& sketch) {
  if (sketch.header.empty()) {
    roles_.open.push_back(fmt::format("{} holds {} numbers beside the axis and has no header to find it by",
                                      Called(sketch), sketch.numbers));
  } else if (EqualsAxisSum(sketch)) {
    Add(Role::kTotal, sketch, "total",
        {.reason = "equals the sum over the axis in every row", .confidence = 0.95, .runner_up = "value"});
  } else {
    Add(Role::kIgnore, sketch, "beside",
        {.reason = fmt::format("{} holds {} numbers beside the axis that are not its sum; the draft leaves them out",
                               Called(sketch), sketch.numbers),
         .confidence = 0.50,
         .runner_up = "value"});
  }
}

// Texts left of the axis: one label, a label over several columns, or dimensions.
void RoleFinder::TakeTexts(const std::vector<const ColumnSketch*>& texts) {
  if (texts.empty()) return;
  if (texts.size() == 1 || OneFilledInARow(texts)) {
    const std::string comment = texts.size() == 1
                                    ? fmt::format("{}", Called(*texts[0]))
                                    : fmt::format("{} columns of which one is filled in a row", texts.size());
    roles_.columns.push_back(
        {.name = ColumnNameFrom(texts[0]->header.size() <= 24 ? texts[0]->header : "", "label", taken_),
         .role = Role::kLabel,
         .header = {},
         .keys = {},
         .comment = comment,
         .place = "column " + workbook::ColumnName(texts[0]->column),
         .confidence = texts.size() == 1 ? 0.95 : 0.90,
         .runner_up = "dimension"});
    has_label_ = true;
    for (const ColumnSketch* sketch : texts) roles_.label_columns.push_back(sketch->column);
    return;
  }
  for (const ColumnSketch* sketch : texts) {
    if (sketch->header.empty()) {
      roles_.open.push_back(
          fmt::format("{} holds texts beside those of other columns and has no header to find it by", Called(*sketch)));
      continue;
    }
    const bool sparse = sketch->filled * 2 < body_.rows.size();
    Add(Role::kDimension, *sketch, "dimension",
        {.reason = fmt::format("{} different texts", sketch->distinct), .confidence = 0.85, .runner_up = "label"},
        sparse ? TomlKeys{{"fill", "\"down\""}} : TomlKeys{});
  }
}

void RoleFinder::TakeStub(std::vector<const ColumnSketch*> stub) {
  std::erase_if(stub, [&](const ColumnSketch* sketch) { return TakeCode(*sketch); });
  std::vector<const ColumnSketch*> texts;
  for (const ColumnSketch* sketch : stub) {
    const bool period_column =
        sketch->periods && table_.axis.front().value.period == std::nullopt && !sketch->header.empty();
    if (period_column && !has_periods_) {
      AddPeriods(*sketch);
    } else if (!TimePartOf(*sketch).empty()) {
      AddTimePart(*sketch);
    } else if (sketch->Share(sketch->numbers) >= kMostlyNumbers) {
      TakeNumbersBeside(*sketch);
    } else {
      texts.push_back(sketch);
    }
  }
  TakeTexts(texts);
}

void RoleFinder::TakeByHeader() {
  std::vector<const ColumnSketch*> texts;
  for (const ColumnSketch& sketch : body_.columns) {
    if (TakeCode(sketch)) continue;
    if (sketch.header.empty()) {
      roles_.open.push_back(
          fmt::format("{} is filled in {} rows and has no header to find it by", Called(sketch), sketch.filled));
    } else if (sketch.periods && !has_periods_) {
      AddPeriods(sketch);
    } else if (!TimePartOf(sketch).empty()) {
      AddTimePart(sketch);
    } else if (std::ranges::find(body_.value_columns, sketch.column) != body_.value_columns.end()) {
      AddValue(sketch);
    } else {
      texts.push_back(&sketch);
    }
  }
  for (const ColumnSketch* sketch : texts) {
    const bool label = !has_label_ && (texts.size() == 1 || has_code_);
    Add(label ? Role::kLabel : Role::kDimension, *sketch, "dimension",
        {.reason = fmt::format("{} different texts in {} cells", sketch->distinct, sketch->filled),
         .confidence = label ? 0.90 : 0.85,
         .runner_up = label ? "dimension" : "label"});
    has_label_ |= label;
    if (label) roles_.label_columns.push_back(sketch->column);
  }
  TieToYear();
}

DraftRoles RoleFinder::Find() {
  if (table_.axis.empty()) {
    TakeByHeader();
  } else {
    TakeStub(Beside(true));
    for (const ColumnSketch* sketch : Beside(false)) {
      if (sketch->Share(sketch->numbers) >= kMostlyNumbers) {
        TakeNumbersBeside(*sketch);
      } else if (!sketch->header.empty()) {
        Add(Role::kIgnore, *sketch, "beside",
            {.reason = fmt::format("{} texts right of the axis", sketch->filled),
             .confidence = 0.85,
             .runner_up = "note"});
      } else {
        roles_.open.push_back(
            fmt::format("{} holds texts right of the axis and has no header to find it by", Called(*sketch)));
      }
    }
  }
  const bool keyed = std::ranges::any_of(roles_.columns, [](const PlanColumn& column) {
    return column.role == Role::kCode || column.role == Role::kLabel || column.role == Role::kDimension;
  });
  if (!keyed)
    roles_.open.emplace_back("no column tells the rows apart: there are values, but neither labels nor codes");
  return std::move(roles_);
}

}  // namespace

DraftRoles FindRoles(const TableSearch& search, const Table& table, const DraftBody& body,
                     std::set<std::string>& taken) {
  return RoleFinder(search, table, body, taken).Find();
}

}  // namespace tidemill::transform
