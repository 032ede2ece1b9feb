// SPDX-License-Identifier: Apache-2.0
#include "rows.h"

#include <algorithm>
#include <utility>

#include <arrow/array/util.h>
#include <arrow/chunked_array.h>
#include <arrow/compute/cast.h>
#include <arrow/scalar.h>
#include <arrow/table.h>
#include <arrow/type.h>

#include "tidemill/base/text.h"
#include "tidemill/dataset/arrow_result.h"

#include "delta_arrow.h"
#include "parquet_bytes.h"

namespace tidemill::dataset {
namespace {

using Chunks = std::shared_ptr<arrow::ChunkedArray>;

struct Part {
  const DataFile* file = nullptr;
  std::shared_ptr<arrow::Table> rows;
};

base::Result<std::shared_ptr<arrow::DataType>> TypeOf(const DeltaField& field) {
  auto type = ArrowTypeOf(field);
  if (!type) {
    return base::Fail(base::ErrorCode::kUnsupported, "column {} has Delta's type {}, expected a primitive one",
                      base::Quoted(field.name), base::Quoted(field.type));
  }
  return type;
}

// The one value that the log holds for all rows of a file; an empty text is a null.
base::Result<Chunks> PartitionColumn(const DeltaField& field, const Part& part) {
  TIDEMILL_ASSIGN(const auto type, TypeOf(field));
  const auto found = part.file->partition.find(field.name);
  const bool null = found == part.file->partition.end() || !found->second || found->second->empty();
  if (null) {
    TIDEMILL_ASSIGN(auto nulls, FromArrow(arrow::MakeArrayOfNull(type, part.rows->num_rows()), "make a column"));
    return std::make_shared<arrow::ChunkedArray>(std::move(nulls));
  }
  const std::string what =
      fmt::format("read the value {} of partition column {}", base::Quoted(*found->second), base::Quoted(field.name));
  TIDEMILL_ASSIGN(const auto scalar, FromArrow(arrow::Scalar::Parse(type, *found->second), what));
  TIDEMILL_ASSIGN(auto values, FromArrow(arrow::MakeArrayFromScalar(*scalar, part.rows->num_rows()), what));
  return std::make_shared<arrow::ChunkedArray>(std::move(values));
}

base::Result<Chunks> ColumnOf(const DeltaField& field, const Part& part, const std::vector<std::string>& partitions) {
  if (std::find(partitions.begin(), partitions.end(), field.name) != partitions.end()) {
    return PartitionColumn(field, part);
  }
  if (auto column = part.rows->GetColumnByName(field.name)) return column;
  TIDEMILL_ASSIGN(const auto type, TypeOf(field));
  TIDEMILL_ASSIGN(auto nulls, FromArrow(arrow::MakeArrayOfNull(type, part.rows->num_rows()), "make a column"));
  return std::make_shared<arrow::ChunkedArray>(std::move(nulls));
}

// One column of all files. Where their types differ (a type was widened, a text is a dictionary in some), all become
// the type of the log.
base::Result<Chunks> Joined(const DeltaField& field, const std::vector<Chunks>& columns) {
  if (columns.empty()) {
    TIDEMILL_ASSIGN(auto type, TypeOf(field));
    return std::make_shared<arrow::ChunkedArray>(arrow::ArrayVector{}, std::move(type));
  }
  std::shared_ptr<arrow::DataType> type = columns.front()->type();
  const bool same = std::all_of(columns.begin(), columns.end(), [&](const auto& c) { return c->type()->Equals(type); });
  if (!same) {
    TIDEMILL_ASSIGN(type, TypeOf(field));
  }
  arrow::ArrayVector chunks;
  for (const Chunks& column : columns) {
    for (const auto& chunk : column->chunks()) {
      if (chunk->type()->Equals(type)) {
        chunks.push_back(chunk);
        continue;
      }
      TIDEMILL_ASSIGN(chunks.emplace_back(), FromArrow(arrow::compute::Cast(*chunk, type),
                                                       fmt::format("read column {}", base::Quoted(field.name))));
    }
  }
  return std::make_shared<arrow::ChunkedArray>(std::move(chunks), std::move(type));
}

base::Result<std::shared_ptr<arrow::Table>> Assemble(const std::vector<DeltaField>& fields,
                                                     const std::vector<Part>& parts,
                                                     const std::vector<std::string>& partitions) {
  std::vector<std::shared_ptr<arrow::Field>> arrow_fields;
  std::vector<Chunks> columns;
  for (const DeltaField& field : fields) {
    std::vector<Chunks> pieces;
    for (const Part& part : parts) {
      TIDEMILL_ASSIGN(pieces.emplace_back(), ColumnOf(field, part, partitions));
    }
    TIDEMILL_ASSIGN(columns.emplace_back(), Joined(field, pieces));
    arrow_fields.push_back(ToArrowField(field, columns.back()->type()));
  }
  std::int64_t rows = 0;
  for (const Part& part : parts) rows += part.rows->num_rows();
  return arrow::Table::Make(arrow::schema(std::move(arrow_fields)), std::move(columns), rows);
}

}  // namespace

base::Result<std::shared_ptr<arrow::Table>> ReadColumns(const base::FileStore& store, std::string_view table,
                                                        const Version& version, const std::vector<DeltaField>& fields) {
  std::vector<std::string> names;
  for (const DeltaField& field : fields) names.push_back(field.name);
  std::vector<Part> parts;
  for (const DataFile& file : version.files) {
    const std::string path = fmt::format("{}/{}", table, file.path);
    TIDEMILL_ASSIGN(std::string bytes, store.Read(path));
    auto rows = FromParquetColumns(std::move(bytes), names);
    if (!rows) {
      rows.error().place = path;
      return tl::unexpected(std::move(rows).error());
    }
    parts.push_back({&file, *std::move(rows)});
  }
  return Guarded("read a version's rows", [&] { return Assemble(fields, parts, version.partition_columns); });
}

base::Result<std::shared_ptr<arrow::Table>> ReadRows(const base::FileStore& store, std::string_view table,
                                                     const Version& version) {
  const std::string place = fmt::format("{}, version {}", table, version.number);
  TIDEMILL_ASSIGN(const auto fields, ParseSchemaString(version.schema, place));
  return ReadColumns(store, table, version, fields);
}

}  // namespace tidemill::dataset
