// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include <arrow/type_fwd.h>

#include "tidemill/base/result.h"

namespace tidemill::dataset {

// Writes a Parquet file batch by batch into memory that is taken away between two calls: for readers of answers, so
// snappy, which all of them know, and groups of 65,536 rows. Dictionaries come back as such where Arrow reads.
class ParquetWriter {
 public:
  static base::Result<std::unique_ptr<ParquetWriter>> Open(const std::shared_ptr<arrow::Schema>& schema);
  ~ParquetWriter();
  ParquetWriter(const ParquetWriter&) = delete;
  ParquetWriter& operator=(const ParquetWriter&) = delete;

  base::Status Write(const arrow::RecordBatch& batch);
  base::Status Finish();  // the footer; once, after all batches
  // What was written since it was asked last.
  std::string TakeBytes();

 private:
  struct Impl;
  explicit ParquetWriter(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace tidemill::dataset
