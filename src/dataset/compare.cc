// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <utility>

#include <arrow/table.h>

#include "tidemill/dataset/arrow_result.h"
#include "tidemill/dataset/dataset.h"

#include "matched_tables.h"

namespace tidemill::dataset {
namespace {

Diff::Change ChangeOf(const MatchedColumn& column, std::string key, std::int64_t before, std::int64_t after) {
  Diff::Change change{.key = std::move(key), .column = column.name, .before = {}, .after = {}};
  if (before >= 0) change.before = CellText(*column.before, before);
  if (after >= 0) change.after = CellText(*column.after, after);
  if (before >= 0 && after >= 0) {
    const double size = CellNumber(*column.after, after) - CellNumber(*column.before, before);
    if (!std::isnan(size)) change.size = size;
  }
  return change;
}

// Counts the rows that both tables have, and lists what changed in them.
void CountChanged(const MatchedTables& tables, std::size_t most, Diff& diff, std::vector<Diff::Change>& relabelled) {
  const auto& before_of_after = tables.match.before_of_after;
  for (std::size_t row = 0; row < before_of_after.size(); ++row) {
    if (before_of_after[row] < 0) continue;
    const auto old_row = static_cast<std::size_t>(before_of_after[row]);
    bool value = false;
    bool label = false;
    for (const MatchedColumn& column : tables.counted) {
      if (!column.Differs(old_row, row)) continue;
      (column.label ? label : value) = true;
      auto& list = column.label ? relabelled : diff.changes;
      if (list.size() >= most) continue;
      list.push_back(
          ChangeOf(column, KeyText(tables.key, true, row), before_of_after[row], static_cast<std::int64_t>(row)));
    }
    diff.revised += value ? 1 : 0;
    diff.relabelled += label && !value ? 1 : 0;
  }
}

// The column whose value stands for a row that is added or removed.
const MatchedColumn* FirstValue(const std::vector<MatchedColumn>& counted) {
  const auto found =
      std::find_if(counted.begin(), counted.end(), [](const MatchedColumn& column) { return !column.label; });
  return found == counted.end() ? nullptr : &*found;
}

void ListRow(const MatchedTables& tables, std::string key, std::int64_t before, std::int64_t after, Diff& diff) {
  if (const MatchedColumn* column = FirstValue(tables.counted)) {
    diff.changes.push_back(ChangeOf(*column, std::move(key), before, after));
  } else {
    diff.changes.push_back({.key = std::move(key), .column = {}, .before = {}, .after = {}});
  }
}

void CountRemoved(const MatchedTables& tables, std::size_t most, Diff& diff) {
  const auto& after_of_before = tables.match.after_of_before;
  for (std::size_t row = 0; row < after_of_before.size(); ++row) {
    if (after_of_before[row] >= 0) continue;
    diff.removed += 1;
    diff.removed_keys.push_back(KeyText(tables.key, false, row));
    if (diff.changes.size() < most) ListRow(tables, diff.removed_keys.back(), static_cast<std::int64_t>(row), -1, diff);
  }
}

void CountAdded(const MatchedTables& tables, std::size_t most, Diff& diff) {
  const auto& before_of_after = tables.match.before_of_after;
  for (std::size_t row = 0; row < before_of_after.size(); ++row) {
    if (before_of_after[row] >= 0) continue;
    diff.added += 1;
    if (diff.changes.size() < most) {
      ListRow(tables, KeyText(tables.key, true, row), -1, static_cast<std::int64_t>(row), diff);
    }
  }
}

base::Result<Diff> CompareRows(const arrow::Table& before, const arrow::Table& after,
                               const std::vector<std::string>& key, std::size_t most) {
  TIDEMILL_ASSIGN(const MatchedTables tables, MatchTables(before, after, key));
  Diff diff;
  std::vector<Diff::Change> relabelled;
  CountChanged(tables, most, diff, relabelled);
  CountRemoved(tables, most, diff);
  for (auto& change : relabelled) {
    if (diff.changes.size() < most) diff.changes.push_back(std::move(change));
  }
  CountAdded(tables, most, diff);
  return diff;
}

}  // namespace

base::Result<Diff> Compare(const arrow::Table& before, const arrow::Table& after, const std::vector<std::string>& key,
                           std::size_t most_changes) {
  return Guarded("compare tables", [&] { return CompareRows(before, after, key, most_changes); });
}

}  // namespace tidemill::dataset
