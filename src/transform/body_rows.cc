// SPDX-License-Identifier: Apache-2.0
#include "body_rows.h"

#include <algorithm>
#include <limits>

#include "tidemill/base/text.h"

#include "bind_from.h"
#include "geo_code.h"
#include "header_texts.h"
#include "repeated_header.h"
#include "row_groups.h"
#include "row_periods.h"

namespace tidemill::transform {
namespace {

using recipe::ColumnSpec;
using recipe::Role;
using workbook::Cell;

class RowReader {
 public:
  RowReader(const BodyReading& reading, Body& body) : r_(reading), body_(body), groups_(reading), periods_(reading) {
    for (const AxisCell& cell : r_.table.axis) value_columns_.push_back(cell.column);
    if (!value_columns_.empty()) return;
    for (const BoundColumn& value : r_.binding.values) value_columns_.push_back(value.column);
  }

  // The row as one of observations; nothing where it is none, and is accounted for otherwise.
  std::optional<BodyRow> Read(std::size_t row);

 private:
  bool HasValues(std::size_t row) const;
  bool IsSkipped(std::size_t row, bool values);
  void ReadLabelOnly(std::size_t row);
  CleanText Clean(const Cell& cell);
  void ReadKeys(BodyRow& row);
  void ReadLabel(BodyRow& row);
  void DeriveLabel(BodyRow& row);
  static void SplitLabel(const ColumnSpec& spec, BodyRow& row);
  void ReadCode(BodyRow& row);
  std::uint32_t ReachOf(std::size_t row, const Cell& cell) const;
  bool Reaches(std::size_t dimension, std::size_t row) const {
    return r_.grid.RowNumber(row) <= above_[dimension].last_row;
  }
  std::string DateOr(const ColumnSpec& spec, const Cell& cell, CleanText clean) const;
  void ReadCodeCell(const Cell& cell, BodyRow& row);
  void ReadDimensions(BodyRow& row);
  std::string SourceText(const ColumnSpec& source, const BodyRow& row);
  void Finish(BodyRow& row);
  void Settle(const ColumnSpec& spec, const Cell* cell, BodyRow& row, std::string& text);
  void ClaimOthers(std::size_t row);
  std::string At(const BodyRow& row, const Cell& cell) const { return r_.grid.A1(row.row, cell); }
  std::string FirstAt(std::size_t row) const { return r_.grid.A1(row, *r_.grid.FirstOf(row)); }

  const BodyReading& r_;
  Body& body_;
  RowGroups groups_;
  RowPeriods periods_;
  // The last text of each dimension, for fill = "down", and the last row of the sheet that it reaches.
  struct Above {
    std::string text;
    std::uint32_t last_row = 0;
  };
  std::vector<Above> above_;
  std::vector<std::uint32_t> value_columns_;
  std::string whole_label_;  // of the row at hand, before it is split
};

bool RowReader::HasValues(std::size_t row) const {
  const auto filled = [&](std::uint32_t column) { return r_.grid.Find(row, column) != nullptr; };
  return std::ranges::any_of(r_.table.axis, filled, &AxisCell::column) ||
         std::ranges::any_of(r_.binding.values, filled, &BoundColumn::column) ||
         std::ranges::any_of(r_.binding.flags, filled, &FlagColumn::column);
}

CleanText RowReader::Clean(const Cell& cell) {
  CleanText clean = r_.grid.Clean(cell, r_.search.spec.notes);
  if (r_.search.spec.notes.trailing) TakeOffTrailing(clean, r_.notes.numbers());
  body_.found_script |= clean.script;
  body_.found_bracket |= clean.bracket;
  body_.found_trailing |= clean.trailing;
  return clean;
}

void RowReader::ReadLabel(BodyRow& row) {
  std::string first;
  for (const std::uint32_t column : r_.binding.label_columns) {
    const Cell* cell = r_.grid.Find(row.row, column);
    if (cell == nullptr) continue;
    r_.grid.Claim(*cell, CellClass::kLabel);
    CleanText clean = Clean(*cell);
    std::ranges::move(r_.notes.Touch(clean.refs, At(row, *cell)), std::back_inserter(row.statuses));
    if (row.label_cell != nullptr) {
      if (clean.text != row.label) {
        r_.findings.Fail(
            "two-labels", At(row, *cell),
            fmt::format("the row has two labels, {} and {}", base::Quoted(row.label), base::Quoted(clean.text)));
      }
      continue;
    }
    const std::string_view as_published = r_.grid.sheet().Text(*cell);
    if (base::Trim(as_published).size() != as_published.size()) ++body_.trimmed_labels;
    row.label_cell = cell;
    row.label = std::move(clean.text);
  }
  whole_label_ = row.label;
  if (r_.binding.label != nullptr) SplitLabel(*r_.binding.label, row);
}

// A label that stands in the column of another.
void RowReader::DeriveLabel(BodyRow& row) {
  row.label = SourceText(*r_.binding.label_source, row);
  SplitLabel(*r_.binding.label, row);
  whole_label_ = row.label;
  row.label_cell = row.key_cell;
}

// One part of a bilingual label is the label, the others are kept as aliases; a label in one language stays whole.
void RowReader::SplitLabel(const ColumnSpec& spec, BodyRow& row) {
  if (spec.split.empty()) return;
  std::vector<std::string> parts;
  for (const std::string_view part : SplitBy(row.label, spec.split)) parts.push_back(base::CollapseSpace(part));
  const auto take = static_cast<std::size_t>(spec.take);
  if (take > parts.size()) return;
  row.label = std::move(parts[take - 1]);
  parts.erase(parts.begin() + static_cast<std::ptrdiff_t>(take) - 1);
  row.aliases = std::move(parts);
}

void RowReader::ReadCodeCell(const Cell& cell, BodyRow& row) {
  const ColumnSpec& spec = *r_.binding.code->spec;
  r_.grid.Claim(cell, CellClass::kCode);
  const CleanText clean = Clean(cell);
  std::ranges::move(r_.notes.Touch(clean.refs, At(row, cell)), std::back_inserter(row.statuses));
  CleanedCode code = CleanCode(clean.text, spec);
  if (!code.valid) {
    r_.findings.Fail(
        "code-invalid", At(row, cell),
        fmt::format("{} is no code of {}", base::Quoted(clean.text), spec.system.empty() ? "any text" : spec.system));
  }
  row.code = std::move(code.code);
  row.origin = CodeOrigin::kCell;
  row.key_cell = &cell;
}

// A row without a code takes it from the recipe's [codes]; where those have none, the register may know its name.
void RowReader::ReadCode(BodyRow& row) {
  if (!r_.binding.code) return;
  const CodeColumn& column = *r_.binding.code;
  if (column.column) {
    const Cell* cell = r_.grid.Find(row.row, *column.column);
    if (cell != nullptr) return ReadCodeCell(*cell, row);
  }
  for (const recipe::CodeRule& rule : r_.search.spec.codes) {
    if (row.label_cell == nullptr || !rule.label.Match(row.label)) continue;
    row.code = rule.code;
    row.origin = CodeOrigin::kRule;
    row.key_cell = row.label_cell;
    return;
  }
  if (!column.spec->from.empty()) return;
  r_.findings.Fail("code-missing", FirstAt(row.row),
                   fmt::format("row {} {} has no code", r_.grid.RowNumber(row.row) + 1, base::Quoted(row.label)));
}

// A cell that is merged with others below it reaches as far as they do; any other to the next filled one.
std::uint32_t RowReader::ReachOf(std::size_t row, const Cell& cell) const {
  const std::uint32_t number = r_.grid.RowNumber(row);
  for (const workbook::Range& merge : r_.grid.MergesStartingIn(number, number)) {
    if (merge.first_column == cell.column && merge.last_row > number) return merge.last_row;
  }
  return std::numeric_limits<std::uint32_t>::max();
}

// A date cell as the period it is, whatever its format shows.
std::string RowReader::DateOr(const ColumnSpec& spec, const Cell& cell, CleanText clean) const {
  const AxisReader* reader = spec.axis ? r_.search.ReaderOf(spec) : nullptr;
  if (reader == nullptr || cell.kind != workbook::CellKind::kDate) return std::move(clean.text);
  auto value = ReadAxisCell(r_.grid, cell, clean, *reader);
  return value && value->format == kDateCell ? std::move(value->text) : std::move(clean.text);
}

// The texts as they stand, filled down; what becomes of them is settled when all are known.
void RowReader::ReadDimensions(BodyRow& row) {
  above_.resize(r_.binding.dimensions.size());
  for (std::size_t i = 0; i < r_.binding.dimensions.size(); ++i) {
    const ColumnSpec& spec = *r_.binding.dimensions[i].spec;
    const Cell* cell = r_.grid.Find(row.row, r_.binding.dimensions[i].column);
    std::string text = spec.fill_down && Reaches(i, row.row) ? above_[i].text : std::string();
    if (cell != nullptr) {
      above_[i].last_row = ReachOf(row.row, *cell);
      r_.grid.Claim(*cell, CellClass::kDimension);
      CleanText clean = Clean(*cell);
      std::ranges::move(r_.notes.Touch(clean.refs, At(row, *cell)), std::back_inserter(row.statuses));
      text = DateOr(spec, *cell, std::move(clean));
      if (row.key_cell == nullptr) row.key_cell = cell;
    }
    above_[i].text = text;
    row.dimensions.push_back(std::move(text));
  }
}

// The text of another column, as it stands there.
std::string RowReader::SourceText(const ColumnSpec& source, const BodyRow& row) {
  if (r_.binding.code && r_.binding.code->spec == &source) {
    const auto& column = r_.binding.code->column;
    const Cell* cell = column ? r_.grid.Find(row.row, *column) : nullptr;
    return cell == nullptr ? row.code : r_.grid.Clean(*cell, r_.search.spec.notes).text;
  }
  if (source.role == Role::kLabel) return whole_label_;
  for (std::size_t i = 0; i < r_.binding.dimensions.size(); ++i) {
    if (r_.binding.dimensions[i].spec == &source) return above_[i].text;
  }
  for (std::size_t i = 0; i < r_.binding.groups.size(); ++i) {
    if (r_.binding.groups[i] == &source) return row.groups[i];
  }
  return {};
}

void RowReader::ReadKeys(BodyRow& row) {
  groups_.Put(row);
  if (r_.binding.label_source == nullptr) ReadLabel(row);
  ReadCode(row);
  ReadDimensions(row);
  if (r_.binding.label_source != nullptr) DeriveLabel(row);
  for (const DerivedColumn& derived : r_.binding.derived) row.derived.push_back(SourceText(*derived.source, row));
  if (row.key_cell == nullptr) row.key_cell = row.label_cell;
}

// Splits and maps what was read, and reads the periods in it.
void RowReader::Finish(BodyRow& row) {
  periods_.ReadYears(row);
  for (std::size_t i = 0; i < row.dimensions.size(); ++i) {
    Settle(*r_.binding.dimensions[i].spec, r_.grid.Find(row.row, r_.binding.dimensions[i].column), row,
           row.dimensions[i]);
  }
  for (std::size_t i = 0; i < row.derived.size(); ++i) {
    Settle(*r_.binding.derived[i].spec, nullptr, row, row.derived[i]);
  }
}

void RowReader::Settle(const ColumnSpec& spec, const Cell* cell, BodyRow& row, std::string& text) {
  text = PartOf(spec, text);
  if (!spec.axis || text.empty()) text = Mapped(spec, std::move(text));
  if (!text.empty()) {
    if (spec.axis) periods_.Read(spec, row.row, cell, row, text);
  } else if (!spec.optional) {
    r_.findings.Fail("dimension-missing", FirstAt(row.row),
                     fmt::format("row {} has no {}", r_.grid.RowNumber(row.row) + 1, spec.name));
  }
}

void RowReader::ClaimOthers(std::size_t row) {
  for (const BoundColumn& ignored : r_.binding.ignored) {
    if (const Cell* cell = r_.grid.Find(row, ignored.column)) r_.grid.Claim(*cell, CellClass::kIgnored);
  }
  for (const BoundColumn& total : r_.binding.totals) {
    if (const Cell* cell = r_.grid.Find(row, total.column)) r_.grid.Claim(*cell, CellClass::kTotal);
  }
}

// A row that table.skip takes.
bool RowReader::IsSkipped(std::size_t row, bool values) {
  const auto& skip = r_.search.spec.table.skip;
  if (skip.empty()) return false;
  const std::string text = r_.grid.Clean(*r_.grid.FirstOf(row), r_.search.spec.notes).text;
  if (!Hits(skip, text, r_.search.bound)) return false;
  if (values) {
    r_.findings.Fail("skip-has-values", FirstAt(row),
                     fmt::format("{} matches table.skip, but has values", base::Quoted(text)));
    return false;
  }
  ClaimRow(r_, row, CellClass::kSkipped);
  return true;
}

void RowReader::ReadLabelOnly(std::size_t row) {
  if (groups_.Take(row)) {
    above_.clear();  // nothing is filled down from one group into another
    return;
  }
  const std::string text = r_.grid.Clean(*r_.grid.FirstOf(row), r_.search.spec.notes).text;
  ClaimRow(r_, row, CellClass::kLabel);
  r_.findings.Fail("label-without-values", FirstAt(row),
                   fmt::format("{} has no values, and neither table.skip nor a group takes it", base::Quoted(text)));
}

std::optional<BodyRow> RowReader::Read(std::size_t row) {
  const Cell* first = r_.grid.FirstOf(row);
  if (first == nullptr) return std::nullopt;
  if (RepeatsHeader(r_.search, r_.table, row, value_columns_) == HeaderAgain::kSame) {
    ClaimRow(r_, row, CellClass::kHeader);
    return std::nullopt;
  }
  const bool values = HasValues(row);
  if (IsSkipped(row, values)) return std::nullopt;
  if (!values) {
    ReadLabelOnly(row);
    return std::nullopt;
  }
  groups_.Open(row);
  BodyRow result;
  result.row = row;
  ReadKeys(result);
  Finish(result);
  ClaimOthers(row);
  if (result.key_cell == nullptr) {
    const bool named = !r_.binding.groups.empty() || !r_.binding.constants.empty() || !r_.binding.years.empty();
    if (!named) {
      r_.findings.Fail("key-missing", FirstAt(row),
                       fmt::format("row {} has values, but neither code nor label", r_.grid.RowNumber(row) + 1));
    }
    result.key_cell = first;
  }
  return result;
}

}  // namespace

std::vector<BodyRow> ReadBodyRows(const BodyReading& reading, Body& body) {
  RowReader reader(reading, body);
  std::vector<BodyRow> rows;
  for (std::size_t row = reading.table.body_first; row < reading.table.body_end; ++row) {
    if (auto read = reader.Read(row)) rows.push_back(*std::move(read));
  }
  return rows;
}

void ClaimRow(const BodyReading& reading, std::size_t row, CellClass cell_class) {
  for (const Cell& cell : reading.grid.Cells(row)) {
    if (cell.column < reading.table.first_column || cell.column > reading.table.last_column) continue;
    reading.grid.Claim(cell, cell_class);
  }
}

}  // namespace tidemill::transform
