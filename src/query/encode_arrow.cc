// SPDX-License-Identifier: Apache-2.0
#include "tidemill/query/encode_arrow.h"

#include <arrow/ipc/writer.h>
#include <arrow/record_batch.h>

#include "tidemill/dataset/arrow_result.h"
#include "tidemill/dataset/arrow_sink.h"

namespace tidemill::query {
namespace {

constexpr std::string_view kWriteArrow = "write Arrow";

arrow::Status WriteAll(arrow::RecordBatchReader& batches, std::shared_ptr<dataset::ArrowSink> sink) {
  ARROW_ASSIGN_OR_RAISE(const auto writer, arrow::ipc::MakeFileWriter(std::move(sink), batches.schema()));
  for (;;) {
    std::shared_ptr<arrow::RecordBatch> batch;
    ARROW_RETURN_NOT_OK(batches.ReadNext(&batch));
    if (!batch) return writer->Close();
    ARROW_RETURN_NOT_OK(writer->WriteRecordBatch(*batch));
  }
}

}  // namespace

base::Status EncodeArrow(arrow::RecordBatchReader& batches, const base::ByteSink& sink) {
  return dataset::Guarded(kWriteArrow, [&] {
    const auto stream = std::make_shared<dataset::ArrowSink>(sink);
    return stream->ToStatus(WriteAll(batches, stream), kWriteArrow);
  });
}

}  // namespace tidemill::query
