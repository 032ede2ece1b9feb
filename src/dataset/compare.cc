// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <utility>

#include <arrow/chunked_array.h>
#include <arrow/table.h>
#include <arrow/type.h>

#include "tidemill/base/text.h"
#include "tidemill/dataset/arrow_result.h"
#include "tidemill/dataset/dataset.h"

#include "column_codes.h"
#include "delta_arrow.h"
#include "key_index.h"

namespace tidemill::dataset {
namespace {

struct Column {
  std::string name;
  bool label = false;
  const arrow::ChunkedArray* before = nullptr;
  const arrow::ChunkedArray* after = nullptr;
  CodePair codes = {};
};

struct Tables {
  std::vector<Column> key, counted;
  KeyMatch match;
};

std::string KeyText(const std::vector<Column>& key, bool of_after, std::size_t row) {
  std::string text;
  for (const Column& column : key) {
    if (!text.empty()) text += ' ';
    text += CellText(of_after ? *column.after : *column.before, static_cast<std::int64_t>(row));
  }
  return text;
}

base::Result<Tables> Match(const arrow::Table& before, const arrow::Table& after, const std::vector<std::string>& key) {
  Tables tables;
  std::vector<CodePair> key_codes;
  for (const std::string& name : key) {
    const auto old_column = before.GetColumnByName(name);
    const auto new_column = after.GetColumnByName(name);
    if (!old_column || !new_column) {
      return base::Fail(base::ErrorCode::kInvalid, "key column {} is missing {} the change, expected it in both tables",
                        base::Quoted(name), old_column ? "after" : "before");
    }
    tables.key.push_back({name, false, old_column.get(), new_column.get()});
    key_codes.push_back(EncodeTogether(*old_column, *new_column));
  }
  tables.match =
      MatchKeys(key_codes, static_cast<std::size_t>(before.num_rows()), static_cast<std::size_t>(after.num_rows()));
  for (int i = 0; i < after.num_columns(); ++i) {
    const auto& field = after.field(i);
    const Role role = RoleOf(*field);
    const bool is_key = std::find(key.begin(), key.end(), field->name()) != key.end();
    const auto old_column = before.GetColumnByName(field->name());
    if (is_key || !old_column || role == Role::kLineage || role == Role::kAttribute) continue;
    tables.counted.push_back({field->name(), role == Role::kLabel, old_column.get(), after.column(i).get(),
                              EncodeTogether(*old_column, *after.column(i))});
  }
  return tables;
}

bool Differs(const Column& column, std::size_t before, std::size_t after) {
  return column.codes.before.value[before] != column.codes.after.value[after] ||
         column.codes.before.valid[before] != column.codes.after.valid[after];
}

Diff::Change ChangeOf(const Column& column, std::string key, std::int64_t before, std::int64_t after) {
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
void CountChanged(const Tables& tables, std::size_t most, Diff& diff, std::vector<Diff::Change>& relabelled) {
  const auto& before_of_after = tables.match.before_of_after;
  for (std::size_t row = 0; row < before_of_after.size(); ++row) {
    if (before_of_after[row] < 0) continue;
    const auto old_row = static_cast<std::size_t>(before_of_after[row]);
    bool value = false;
    bool label = false;
    for (const Column& column : tables.counted) {
      if (!Differs(column, old_row, row)) continue;
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
const Column* FirstValue(const std::vector<Column>& counted) {
  const auto found = std::find_if(counted.begin(), counted.end(), [](const Column& column) { return !column.label; });
  return found == counted.end() ? nullptr : &*found;
}

void ListRow(const Tables& tables, std::string key, std::int64_t before, std::int64_t after, Diff& diff) {
  if (const Column* column = FirstValue(tables.counted)) {
    diff.changes.push_back(ChangeOf(*column, std::move(key), before, after));
  } else {
    diff.changes.push_back({.key = std::move(key), .column = {}, .before = {}, .after = {}});
  }
}

void CountRemoved(const Tables& tables, std::size_t most, Diff& diff) {
  const auto& after_of_before = tables.match.after_of_before;
  for (std::size_t row = 0; row < after_of_before.size(); ++row) {
    if (after_of_before[row] >= 0) continue;
    diff.removed += 1;
    diff.removed_keys.push_back(KeyText(tables.key, false, row));
    if (diff.changes.size() < most) ListRow(tables, diff.removed_keys.back(), static_cast<std::int64_t>(row), -1, diff);
  }
}

void CountAdded(const Tables& tables, std::size_t most, Diff& diff) {
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
  TIDEMILL_ASSIGN(const Tables tables, Match(before, after, key));
  if (const std::int64_t row = tables.match.repeated_after; row >= 0) {
    return base::Fail(base::ErrorCode::kInvalid, "key {} occurs twice, expected every key ({}) once",
                      base::Quoted(KeyText(tables.key, true, static_cast<std::size_t>(row))), base::Join(key, ", "));
  }
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
