// SPDX-License-Identifier: Apache-2.0
// Arrow IPC files and streams, and Parquet, batch by batch.
#include <utility>

#include <arrow/ipc/writer.h>
#include <arrow/record_batch.h>

#include "tidemill/dataset/arrow_result.h"
#include "tidemill/dataset/arrow_sink.h"
#include "tidemill/dataset/parquet_writer.h"

#include "answer_encoders.h"

namespace tidemill::query {
namespace {

constexpr std::string_view kWriteAnswer = "write Arrow";

class IpcEncoder final : public AnswerEncoder {
 public:
  IpcEncoder(QueryResult result, Format format) : result_(std::move(result)), format_(format) {}

  base::Result<bool> Next(std::string& out) override {
    if (!writer_) TIDEMILL_CHECK(dataset::FromArrow(Open(), kWriteAnswer));
    const bool more = at_ < result_.rows();
    if (more) {
      TIDEMILL_ASSIGN(const auto batch, result_.Read(at_, kBlock));
      TIDEMILL_CHECK(dataset::FromArrow(writer_->WriteRecordBatch(*batch), kWriteAnswer));
      at_ += static_cast<std::size_t>(batch->num_rows());
    } else {
      TIDEMILL_CHECK(dataset::FromArrow(writer_->Close(), kWriteAnswer));
    }
    out += std::exchange(bytes_, {});
    return more;
  }

 private:
  arrow::Status Open() {
    const bool file = format_ == Format::kArrow;
    ARROW_ASSIGN_OR_RAISE(writer_, file ? arrow::ipc::MakeFileWriter(stream_, result_.schema)
                                        : arrow::ipc::MakeStreamWriter(stream_, result_.schema));
    return arrow::Status::OK();
  }

  QueryResult result_;
  Format format_;
  std::string bytes_;
  base::ByteSink sink_ = [this](std::string_view piece) -> base::Status {
    bytes_ += piece;
    return {};
  };
  std::shared_ptr<dataset::ArrowSink> stream_ = std::make_shared<dataset::ArrowSink>(sink_);
  std::shared_ptr<arrow::ipc::RecordBatchWriter> writer_;
  std::size_t at_ = 0;
};

class ParquetEncoder final : public AnswerEncoder {
 public:
  explicit ParquetEncoder(QueryResult result) : result_(std::move(result)) {}

  base::Result<bool> Next(std::string& out) override {
    if (!writer_) {
      TIDEMILL_ASSIGN(writer_, dataset::ParquetWriter::Open(result_.schema));
    }
    const bool more = at_ < result_.rows();
    if (more) {
      TIDEMILL_ASSIGN(const auto batch, result_.Read(at_, kBlock));
      TIDEMILL_CHECK(writer_->Write(*batch));
      at_ += static_cast<std::size_t>(batch->num_rows());
    } else {
      TIDEMILL_CHECK(writer_->Finish());
    }
    out += writer_->TakeBytes();
    return more;
  }

 private:
  QueryResult result_;
  std::unique_ptr<dataset::ParquetWriter> writer_;
  std::size_t at_ = 0;
};

}  // namespace

std::unique_ptr<AnswerEncoder> MakeArrowEncoder(QueryResult result, Format format) {
  if (format == Format::kParquet) return std::make_unique<ParquetEncoder>(std::move(result));
  return std::make_unique<IpcEncoder>(std::move(result), format);
}

}  // namespace tidemill::query
