// SPDX-License-Identifier: Apache-2.0
#include "tidemill/dataset/arrow_sink.h"

#include "tidemill/dataset/arrow_result.h"

namespace tidemill::dataset {

ArrowSink::ArrowSink(const base::ByteSink& sink) : sink_(sink) {
  set_mode(arrow::io::FileMode::WRITE);
}

arrow::Status ArrowSink::Close() {
  closed_ = true;
  return arrow::Status::OK();
}

arrow::Status ArrowSink::Write(const void* data, std::int64_t bytes) {
  if (status_) status_ = sink_({static_cast<const char*>(data), static_cast<std::size_t>(bytes)});
  if (!status_) return arrow::Status::IOError(status_.error().message);
  written_ += bytes;
  return arrow::Status::OK();
}

base::Status ArrowSink::ToStatus(const arrow::Status& status, std::string_view what) const {
  if (!status_) return status_;
  return FromArrow(status, what);
}

}  // namespace tidemill::dataset
