// SPDX-License-Identifier: Apache-2.0
#include "matched_tables.h"

#include <algorithm>
#include <utility>

#include <arrow/chunked_array.h>
#include <arrow/table.h>
#include <arrow/type.h>

#include "tidemill/base/text.h"

#include "delta_arrow.h"

namespace tidemill::dataset {

std::string KeyText(const std::vector<MatchedColumn>& key, bool of_after, std::size_t row) {
  std::string text;
  for (const MatchedColumn& column : key) {
    if (!text.empty()) text += ' ';
    text += CellText(of_after ? *column.after : *column.before, static_cast<std::int64_t>(row));
  }
  return text;
}

base::Result<MatchedTables> MatchTables(const arrow::Table& before, const arrow::Table& after,
                                        const std::vector<std::string>& key) {
  MatchedTables tables;
  std::vector<CodePair> key_codes;
  for (const std::string& name : key) {
    const auto old_column = before.GetColumnByName(name);
    const auto new_column = after.GetColumnByName(name);
    if (!old_column || !new_column) {
      return base::Fail(base::ErrorCode::kInvalid, "key column {} is missing {} the change, expected it in both tables",
                        base::Quoted(name), old_column ? "after" : "before");
    }
    key_codes.push_back(EncodeTogether(*old_column, *new_column));
    tables.key.push_back({name, false, old_column.get(), new_column.get()});
  }
  tables.match =
      MatchKeys(key_codes, static_cast<std::size_t>(before.num_rows()), static_cast<std::size_t>(after.num_rows()));
  for (std::size_t i = 0; i < key.size(); ++i) tables.key[i].codes = std::move(key_codes[i]);
  if (const std::int64_t row = tables.match.repeated_after; row >= 0) {
    return base::Fail(base::ErrorCode::kInvalid, "key {} occurs twice, expected every key ({}) once",
                      base::Quoted(KeyText(tables.key, true, static_cast<std::size_t>(row))), base::Join(key, ", "));
  }
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

}  // namespace tidemill::dataset
