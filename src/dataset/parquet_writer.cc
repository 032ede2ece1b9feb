// SPDX-License-Identifier: Apache-2.0
#include "tidemill/dataset/parquet_writer.h"

#include <utility>

#include <arrow/record_batch.h>
#include <parquet/arrow/writer.h>
#include <parquet/properties.h>

#include "tidemill/dataset/arrow_result.h"
#include "tidemill/dataset/arrow_sink.h"

#include "program_name.h"

namespace tidemill::dataset {
namespace {

constexpr std::string_view kWriteParquet = "write Parquet";
constexpr std::int64_t kRowsPerWrittenGroup = 64 * 1024;

std::shared_ptr<parquet::WriterProperties> Properties() {
  parquet::WriterProperties::Builder builder;
  builder.version(parquet::ParquetVersion::PARQUET_2_6)
      ->created_by(std::string(ProgramName()))
      ->compression(parquet::Compression::SNAPPY)
      ->max_row_group_length(kRowsPerWrittenGroup)
      ->disable_write_page_index();
  return builder.build();
}

}  // namespace

struct ParquetWriter::Impl {
  std::string bytes;
  base::ByteSink sink = [this](std::string_view piece) -> base::Status {
    bytes += piece;
    return {};
  };
  std::shared_ptr<ArrowSink> stream = std::make_shared<ArrowSink>(sink);
  std::unique_ptr<parquet::arrow::FileWriter> writer;

  arrow::Status Open(const std::shared_ptr<arrow::Schema>& schema) {
    const auto arrow_properties = parquet::ArrowWriterProperties::Builder().store_schema()->build();
    ARROW_ASSIGN_OR_RAISE(writer, parquet::arrow::FileWriter::Open(*schema, arrow::default_memory_pool(), stream,
                                                                   Properties(), arrow_properties));
    return arrow::Status::OK();
  }
};

ParquetWriter::ParquetWriter(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
ParquetWriter::~ParquetWriter() = default;

base::Result<std::unique_ptr<ParquetWriter>> ParquetWriter::Open(const std::shared_ptr<arrow::Schema>& schema) {
  return Guarded(kWriteParquet, [&]() -> base::Result<std::unique_ptr<ParquetWriter>> {
    auto impl = std::make_unique<Impl>();
    TIDEMILL_CHECK(FromArrow(impl->Open(schema), kWriteParquet));
    return std::unique_ptr<ParquetWriter>(new ParquetWriter(std::move(impl)));
  });
}

base::Status ParquetWriter::Write(const arrow::RecordBatch& batch) {
  return Guarded(kWriteParquet, [&] { return FromArrow(impl_->writer->WriteRecordBatch(batch), kWriteParquet); });
}

base::Status ParquetWriter::Finish() {
  return Guarded(kWriteParquet, [&] { return FromArrow(impl_->writer->Close(), kWriteParquet); });
}

std::string ParquetWriter::TakeBytes() {
  return std::exchange(impl_->bytes, {});
}

}  // namespace tidemill::dataset
