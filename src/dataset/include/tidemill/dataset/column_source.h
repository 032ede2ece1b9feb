// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include <arrow/type_fwd.h>

#include "tidemill/base/file_store.h"
#include "tidemill/base/result.h"
#include "tidemill/dataset/dataset.h"

namespace tidemill::dataset {

// A table whose columns are read when they are asked for, so that a large one is never whole in memory.
class ColumnSource {
 public:
  virtual ~ColumnSource() = default;
  virtual const arrow::Schema& schema() const = 0;
  virtual std::int64_t rows() const = 0;
  // The column at that place of the schema. A text column may come as a dictionary of texts. Errors: kMalformed (a
  // broken file or table), kTooLarge.
  virtual base::Result<std::shared_ptr<arrow::ChunkedArray>> Read(int column) const = 0;
};

// A table in memory; it must outlive the source.
std::unique_ptr<const ColumnSource> ColumnsOfTable(const arrow::Table& table);
// A Parquet file's bytes. Errors: kMalformed, kTooLarge.
base::Result<std::unique_ptr<const ColumnSource>> ColumnsOfParquet(std::string bytes);
// The rows of a version, as ReadRows gives them.
base::Result<std::unique_ptr<const ColumnSource>> ColumnsOfVersion(const base::FileStore& store, std::string_view table,
                                                                   const Version& version);

}  // namespace tidemill::dataset
