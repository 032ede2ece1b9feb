// SPDX-License-Identifier: Apache-2.0
#include "draft_columns.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include "tidemill/base/text.h"

#include "draft_axis.h"
#include "draft_names.h"
#include "geo_code.h"

namespace tidemill::transform {
namespace {

using recipe::ColumnSpec;
using recipe::Role;
using workbook::Cell;
using workbook::CellKind;

constexpr double kMostly = 0.8;
constexpr double kMostlyNumbers = 0.5;

ColumnSpec GssSpec(bool split) {
  ColumnSpec spec;
  spec.role = Role::kCode;
  spec.system = "gss";
  if (split) spec.split = ",";
  return spec;
}

void AddNumber(double number, ColumnSketch& sketch) {
  ++sketch.numbers;
  if (number != std::floor(number)) sketch.whole = false;
  if (number < 0) sketch.negative = true;
  sketch.most = std::max(sketch.most, std::abs(number));
}

ColumnSketch SketchColumn(const TableSearch& search, const Table& table, const std::vector<std::size_t>& rows,
                          std::uint32_t column, int near_year) {
  ColumnSketch sketch{.column = column, .header = HeaderText(search, table, column)};
  std::vector<const Cell*> cells;
  std::set<std::string> texts;
  const ColumnSpec gss = GssSpec(true);
  for (const std::size_t row : rows) {
    const Cell* cell = search.grid.Find(row, column);
    if (cell == nullptr) continue;
    cells.push_back(cell);
    ++sketch.filled;
    const std::string text = search.grid.Clean(*cell, search.spec.notes).text;
    texts.insert(text);
    if (const auto number = NumberIn(search.grid, *cell)) AddNumber(*number, sketch);
    if (MayBeValue(search.grid, *cell)) ++sketch.values;
    if (cell->kind == CellKind::kString && HasThousands(text)) sketch.thousands = true;
    sketch.points.Add(search.grid, *cell, text);
    if (CleanCode(text, gss).valid) ++sketch.codes;
  }
  sketch.distinct = texts.size();
  if (auto periods = PeriodsOf(search.grid, cells, near_year)) {
    sketch.periods = periods->kind;
    sketch.parse = std::move(periods->parse);
  }
  return sketch;
}

std::string ListToml(const std::vector<std::string>& texts) {
  std::string list;
  for (const std::string& text : texts) list += (list.empty() ? "" : ", ") + TomlText(text);
  return "[" + list + "]";
}

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
  void Add(Role role, const ColumnSketch& sketch, std::string_view otherwise, std::string comment, TomlKeys keys = {});
  void AddPeriods(const ColumnSketch& sketch);
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

void RoleFinder::Add(Role role, const ColumnSketch& sketch, std::string_view otherwise, std::string comment,
                     TomlKeys keys) {
  roles_.columns.push_back({.name = ColumnNameFrom(sketch.header, otherwise, taken_),
                            .role = role,
                            .header = sketch.header,
                            .keys = std::move(keys),
                            .comment = std::move(comment)});
}

void RoleFinder::AddPeriods(const ColumnSketch& sketch) {
  TomlKeys keys = {{"axis", TomlText(ToText(*sketch.periods))}};
  if (!sketch.parse.empty()) keys.emplace_back("parse", ListToml(sketch.parse));
  Add(Role::kDimension, sketch, "period",
      fmt::format("all {} cells read as {}", sketch.filled, ToText(*sketch.periods)), std::move(keys));
  has_periods_ = true;
}

void RoleFinder::AddValue(const ColumnSketch& sketch) {
  const bool small = sketch.most <= std::numeric_limits<std::int32_t>::max();
  TomlKeys keys = {{"type", sketch.whole ? (small ? "\"int32\"" : "\"int64\"") : "\"float64\""}};
  if (const std::string unit = UnitIn(sketch.header); !unit.empty()) keys.emplace_back("unit", TomlText(unit));
  if (sketch.thousands) keys.emplace_back("thousands", "\",\"");
  if (auto question = sketch.points.Question(Called(sketch))) roles_.open.push_back(*std::move(question));
  Add(Role::kValue, sketch, "value", fmt::format("{} numbers in {} cells", sketch.numbers, sketch.filled),
      std::move(keys));
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
                                                   sketch.filled, Called(sketch))});
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
    Add(Role::kTotal, sketch, "total", "equals the sum over the axis in every row");
  } else {
    Add(Role::kIgnore, sketch, "beside", "numbers beside the axis that are not its sum");
    roles_.open.push_back(
        fmt::format("{} holds {} numbers beside the axis that are not its sum; the draft leaves them out",
                    Called(sketch), sketch.numbers));
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
         .comment = comment});
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
    Add(Role::kDimension, *sketch, "dimension", fmt::format("{} different texts", sketch->distinct),
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
    } else if (std::ranges::find(body_.value_columns, sketch.column) != body_.value_columns.end()) {
      AddValue(sketch);
    } else {
      texts.push_back(&sketch);
    }
  }
  for (const ColumnSketch* sketch : texts) {
    const bool label = !has_label_ && (texts.size() == 1 || has_code_);
    Add(label ? Role::kLabel : Role::kDimension, *sketch, "dimension",
        fmt::format("{} different texts in {} cells", sketch->distinct, sketch->filled));
    has_label_ |= label;
    if (label) roles_.label_columns.push_back(sketch->column);
  }
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
        Add(Role::kIgnore, *sketch, "beside", fmt::format("{} texts right of the axis", sketch->filled));
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

namespace {

bool InTable(const TableSearch& search, const Table& table, const Cell& cell) {
  return search.grid.HasContent(cell) && cell.column >= table.first_column && cell.column <= table.last_column;
}

// Columns that hold a number under a header, where no axis says which hold values.
std::vector<std::uint32_t> NumericColumns(const TableSearch& search, const Table& table) {
  std::set<std::uint32_t> columns;
  for (std::size_t row = table.body_first; row < table.body_end; ++row) {
    for (const Cell& cell : search.grid.Cells(row)) {
      if (!InTable(search, table, cell) || !NumberIn(search.grid, cell)) continue;
      if (search.grid.Find(table.header_last, cell.column) != nullptr) columns.insert(cell.column);
    }
  }
  return {columns.begin(), columns.end()};
}

void SplitRows(const TableSearch& search, const Table& table, DraftBody& body) {
  body.rows.clear();
  body.label_rows.clear();
  for (std::size_t row = table.body_first; row < table.body_end; ++row) {
    if (search.grid.FirstOf(row) == nullptr) continue;
    const bool values = std::ranges::any_of(
        body.value_columns, [&](std::uint32_t column) { return search.grid.Find(row, column) != nullptr; });
    (values ? body.rows : body.label_rows).push_back(row);
  }
}

bool LooksLikeValues(const ColumnSketch& sketch) {
  return sketch.numbers > 0 && sketch.Share(sketch.values) >= kMostlyNumbers && !sketch.periods &&
         sketch.Share(sketch.codes) < kMostly;
}

}  // namespace

DraftBody SketchBody(const TableSearch& search, const Table& table, int near_year) {
  DraftBody body;
  std::set<std::uint32_t> columns;
  for (std::size_t row = table.body_first; row < table.body_end; ++row) {
    for (const Cell& cell : search.grid.Cells(row)) {
      if (InTable(search, table, cell)) columns.insert(cell.column);
    }
  }
  for (const AxisCell& cell : table.axis) {
    columns.erase(cell.column);
    body.value_columns.push_back(cell.column);
  }
  if (table.axis.empty()) body.value_columns = NumericColumns(search, table);
  SplitRows(search, table, body);
  for (const std::uint32_t column : columns) {
    ColumnSketch sketch = SketchColumn(search, table, body.rows, column, near_year);
    if (table.axis.empty() && !LooksLikeValues(sketch)) std::erase(body.value_columns, column);
    if (sketch.filled > 0) body.columns.push_back(std::move(sketch));
  }
  if (table.axis.empty()) SplitRows(search, table, body);
  return body;
}

DraftRoles FindRoles(const TableSearch& search, const Table& table, const DraftBody& body,
                     std::set<std::string>& taken) {
  return RoleFinder(search, table, body, taken).Find();
}

}  // namespace tidemill::transform
