// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include <arrow/io/interfaces.h>
#include <arrow/result.h>

#include "tidemill/base/byte_sink.h"

namespace tidemill::dataset {

// An Arrow stream whose bytes go to a sink of ours. It keeps the sink's own error, for Arrow's says less.
class ArrowSink final : public arrow::io::OutputStream {
 public:
  // `sink` must outlive it.
  explicit ArrowSink(const base::ByteSink& sink);

  arrow::Status Close() override;
  bool closed() const override { return closed_; }
  arrow::Result<std::int64_t> Tell() const override { return written_; }
  using arrow::io::OutputStream::Write;
  arrow::Status Write(const void* data, std::int64_t bytes) override;

  // The sink's error where it had one, else that of Arrow.
  base::Status ToStatus(const arrow::Status& status, std::string_view what) const;

 private:
  const base::ByteSink& sink_;
  base::Status status_;
  std::int64_t written_ = 0;
  bool closed_ = false;
};

}  // namespace tidemill::dataset
