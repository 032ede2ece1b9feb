// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <arrow/type_fwd.h>

#include "tidemill/base/result.h"
#include "tidemill/dataset/dataset.h"

// All that differs between two versions of a table, row by row.
namespace tidemill::dataset {

// A column as a version's schema tells it.
struct SchemaColumn {
  std::string name, type, role, unit;
};
// `place` names the version in errors (kMalformed).
base::Result<std::vector<SchemaColumn>> ColumnsOf(const Version& version, std::string_view place);

// The columns whose values name a row: what the table says itself ("tidemill.key"), else its dimensions, its labels
// where it has none, and its time. kUnsupported where there are none of these.
base::Result<std::vector<std::string>> KeyColumns(const Version& version, std::string_view table);

enum class RowChangeKind { kAdded, kRevised, kRelabelled, kRemoved };
std::string_view ToText(RowChangeKind kind);  // "added"

// A null is nothing. `before` is empty for a row that was added, `after` for one that was removed.
struct RowChange {
  RowChangeKind kind = RowChangeKind::kAdded;
  std::vector<std::optional<std::string>> key, before, after;
};

// Rows as Compare counts them: removed ones first, in the order of `before`, then those of `after` in its order.
struct RowChanges {
  std::vector<std::string> key, columns;  // of both tables, but lineage and attributes
  std::int64_t added = 0, revised = 0, removed = 0, relabelled = 0;
  std::vector<RowChange> rows;
};
// Errors as Compare's, and kInvalid for a key that `before` has twice: it was another key's table then.
base::Result<RowChanges> ListChanges(const arrow::Table& before, const arrow::Table& after,
                                     const std::vector<std::string>& key);

}  // namespace tidemill::dataset
