// SPDX-License-Identifier: Apache-2.0
#include "encode_batches.h"

#include <arrow/record_batch.h>

#include "tidemill/dataset/arrow_result.h"

namespace tidemill::query {
namespace {

constexpr std::int64_t kRowsOfPiece = 16 * 1024;

base::Status EncodeBatch(const arrow::RecordBatch& batch, const base::ByteSink& sink, AppendBatch append,
                         std::string& piece) {
  for (std::int64_t row = 0; row < batch.num_rows(); row += kRowsOfPiece) {
    piece.clear();
    TIDEMILL_CHECK(append(piece, *batch.Slice(row, kRowsOfPiece)));
    TIDEMILL_CHECK(sink(piece));
  }
  return {};
}

}  // namespace

base::Status EncodeBatches(arrow::RecordBatchReader& batches, const base::ByteSink& sink, AppendBatch append) {
  constexpr std::string_view kReading = "read the table";
  return dataset::Guarded(kReading, [&]() -> base::Status {
    std::string piece;
    for (;;) {
      std::shared_ptr<arrow::RecordBatch> batch;
      TIDEMILL_CHECK(dataset::FromArrow(batches.ReadNext(&batch), kReading));
      if (!batch) return {};
      TIDEMILL_CHECK(EncodeBatch(*batch, sink, append, piece));
    }
  });
}

}  // namespace tidemill::query
