// SPDX-License-Identifier: Apache-2.0
#include "picture.h"

#include <algorithm>
#include <unordered_map>

#include "tidemill/base/text.h"

#include "lock.h"

namespace tidemill::transform {
namespace {

using workbook::Cell;

constexpr std::size_t kLongestText = 500;  // bytes of a cell's text that are kept

std::uint64_t KeyOf(std::uint32_t row, std::uint32_t column) {
  return (std::uint64_t{row} << 32U) | column;
}

// What cells became, by row of the sheet and column.
using Became = std::unordered_map<std::uint64_t, std::string>;

std::string Cut(std::string text) {
  if (text.size() <= kLongestText) return text;
  std::size_t end = kLongestText;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  text.resize(end);
  return text + "…";
}

std::vector<PictureCell> CellsOf(const Grid& grid, const Became& became) {
  std::vector<PictureCell> cells;
  for (std::size_t row = 0; row < grid.row_count(); ++row) {
    const std::uint32_t number = grid.RowNumber(row);
    for (const Cell& cell : grid.Cells(row)) {
      if (!grid.HasContent(cell)) continue;
      const auto at = became.find(KeyOf(number, cell.column));
      cells.push_back({.row = number,
                       .column = cell.column,
                       .cell_class = grid.ClassOf(cell),
                       .text = Cut(grid.sheet().DisplayText(cell)),
                       .became = at == became.end() ? std::string() : at->second});
    }
  }
  return cells;
}

std::string ValueText(const Body& body, const Measure& measure, std::size_t at) {
  std::string text = "null";
  if (measure.states[at] == ValueState::kValue) {
    const bool is_integer = measure.whole && measure.unit == 1;
    text = is_integer ? std::to_string(measure.ints[at]) : base::ShortestDouble(measure.AsDouble(at));
  }
  if (measure.status[at] >= 0) text += ", " + body.statuses[static_cast<std::size_t>(measure.status[at])];
  return text;
}

std::string RowKey(const BodyRow& row) {
  std::vector<std::string> parts;
  if (!row.code.empty()) parts.push_back(row.code);
  if (!row.label.empty()) parts.push_back(row.label);
  for (const auto* texts : {&row.dimensions, &row.derived, &row.groups}) {
    parts.insert(parts.end(), texts->begin(), texts->end());
  }
  return base::Join(parts, ", ");
}

// Fills in what each part of a bound table became.
class Drawer {
 public:
  explicit Drawer(const BoundEdition& edition) : edition_(edition) {}
  Picture Draw();

 private:
  void NameColumns();
  void DrawRows();
  void DrawValues();
  void DrawAxis();
  void DrawNotes();
  std::uint32_t ColumnOf(std::size_t measure, std::size_t column) const {
    const Table& table = edition_.table;
    return table.axis.empty() ? edition_.binding.values[measure].column : table.axis[column].column;
  }

  const BoundEdition& edition_;
  Picture picture_;
  Became became_;
};

void Drawer::NameColumns() {
  const Binding& binding = edition_.binding;
  if (binding.code && binding.code->column) picture_.column_names[*binding.code->column] = binding.code->spec->name;
  for (const std::uint32_t column : binding.label_columns) picture_.column_names[column] = binding.label->name;
  for (const auto* columns : {&binding.dimensions, &binding.ignored, &binding.totals, &binding.values}) {
    for (const BoundColumn& column : *columns) picture_.column_names[column.column] = column.spec->name;
  }
  for (const FlagColumn& flag : binding.flags) picture_.column_names[flag.column] = flag.spec->name;
  for (const AxisCell& cell : edition_.table.axis) {
    if (cell.measure < edition_.body.measures.size()) {
      picture_.column_names[cell.column] = edition_.body.measures[cell.measure].spec->name;
    }
    std::string key = cell.value.text;
    for (const AxisValue& outer : cell.outer) key += ", " + outer.text;
    picture_.column_keys[cell.column] = std::move(key);
  }
}

void Drawer::DrawRows() {
  for (const BodyRow& row : edition_.body.rows) {
    const std::uint32_t number = edition_.grid.RowNumber(row.row);
    picture_.row_keys[number] = RowKey(row);
    const auto& code = edition_.binding.code;
    if (code && code->column) became_[KeyOf(number, *code->column)] = row.code;
    if (row.label_cell != nullptr) became_[KeyOf(number, row.label_cell->column)] = row.label;
    for (std::size_t i = 0; i < row.dimensions.size() && i < edition_.binding.dimensions.size(); ++i) {
      became_[KeyOf(number, edition_.binding.dimensions[i].column)] = row.dimensions[i];
    }
  }
}

void Drawer::DrawValues() {
  const Body& body = edition_.body;
  for (std::size_t m = 0; m < body.measures.size(); ++m) {
    for (std::size_t at = 0; at < body.measures[m].states.size(); ++at) {
      if (body.measures[m].states[at] == ValueState::kAbsent) continue;
      const std::uint32_t row = edition_.grid.RowNumber(body.rows[at / body.columns].row);
      became_[KeyOf(row, ColumnOf(m, at % body.columns))] = ValueText(body, body.measures[m], at);
    }
  }
}

void Drawer::DrawAxis() {
  const std::uint32_t row = edition_.grid.RowNumber(edition_.table.header_last);
  for (const AxisCell& cell : edition_.table.axis) became_[KeyOf(row, cell.column)] = cell.value.text;
}

void Drawer::DrawNotes() {
  for (std::size_t row = 0; row < edition_.grid.row_count(); ++row) {
    for (const Cell& cell : edition_.grid.Cells(row)) {
      if (edition_.grid.ClassOf(cell) != CellClass::kNote) continue;
      const std::string name = edition_.grid.A1(row, cell);
      const auto note = std::ranges::find_if(edition_.notes.notes(), [&](const Note& one) {
        return one.cell == name && one.sheet == edition_.grid.sheet().name;
      });
      if (note == edition_.notes.notes().end()) continue;
      became_[KeyOf(edition_.grid.RowNumber(row), cell.column)] =
          fmt::format("note {}, {} cells refer to it", note->number, note->touched.size());
    }
  }
}

Picture Drawer::Draw() {
  NameColumns();
  DrawRows();
  DrawValues();
  DrawAxis();
  DrawNotes();
  const Table& table = edition_.table;
  picture_.sheet = edition_.grid.sheet().name;
  picture_.bound = true;
  picture_.cells = CellsOf(edition_.grid, became_);
  picture_.header = HeaderRange(edition_.grid, table);
  if (table.body_end > table.body_first) picture_.body = BodyRange(edition_);
  return std::move(picture_);
}

}  // namespace

Picture Draw(const BoundEdition& edition) {
  return Drawer(edition).Draw();
}

void AddTable(Picture& picture, Picture table) {
  for (std::size_t i = 0; i < picture.cells.size() && i < table.cells.size(); ++i) {
    picture.cells[i].cell_class = table.cells[i].cell_class;
    if (!table.cells[i].became.empty()) picture.cells[i].became = std::move(table.cells[i].became);
  }
  picture.row_keys.merge(table.row_keys);
  picture.column_names.merge(table.column_names);
  picture.column_keys.merge(table.column_keys);
}

Picture DrawUnbound(const Grid& grid, std::optional<workbook::Range> header) {
  Picture picture;
  picture.sheet = grid.sheet().name;
  picture.header = header;
  picture.cells = CellsOf(grid, {});
  return picture;
}

workbook::Range HeaderRange(const Grid& grid, const Table& table) {
  workbook::Range range{grid.RowNumber(table.header_first), table.last_column, grid.RowNumber(table.header_last),
                        table.first_column};
  for (std::size_t row = table.header_first; row <= table.header_last; ++row) {
    for (const Cell& cell : grid.Cells(row)) {
      if (!grid.HasContent(cell) || cell.column < table.first_column || cell.column > table.last_column) continue;
      range.first_column = std::min<std::uint32_t>(range.first_column, cell.column);
      range.last_column = std::max<std::uint32_t>(range.last_column, cell.column);
    }
  }
  range.first_column = std::min(range.first_column, range.last_column);
  return range;
}

}  // namespace tidemill::transform
