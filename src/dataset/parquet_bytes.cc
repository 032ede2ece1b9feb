// SPDX-License-Identifier: Apache-2.0
#include "parquet_bytes.h"

#include <algorithm>

#include <arrow/buffer.h>
#include <arrow/io/memory.h>
#include <arrow/table.h>
#include <arrow/util/key_value_metadata.h>
#include <parquet/arrow/reader.h>
#include <parquet/arrow/writer.h>
#include <parquet/file_reader.h>
#include <parquet/metadata.h>
#include <parquet/properties.h>

#include "tidemill/dataset/arrow_result.h"
#include "tidemill/dataset/dataset.h"

#include "column_roles.h"
#include "pandas_metadata.h"

namespace tidemill::dataset {
namespace {

// Rows of a table come sorted, so a reader of ranges fetches a group or two of these.
constexpr std::int64_t kRowsPerGroup = 32 * 1024;
constexpr std::int64_t kRowsOfPlainGroup = 1024 * 1024;

// Columns that a reader asks for ranges of. Statistics of a dictionary cost a pass over its rows.
bool IsAskedFor(const arrow::Field& field) {
  const Role role = RoleOf(field);
  return role == Role::kDimension || role == Role::kTime || role == Role::kMeasure;
}

std::shared_ptr<parquet::WriterProperties> PropertiesFor(const arrow::Schema& schema, bool snappy) {
  parquet::WriterProperties::Builder builder;
  builder.version(parquet::ParquetVersion::PARQUET_2_6)
      ->created_by(std::string(ProgramName()))
      ->compression(snappy ? parquet::Compression::SNAPPY : parquet::Compression::ZSTD)
      ->max_row_group_length(snappy ? kRowsOfPlainGroup : kRowsPerGroup)
      // Groups are small already: an index of their pages would only lengthen the footer's neighbourhood.
      ->disable_write_page_index()
      ->set_size_statistics_level(parquet::SizeStatisticsLevel::None);
  for (const auto& field : schema.fields()) {
    if (!IsAskedFor(*field)) builder.disable_statistics(field->name());
  }
  return builder.build();
}

base::Result<std::string> Write(const arrow::Table& table, bool snappy) {
  constexpr std::string_view kWhat = "write Parquet";
  TIDEMILL_ASSIGN(auto sink, FromArrow(arrow::io::BufferOutputStream::Create(64 * 1024), kWhat));
  const auto arrow_properties = parquet::ArrowWriterProperties::Builder().store_schema()->build();
  TIDEMILL_CHECK(FromArrow(
      parquet::arrow::WriteTable(table, arrow::default_memory_pool(), sink, snappy ? kRowsOfPlainGroup : kRowsPerGroup,
                                 PropertiesFor(*table.schema(), snappy), arrow_properties),
      kWhat));
  TIDEMILL_ASSIGN(const auto buffer, FromArrow(sink->Finish(), kWhat));
  return buffer->ToString();
}

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

std::string_view ProgramName() {
  return "tidemill version " TIDEMILL_VERSION;
}

base::Result<std::string> ToParquet(const arrow::Table& rows, bool pandas_index, bool snappy) {
  return Guarded("write Parquet", [&]() -> base::Result<std::string> {
    const auto ordered = LineageLast(rows);
    if (!pandas_index) return Write(*ordered, snappy);
    auto metadata = arrow::key_value_metadata({"pandas"}, {PandasMetadata(*ordered)});
    return Write(*ordered->ReplaceSchemaMetadata(std::move(metadata)), snappy);
  });
}

base::Result<std::shared_ptr<arrow::Table>> FromParquet(std::string bytes) {
  return FromParquetColumns(std::move(bytes), {});
}

base::Result<std::shared_ptr<arrow::Table>> FromParquetColumns(std::string bytes,
                                                               const std::vector<std::string>& columns) {
  return Guarded("read Parquet", [&] { return Read(std::move(bytes), columns); });
}

}  // namespace tidemill::dataset
