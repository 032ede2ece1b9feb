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

#include "tidemill/base/text.h"
#include "tidemill/dataset/arrow_result.h"
#include "tidemill/dataset/column_source.h"
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

constexpr std::string_view kReadParquet = "read Parquet";

enum class Texts { kAsStored, kAsDictionaries };

base::Result<std::unique_ptr<parquet::arrow::FileReader>> Open(std::string bytes, Texts texts) {
  auto source = std::make_shared<arrow::io::BufferReader>(arrow::Buffer::FromString(std::move(bytes)));
  parquet::arrow::FileReaderBuilder builder;
  TIDEMILL_CHECK(FromArrow(builder.Open(std::move(source)), kReadParquet));
  const auto metadata = builder.raw_reader()->metadata();
  TIDEMILL_CHECK(CheckSize(*metadata));
  parquet::ArrowReaderProperties properties(/*use_threads=*/false);
  properties.set_pre_buffer(false);  // the bytes are in memory
  for (int i = 0; i < metadata->num_columns() && texts == Texts::kAsDictionaries; ++i) {
    properties.set_read_dictionary(i, metadata->schema()->Column(i)->physical_type() == parquet::Type::BYTE_ARRAY);
  }
  builder.properties(properties);
  return FromArrow(builder.Build(), kReadParquet);
}

bool IsFlat(const arrow::Schema& schema) {
  return std::all_of(schema.fields().begin(), schema.fields().end(),
                     [](const auto& field) { return field->type()->num_fields() == 0; });
}

base::Result<std::shared_ptr<arrow::Table>> Read(std::string bytes, const std::vector<std::string>& columns) {
  TIDEMILL_ASSIGN(const auto reader, Open(std::move(bytes), Texts::kAsStored));
  if (columns.empty()) return FromArrow(reader->ReadTable(), kReadParquet);
  std::shared_ptr<arrow::Schema> schema;
  TIDEMILL_CHECK(FromArrow(reader->GetSchema(&schema), kReadParquet));
  // Positions of the schema are positions of leaves only while no column is nested.
  if (!IsFlat(*schema)) return FromArrow(reader->ReadTable(), kReadParquet);
  return FromArrow(reader->ReadTable(PositionsOf(*schema, columns)), kReadParquet);
}

class ParquetColumns : public ColumnSource {
 public:
  ParquetColumns(std::unique_ptr<parquet::arrow::FileReader> reader, std::shared_ptr<arrow::Schema> schema)
      : reader_(std::move(reader)), schema_(std::move(schema)) {}
  const arrow::Schema& schema() const override { return *schema_; }
  std::int64_t rows() const override { return reader_->parquet_reader()->metadata()->num_rows(); }
  base::Result<std::shared_ptr<arrow::ChunkedArray>> Read(int column) const override {
    return Guarded(kReadParquet, [&]() -> base::Result<std::shared_ptr<arrow::ChunkedArray>> {
      if (IsFlat(*schema_)) {
        std::shared_ptr<arrow::ChunkedArray> values;
        TIDEMILL_CHECK(FromArrow(reader_->ReadColumn(column, &values), kReadParquet));
        TIDEMILL_CHECK(CheckLength(column, values->length()));
        return values;
      }
      TIDEMILL_ASSIGN(const auto table, FromArrow(reader_->ReadTable(), kReadParquet));
      return table->column(column);
    });
  }

 private:
  base::Status CheckLength(int column, std::int64_t length) const {
    if (length == rows()) return {};
    return base::Fail(base::ErrorCode::kMalformed, "cannot read Parquet: column {} has {} rows, expected {}",
                      base::Quoted(schema_->field(column)->name()), length, rows());
  }

  std::unique_ptr<parquet::arrow::FileReader> reader_;
  std::shared_ptr<arrow::Schema> schema_;
};

}  // namespace

base::Result<std::unique_ptr<const ColumnSource>> ColumnsOfParquet(std::string bytes) {
  return Guarded(kReadParquet, [&]() -> base::Result<std::unique_ptr<const ColumnSource>> {
    TIDEMILL_ASSIGN(auto reader, Open(std::move(bytes), Texts::kAsDictionaries));
    std::shared_ptr<arrow::Schema> schema;
    TIDEMILL_CHECK(FromArrow(reader->GetSchema(&schema), kReadParquet));
    return std::make_unique<ParquetColumns>(std::move(reader), std::move(schema));
  });
}

base::Result<std::shared_ptr<arrow::Table>> FromParquet(std::string bytes) {
  return FromParquetColumns(std::move(bytes), {});
}

base::Result<std::shared_ptr<arrow::Table>> FromParquetColumns(std::string bytes,
                                                               const std::vector<std::string>& columns) {
  return Guarded(kReadParquet, [&] { return Read(std::move(bytes), columns); });
}

}  // namespace tidemill::dataset
