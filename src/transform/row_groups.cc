// SPDX-License-Identifier: Apache-2.0
#include "row_groups.h"

#include "tidemill/base/text.h"

#include "bind_from.h"
#include "body_rows.h"
#include "header_texts.h"

namespace tidemill::transform {

using recipe::ColumnSpec;
using workbook::Cell;

RowGroups::RowGroups(const BodyReading& reading)
    : r_(reading), texts_(reading.binding.groups.size()), statuses_(reading.binding.groups.size()) {}

// The text of a row without values, and what its notes give to the rows below.
std::string RowGroups::TextOf(std::size_t row, std::vector<std::string>& statuses) const {
  std::string text;
  for (const Cell& cell : r_.grid.Cells(row)) {
    const bool inside = cell.column >= r_.table.first_column && cell.column <= r_.table.last_column;
    if (!inside || !r_.grid.HasContent(cell)) continue;
    CleanText clean = r_.grid.Clean(cell, r_.search.spec.notes);
    if (r_.search.spec.notes.trailing) TakeOffTrailing(clean, r_.notes.numbers());
    const auto letters = r_.notes.Touch(clean.refs, r_.grid.A1(row, cell));
    statuses.insert(statuses.end(), letters.begin(), letters.end());
    if (text.empty()) {
      text = std::move(clean.text);
    } else if (text != clean.text) {
      r_.findings.Fail(
          "two-labels", r_.grid.A1(row, cell),
          fmt::format("the row of a group has two texts, {} and {}", base::Quoted(text), base::Quoted(clean.text)));
    }
  }
  return text;
}

std::string RowGroups::FirstText(std::size_t row) const {
  CleanText clean = r_.grid.Clean(*r_.grid.FirstOf(row), r_.search.spec.notes);
  if (r_.search.spec.notes.trailing) TakeOffTrailing(clean, r_.notes.numbers());
  return std::move(clean.text);
}

// Ends the texts of a group and of those within it.
void RowGroups::Begin(std::size_t group) {
  for (std::size_t inner = group; inner < texts_.size(); ++inner) {
    texts_[inner].clear();
    statuses_[inner].clear();
  }
}

void RowGroups::Open(std::size_t row) {
  for (std::size_t i = 0; i < texts_.size(); ++i) {
    const ColumnSpec& spec = *r_.binding.groups[i];
    if (!spec.own_values) continue;
    std::string text = FirstText(row);
    if (!Hits(spec.match, text, r_.search.bound)) continue;
    Begin(i);
    texts_[i] = std::move(text);
    return;
  }
}

bool RowGroups::Take(std::size_t row) {
  if (texts_.empty()) return false;
  const std::string first = FirstText(row);
  for (std::size_t i = 0; i < texts_.size(); ++i) {
    const ColumnSpec& spec = *r_.binding.groups[i];
    if (!spec.match.empty() && !Hits(spec.match, first, r_.search.bound)) continue;
    Begin(i);
    texts_[i] = TextOf(row, statuses_[i]);
    ClaimRow(r_, row, CellClass::kGroup);
    return true;
  }
  return false;
}

void RowGroups::Put(BodyRow& row) {
  for (std::size_t i = 0; i < texts_.size(); ++i) {
    const ColumnSpec& spec = *r_.binding.groups[i];
    std::string text = Mapped(spec, texts_[i]);
    if (text.empty() && !spec.optional) {
      r_.findings.Fail("group-missing", r_.grid.A1(row.row, *r_.grid.FirstOf(row.row)),
                       fmt::format("no row above row {} names its {}", r_.grid.RowNumber(row.row) + 1, spec.name));
    }
    row.groups.push_back(std::move(text));
    row.statuses.insert(row.statuses.end(), statuses_[i].begin(), statuses_[i].end());
  }
}

}  // namespace tidemill::transform
