// SPDX-License-Identifier: Apache-2.0
#include "tidemill/dataset/parquet_stream.h"

#include <arrow/record_batch.h>
#include <arrow/type.h>
#include <parquet/arrow/writer.h>
#include <parquet/properties.h>

#include "tidemill/dataset/arrow_result.h"
#include "tidemill/dataset/arrow_sink.h"

#include "program_name.h"

namespace tidemill::dataset {
namespace {

constexpr std::string_view kWriteStream = "write Parquet";
constexpr std::int64_t kRowsPerStreamGroup = 128 * 1024;

// Looking for repeats among numbers costs more than all the rest of writing them: whole numbers are kept as
// differences, others with their bytes side by side. Texts that repeat come as dictionaries already.
void EncodeColumn(parquet::WriterProperties::Builder& builder, const arrow::Field& field) {
  const std::string& name = field.name();
  switch (field.type()->id()) {
    case arrow::Type::DICTIONARY:
      builder.enable_dictionary(name)->disable_statistics(name);
      break;
    case arrow::Type::STRING:
      builder.disable_statistics(name);
      break;
    case arrow::Type::INT64:
    case arrow::Type::DATE32:
    case arrow::Type::TIMESTAMP:
      builder.encoding(name, parquet::Encoding::DELTA_BINARY_PACKED);
      break;
    case arrow::Type::DOUBLE:
      builder.encoding(name, parquet::Encoding::BYTE_STREAM_SPLIT);
      break;
    default:
      break;
  }
}

std::shared_ptr<parquet::WriterProperties> PropertiesFor(const arrow::Schema& schema) {
  parquet::WriterProperties::Builder builder;
  builder.version(parquet::ParquetVersion::PARQUET_2_6)
      ->created_by(std::string(ProgramName()))
      ->compression(parquet::Compression::ZSTD)
      ->compression_level(1)
      ->max_row_group_length(kRowsPerStreamGroup)
      ->disable_dictionary()
      ->disable_write_page_index()
      ->set_size_statistics_level(parquet::SizeStatisticsLevel::None);
  for (const auto& field : schema.fields()) EncodeColumn(builder, *field);
  return builder.build();
}

arrow::Status WriteAll(arrow::RecordBatchReader& batches, std::shared_ptr<ArrowSink> sink) {
  const auto schema = batches.schema();
  // Without the schema of Arrow in the file: a reader sees strings where there are dictionaries.
  const auto arrow_properties = parquet::ArrowWriterProperties::Builder().build();
  ARROW_ASSIGN_OR_RAISE(const auto writer,
                        parquet::arrow::FileWriter::Open(*schema, arrow::default_memory_pool(), std::move(sink),
                                                         PropertiesFor(*schema), arrow_properties));
  for (;;) {
    std::shared_ptr<arrow::RecordBatch> batch;
    ARROW_RETURN_NOT_OK(batches.ReadNext(&batch));
    if (!batch) return writer->Close();
    ARROW_RETURN_NOT_OK(writer->WriteRecordBatch(*batch));
  }
}

}  // namespace

base::Status WriteParquet(arrow::RecordBatchReader& batches, const base::ByteSink& sink) {
  return Guarded(kWriteStream, [&] {
    const auto stream = std::make_shared<ArrowSink>(sink);
    return stream->ToStatus(WriteAll(batches, stream), kWriteStream);
  });
}

}  // namespace tidemill::dataset
