// SPDX-License-Identifier: Apache-2.0
#include <unordered_map>

#include <arrow/array.h>
#include <arrow/array/builder_binary.h>
#include <arrow/array/builder_primitive.h>
#include <arrow/array/concatenate.h>
#include <arrow/compute/api_vector.h>
#include <arrow/table.h>
#include <arrow/type.h>

#include "tidemill/dataset/arrow_result.h"
#include "tidemill/query/versions.h"

#include "version_rows.h"

namespace tidemill::query {
namespace {

constexpr std::string_view kCompare = "compare versions";

// A row of each version; -1 where it has none.
struct Changes {
  std::vector<std::int64_t> before, after;
  std::vector<std::string> kinds;

  void Add(std::int64_t old_row, std::int64_t new_row, const char* kind) {
    before.push_back(old_row);
    after.push_back(new_row);
    kinds.emplace_back(kind);
  }
};

Changes Compare(const KeyedRows& before, const KeyedRows& after, Difference& difference) {
  std::unordered_map<std::string_view, std::int64_t> places;
  for (std::size_t row = 0; row < before.keys.size(); ++row) {
    places.emplace(before.keys[row], static_cast<std::int64_t>(row));
  }
  Changes changes;
  for (std::size_t row = 0; row < after.keys.size(); ++row) {
    const auto found = places.find(after.keys[row]);
    const auto now = static_cast<std::int64_t>(row);
    if (found == places.end()) {
      changes.Add(-1, now, "added");
      ++difference.added;
      continue;
    }
    if (before.facts[static_cast<std::size_t>(found->second)] != after.facts[row]) {
      changes.Add(found->second, now, "revised");
      ++difference.revised;
    }
    places.erase(found);
  }
  for (std::size_t row = 0; row < before.keys.size(); ++row) {
    if (places.find(before.keys[row]) == places.end()) continue;
    changes.Add(static_cast<std::int64_t>(row), -1, "removed");
    ++difference.removed;
  }
  return changes;
}

class DifferenceTable {
 public:
  DifferenceTable(const Cube& before, const Cube& after, const Changes& changes)
      : before_(before), after_(after), changes_(changes) {}

  base::Status AddKinds() {
    arrow::StringBuilder builder;
    TIDEMILL_CHECK(dataset::FromArrow(builder.AppendValues(changes_.kinds), kCompare));
    TIDEMILL_ASSIGN(const auto kinds, dataset::FromArrow(builder.Finish(), kCompare));
    Column column;
    column.role = Role::kAttribute;
    column.type = "string";
    Add("change", column, kinds);
    return {};
  }

  // A removed row's key is in the older version alone.
  base::Status AddKey(const Column& column) {
    const auto type = PlainType(after_, column.name);
    TIDEMILL_ASSIGN(const auto now, PlainValues(after_, column.name, changes_.after, type));
    TIDEMILL_ASSIGN(const auto then, PlainValues(before_, column.name, changes_.before, type));
    TIDEMILL_ASSIGN(const auto both, dataset::FromArrow(arrow::Concatenate({now, then}), kCompare));
    arrow::Int64Builder builder;
    const std::int64_t count = now->length();
    for (std::int64_t i = 0; i < count; ++i) {
      const bool removed = changes_.after[static_cast<std::size_t>(i)] < 0;
      TIDEMILL_CHECK(dataset::FromArrow(builder.Append(removed ? count + i : i), kCompare));
    }
    TIDEMILL_ASSIGN(const auto places, dataset::FromArrow(builder.Finish(), kCompare));
    TIDEMILL_ASSIGN(const auto either, dataset::FromArrow(arrow::compute::Take(*both, *places), kCompare));
    Add(column.name, column, either);
    return {};
  }

  base::Status AddFact(const Column& column) {
    const auto type = PlainType(after_, column.name);
    TIDEMILL_ASSIGN(const auto then, PlainValues(before_, column.name, changes_.before, type));
    Add(column.name + "_old", column, then);
    columns_.back().of = column.of.empty() ? "" : column.of + "_old";
    TIDEMILL_ASSIGN(const auto now, PlainValues(after_, column.name, changes_.after, type));
    Add(column.name, column, now);
    return {};
  }

  base::Result<std::shared_ptr<const Cube>> Make() const {
    const auto table = arrow::Table::Make(arrow::schema(fields_), arrays_);
    return MakeCube(*dataset::ColumnsOfTable(*table), columns_);
  }

 private:
  void Add(const std::string& name, Column column, const std::shared_ptr<arrow::Array>& array) {
    column.name = name;
    column.index = static_cast<int>(columns_.size());
    columns_.push_back(std::move(column));
    fields_.push_back(arrow::field(name, array->type()));
    arrays_.push_back(array);
  }

  const Cube& before_;
  const Cube& after_;
  const Changes& changes_;
  std::vector<Column> columns_;
  arrow::FieldVector fields_;
  arrow::ArrayVector arrays_;
};

}  // namespace

base::Result<Difference> MakeDifference(const std::shared_ptr<const Cube>& before,
                                        const std::shared_ptr<const Cube>& after, const std::vector<Column>& columns) {
  return dataset::Guarded(kCompare, [&]() -> base::Result<Difference> {
    TIDEMILL_ASSIGN(const KeyedRows old_rows, ReadKeyedRows(*before, columns));
    TIDEMILL_ASSIGN(const KeyedRows new_rows, ReadKeyedRows(*after, columns));
    Difference difference;
    const Changes changes = Compare(old_rows, new_rows, difference);
    DifferenceTable table(*before, *after, changes);
    TIDEMILL_CHECK(table.AddKinds());
    for (const Column& column : columns) {
      if (after->Find(column.name) < 0) continue;
      if (IsKey(column)) TIDEMILL_CHECK(table.AddKey(column));
      if (IsFact(column)) TIDEMILL_CHECK(table.AddFact(column));
    }
    TIDEMILL_ASSIGN(difference.cube, table.Make());
    return difference;
  });
}

}  // namespace tidemill::query
