// SPDX-License-Identifier: Apache-2.0
#include "parquet_bytes.h"

#include <algorithm>

#include <arrow/buffer.h>
#include <arrow/io/memory.h>
#include <arrow/table.h>
#include <parquet/arrow/reader.h>
#include <parquet/file_reader.h>
#include <parquet/metadata.h>
#include <parquet/properties.h>

#include "tidemill/dataset/arrow_result.h"
#include "tidemill/dataset/dataset.h"

namespace tidemill::dataset {
namespace {

base::Status CheckSize(const parquet::FileMetaData& metadata) {
  std::int64_t bytes = 0;
  for (int i = 0; i < metadata.num_row_groups(); ++i) {
    const std::int64_t group = metadata.RowGroup(i)->total_byte_size();
    if (group < 0 || group > kMostParquetBytes - bytes) {
      return base::Fail(base::ErrorCode::kTooLarge, "the Parquet file grows to more than {} bytes", kMostParquetBytes);
    }
    bytes += group;
  }
  return {};
}

std::vector<int> PositionsOf(const arrow::Schema& schema, const std::vector<std::string>& columns) {
  std::vector<int> positions;
  for (int i = 0; i < schema.num_fields(); ++i) {
    if (std::find(columns.begin(), columns.end(), schema.field(i)->name()) != columns.end()) positions.push_back(i);
  }
  return positions;
}

base::Result<std::shared_ptr<arrow::Table>> Read(std::string bytes, const std::vector<std::string>& columns) {
  constexpr std::string_view kWhat = "read Parquet";
  auto source = std::make_shared<arrow::io::BufferReader>(arrow::Buffer::FromString(std::move(bytes)));
  parquet::arrow::FileReaderBuilder builder;
  TIDEMILL_CHECK(FromArrow(builder.Open(std::move(source)), kWhat));
  TIDEMILL_CHECK(CheckSize(*builder.raw_reader()->metadata()));
  parquet::ArrowReaderProperties properties(/*use_threads=*/false);
  properties.set_pre_buffer(false);  // the bytes are in memory
  builder.properties(properties);
  TIDEMILL_ASSIGN(const auto reader, FromArrow(builder.Build(), kWhat));
  if (columns.empty()) return FromArrow(reader->ReadTable(), kWhat);
  std::shared_ptr<arrow::Schema> schema;
  TIDEMILL_CHECK(FromArrow(reader->GetSchema(&schema), kWhat));
  // Positions of the schema are positions of leaves only while no column is nested.
  for (const auto& field : schema->fields()) {
    if (field->type()->num_fields() > 0) return FromArrow(reader->ReadTable(), kWhat);
  }
  return FromArrow(reader->ReadTable(PositionsOf(*schema, columns)), kWhat);
}

}  // namespace

base::Result<std::shared_ptr<arrow::Table>> FromParquet(std::string bytes) {
  return FromParquetColumns(std::move(bytes), {});
}

base::Result<std::shared_ptr<arrow::Table>> FromParquetColumns(std::string bytes,
                                                               const std::vector<std::string>& columns) {
  return Guarded("read Parquet", [&] { return Read(std::move(bytes), columns); });
}

}  // namespace tidemill::dataset
