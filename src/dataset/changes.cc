// SPDX-License-Identifier: Apache-2.0
#include "tidemill/dataset/changes.h"

#include <arrow/table.h>

#include "tidemill/base/text.h"
#include "tidemill/dataset/arrow_result.h"

#include "matched_tables.h"

namespace tidemill::dataset {
namespace {

using Cells = std::vector<std::optional<std::string>>;

Cells CellsOf(const std::vector<MatchedColumn>& columns, bool of_after, std::size_t row) {
  Cells cells;
  for (const MatchedColumn& column : columns) {
    const Codes& codes = of_after ? column.codes.after : column.codes.before;
    cells.emplace_back();
    if (codes.valid[row] != 0) {
      cells.back() = CellText(of_after ? *column.after : *column.before, static_cast<std::int64_t>(row));
    }
  }
  return cells;
}

// Rows that the newer table's key does not tell apart would be told as removed, though their key is still there.
base::Status CheckOlder(const MatchedTables& tables, const std::vector<std::string>& key) {
  const std::int64_t row = tables.match.repeated_before;
  if (row < 0) return {};
  return base::Fail(base::ErrorCode::kInvalid,
                    "key {} occurs twice in the older table, expected every key ({}) once: its rows are named by other "
                    "columns, and nothing tells which of them became which",
                    base::Quoted(KeyText(tables.key, false, static_cast<std::size_t>(row))), base::Join(key, ", "));
}

void ListRemoved(const MatchedTables& tables, RowChanges& changes) {
  for (std::size_t row = 0; row < tables.match.after_of_before.size(); ++row) {
    if (tables.match.after_of_before[row] >= 0) continue;
    ++changes.removed;
    changes.rows.push_back({.kind = RowChangeKind::kRemoved,
                            .key = CellsOf(tables.key, false, row),
                            .before = CellsOf(tables.counted, false, row),
                            .after = {}});
  }
}

// How two rows of one key differ; nothing where they do not.
std::optional<RowChangeKind> KindOf(const MatchedTables& tables, std::size_t before, std::size_t after) {
  std::optional<RowChangeKind> kind;
  for (const MatchedColumn& column : tables.counted) {
    if (!column.Differs(before, after)) continue;
    if (!column.label) return RowChangeKind::kRevised;
    kind = RowChangeKind::kRelabelled;
  }
  return kind;
}

void ListOthers(const MatchedTables& tables, RowChanges& changes) {
  for (std::size_t row = 0; row < tables.match.before_of_after.size(); ++row) {
    const std::int64_t old_row = tables.match.before_of_after[row];
    const auto kind =
        old_row < 0 ? std::optional(RowChangeKind::kAdded) : KindOf(tables, static_cast<std::size_t>(old_row), row);
    if (!kind) continue;
    if (kind == RowChangeKind::kAdded) ++changes.added;
    if (kind == RowChangeKind::kRevised) ++changes.revised;
    if (kind == RowChangeKind::kRelabelled) ++changes.relabelled;
    changes.rows.push_back(
        {.kind = *kind,
         .key = CellsOf(tables.key, true, row),
         .before = old_row < 0 ? Cells() : CellsOf(tables.counted, false, static_cast<std::size_t>(old_row)),
         .after = CellsOf(tables.counted, true, row)});
  }
}

}  // namespace

base::Result<RowChanges> ListChanges(const arrow::Table& before, const arrow::Table& after,
                                     const std::vector<std::string>& key) {
  return Guarded("compare tables", [&]() -> base::Result<RowChanges> {
    TIDEMILL_ASSIGN(const MatchedTables tables, MatchTables(before, after, key));
    TIDEMILL_CHECK(CheckOlder(tables, key));
    RowChanges changes{.key = key};
    for (const MatchedColumn& column : tables.counted) changes.columns.push_back(column.name);
    ListRemoved(tables, changes);
    ListOthers(tables, changes);
    return changes;
  });
}

}  // namespace tidemill::dataset
