// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <utility>

#include <arrow/array.h>
#include <arrow/chunked_array.h>
#include <arrow/table.h>
#include <arrow/type.h>

#include "tidemill/base/text.h"
#include "tidemill/dataset/arrow_result.h"
#include "tidemill/dataset/dataset.h"

#include "column_codes.h"
#include "delta_log.h"
#include "parquet_bytes.h"

namespace tidemill::dataset {
namespace {

// One action's struct column, a chunk of it. Members that are absent, null or of another type are defaults.
class ActionColumn {
 public:
  explicit ActionColumn(const arrow::Array& array) : array_(static_cast<const arrow::StructArray&>(array)) {}

  bool Has(std::int64_t row) const { return array_.IsValid(row); }
  std::shared_ptr<arrow::Array> Member(const char* name) const { return array_.GetFieldByName(name); }
  std::string Text(const char* name, std::int64_t row) const {
    const auto member = Member(name);
    return member ? CellText(arrow::ChunkedArray(member), row) : std::string();
  }
  std::int64_t Int(const char* name, std::int64_t row, std::int64_t otherwise) const {
    const auto text = Text(name, row);
    return base::ParseInt(text).value_or(otherwise);
  }
  std::map<std::string, std::optional<std::string>> Map(const char* name, std::int64_t row) const {
    std::map<std::string, std::optional<std::string>> result;
    const auto member = Member(name);
    if (!member || member->type_id() != arrow::Type::MAP || member->IsNull(row)) return result;
    const auto& map = static_cast<const arrow::MapArray&>(*member);
    const arrow::ChunkedArray keys(map.keys());
    const arrow::ChunkedArray items(map.items());
    for (std::int64_t at = map.value_offset(row); at < map.value_offset(row + 1); ++at) {
      std::optional<std::string> item;
      if (map.items()->IsValid(at)) item = CellText(items, at);
      result.emplace(CellText(keys, at), std::move(item));
    }
    return result;
  }
  std::vector<std::string> List(const char* name, std::int64_t row) const {
    std::vector<std::string> result;
    const auto member = Member(name);
    if (!member || member->type_id() != arrow::Type::LIST || member->IsNull(row)) return result;
    const auto& list = static_cast<const arrow::ListArray&>(*member);
    const arrow::ChunkedArray values(list.values());
    for (std::int64_t at = list.value_offset(row); at < list.value_offset(row + 1); ++at) {
      result.push_back(CellText(values, at));
    }
    return result;
  }

 private:
  const arrow::StructArray& array_;
};

base::Result<AddFile> AddFrom(const ActionColumn& column, std::int64_t row, std::string_view place) {
  AddFile add;
  TIDEMILL_ASSIGN(add.file.path, DecodePath(column.Text("path", row), place));
  add.file.size = static_cast<std::uint64_t>(std::max<std::int64_t>(0, column.Int("size", row, 0)));
  add.file.rows = RowsOfStatistics(column.Text("stats", row));
  add.file.partition = column.Map("partitionValues", row);
  add.modification_time = column.Int("modificationTime", row, 0);
  const auto vector = column.Member("deletionVector");
  add.deletion_vector = vector && vector->IsValid(row);
  return add;
}

MetaData MetaDataFrom(const ActionColumn& column, std::int64_t row) {
  MetaData metadata;
  metadata.id = column.Text("id", row);
  metadata.facts.title = column.Text("name", row);
  metadata.facts.description = column.Text("description", row);
  metadata.schema_string = column.Text("schemaString", row);
  metadata.partition_columns = column.List("partitionColumns", row);
  metadata.created_time = column.Int("createdTime", row, 0);
  std::map<std::string, std::string> configuration;
  for (auto& [key, value] : column.Map("configuration", row)) {
    if (value) configuration.emplace(key, *std::move(value));
  }
  SetConfiguration(metadata, std::move(configuration));
  return metadata;
}

Protocol ProtocolFrom(const ActionColumn& column, std::int64_t row) {
  return {.reader = column.Int("minReaderVersion", row, 1),
          .writer = column.Int("minWriterVersion", row, 1),
          .reader_features = column.List("readerFeatures", row),
          .writer_features = column.List("writerFeatures", row)};
}

// Calls `use(column, row)` for every row that has the action.
template <class Use>
base::Status ForEach(const arrow::Table& table, const char* action, Use&& use) {
  const auto column = table.GetColumnByName(action);
  if (!column || column->type()->id() != arrow::Type::STRUCT) return {};
  for (const auto& chunk : column->chunks()) {
    const ActionColumn actions(*chunk);
    for (std::int64_t row = 0; row < chunk->length(); ++row) {
      if (actions.Has(row)) TIDEMILL_CHECK(use(actions, row));
    }
  }
  return {};
}

base::Result<Actions> ToActions(const arrow::Table& table, std::string_view place) {
  Actions actions;
  TIDEMILL_CHECK(ForEach(table, "add", [&](const ActionColumn& column, std::int64_t row) -> base::Status {
    TIDEMILL_ASSIGN(actions.adds.emplace_back(), AddFrom(column, row, place));
    return {};
  }));
  TIDEMILL_CHECK(ForEach(table, "metaData", [&](const ActionColumn& column, std::int64_t row) -> base::Status {
    actions.metadata = MetaDataFrom(column, row);
    return {};
  }));
  TIDEMILL_CHECK(ForEach(table, "protocol", [&](const ActionColumn& column, std::int64_t row) -> base::Status {
    actions.protocol = ProtocolFrom(column, row);
    return {};
  }));
  TIDEMILL_CHECK(ForEach(table, "sidecar", [&](const ActionColumn&, std::int64_t) -> base::Status {
    return base::FailAt(base::ErrorCode::kUnsupported, std::string(place),
                        "checkpoint has sidecars (the feature 'v2Checkpoint'), expected a classic one");
  }));
  return actions;
}

}  // namespace

base::Result<Actions> ParseCheckpoint(std::string bytes, std::string_view place) {
  auto table = FromParquet(std::move(bytes));
  if (!table) {
    table.error().place = std::string(place);
    return tl::unexpected(std::move(table).error());
  }
  return Guarded("read a checkpoint", [&] { return ToActions(**table, place); });
}

}  // namespace tidemill::dataset
