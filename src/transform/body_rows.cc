// SPDX-License-Identifier: Apache-2.0
#include "body_rows.h"

#include <algorithm>

#include "tidemill/base/text.h"

#include "geo_code.h"

namespace tidemill::transform {
namespace {

using recipe::ColumnSpec;
using workbook::Cell;

bool Hits(const std::vector<recipe::Pattern>& patterns, std::string_view text) {
  return std::ranges::any_of(patterns, [&](const recipe::Pattern& pattern) { return pattern.Match(text).has_value(); });
}

class RowReader {
 public:
  RowReader(const BodyReading& reading, Body& body) : r_(reading), body_(body) {}

  // The row as one of observations; nothing where it is none, and is accounted for otherwise.
  std::optional<BodyRow> Read(std::size_t row);

 private:
  bool HasValues(std::size_t row) const;
  bool IsRepeatedHeader(std::size_t row) const;
  void ClaimRow(std::size_t row, CellClass cell_class);
  CleanText Clean(const Cell& cell);
  void ReadLabel(BodyRow& row);
  static void SplitLabel(const ColumnSpec& spec, BodyRow& row);
  void ReadCode(BodyRow& row);
  void ReadCodeCell(const Cell& cell, BodyRow& row);
  void ReadDimensions(BodyRow& row);
  std::string At(const BodyRow& row, const Cell& cell) const { return r_.grid.A1(row.row, cell); }
  std::string FirstAt(std::size_t row) const { return r_.grid.A1(row, *r_.grid.FirstOf(row)); }

  const BodyReading& r_;
  Body& body_;
  std::vector<std::string> above_;  // last dimension texts, for fill = "down"
};

bool RowReader::HasValues(std::size_t row) const {
  const auto filled = [&](std::uint32_t column) { return r_.grid.Find(row, column) != nullptr; };
  return std::ranges::any_of(r_.table.axis, filled, &AxisCell::column) ||
         std::ranges::any_of(r_.binding.values, filled, &BoundColumn::column);
}

bool RowReader::IsRepeatedHeader(std::size_t row) const {
  if (r_.table.axis.empty()) return false;
  return std::ranges::all_of(r_.table.axis, [&](const AxisCell& header) {
    const Cell* cell = r_.grid.Find(row, header.column);
    if (cell == nullptr || cell->kind == workbook::CellKind::kNumber) return false;
    const auto value = r_.search.axis->Read(r_.grid.Clean(*cell, r_.search.spec.notes).text);
    return value && value->text == header.value.text;
  });
}

void RowReader::ClaimRow(std::size_t row, CellClass cell_class) {
  for (const Cell& cell : r_.grid.Cells(row)) {
    if (cell.column >= r_.table.first_column && cell.column <= r_.table.last_column) r_.grid.Claim(cell, cell_class);
  }
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
  if (r_.binding.label != nullptr && !r_.binding.label->split.empty()) SplitLabel(*r_.binding.label, row);
}

// One part of a bilingual label is the label, the others are kept as aliases; a label in one language stays whole.
void RowReader::SplitLabel(const ColumnSpec& spec, BodyRow& row) {
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

void RowReader::ReadDimensions(BodyRow& row) {
  above_.resize(r_.binding.dimensions.size());
  for (std::size_t i = 0; i < r_.binding.dimensions.size(); ++i) {
    const ColumnSpec& spec = *r_.binding.dimensions[i].spec;
    const Cell* cell = r_.grid.Find(row.row, r_.binding.dimensions[i].column);
    std::string text = spec.fill_down ? above_[i] : std::string();
    if (cell != nullptr) {
      r_.grid.Claim(*cell, CellClass::kDimension);
      const CleanText clean = Clean(*cell);
      std::ranges::move(r_.notes.Touch(clean.refs, At(row, *cell)), std::back_inserter(row.statuses));
      text = clean.text;
      if (row.key_cell == nullptr) row.key_cell = cell;
    }
    above_[i] = text;
    if (const auto mapped = spec.map.find(text); mapped != spec.map.end()) text = mapped->second;
    if (text.empty()) {
      r_.findings.Fail("dimension-missing", FirstAt(row.row),
                       fmt::format("row {} has no {}", r_.grid.RowNumber(row.row) + 1, spec.name));
    } else if (spec.axis) {
      const auto value = r_.search.axis == nullptr ? std::nullopt : r_.search.axis->Read(text);
      if (!value || !value->rest.empty()) {
        r_.findings.Fail("axis-residue", cell == nullptr ? FirstAt(row.row) : At(row, *cell),
                         fmt::format("{} is no {}", base::Quoted(text), ToText(*spec.axis)));
      } else {
        row.period = value->period;
        text = value->text;
      }
    }
    row.dimensions.push_back(std::move(text));
  }
}

std::optional<BodyRow> RowReader::Read(std::size_t row) {
  const Cell* first = r_.grid.FirstOf(row);
  if (first == nullptr) return std::nullopt;
  if (IsRepeatedHeader(row)) {
    ClaimRow(row, CellClass::kHeader);
    return std::nullopt;
  }
  const std::string text = r_.grid.Clean(*first, r_.search.spec.notes).text;
  const bool values = HasValues(row);
  const bool skip = (!values || !r_.search.spec.table.skip.empty()) && Hits(r_.search.spec.table.skip, text);
  if (skip && values) {
    r_.findings.Fail("skip-has-values", FirstAt(row),
                     fmt::format("{} matches table.skip, but has values", base::Quoted(text)));
  } else if (skip) {
    ClaimRow(row, CellClass::kSkipped);
    return std::nullopt;
  } else if (!values) {
    ClaimRow(row, CellClass::kLabel);
    r_.findings.Fail("label-without-values", FirstAt(row),
                     fmt::format("{} has no values, and neither table.skip nor a group takes it", base::Quoted(text)));
    return std::nullopt;
  }
  BodyRow result;
  result.row = row;
  ReadLabel(result);
  ReadCode(result);
  ReadDimensions(result);
  for (const BoundColumn& ignored : r_.binding.ignored) {
    if (const Cell* cell = r_.grid.Find(row, ignored.column)) r_.grid.Claim(*cell, CellClass::kIgnored);
  }
  for (const BoundColumn& total : r_.binding.totals) {
    if (const Cell* cell = r_.grid.Find(row, total.column)) r_.grid.Claim(*cell, CellClass::kTotal);
  }
  if (result.key_cell == nullptr) result.key_cell = result.label_cell;
  if (result.key_cell == nullptr) {
    r_.findings.Fail("key-missing", FirstAt(row),
                     fmt::format("row {} has values, but neither code nor label", r_.grid.RowNumber(row) + 1));
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

}  // namespace tidemill::transform
