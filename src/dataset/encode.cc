// SPDX-License-Identifier: Apache-2.0
#include "tidemill/dataset/dataset.h"
#include "tidemill/frame/parquet.h"

#include "column_roles.h"
#include "program_name.h"

namespace tidemill::dataset {
namespace {

// Rows of a table come sorted, so a reader of ranges fetches a group or two of these.
constexpr std::size_t kRowsPerGroup = std::size_t{32} * 1024;
constexpr std::size_t kRowsOfPlainGroup = std::size_t{1024} * 1024;

}  // namespace

std::string_view ProgramName() {
  return "tidemill version " TIDEMILL_VERSION;
}

base::Result<std::string> ToVersionParquet(const std::shared_ptr<const frame::Frame>& rows) {
  return frame::ToParquet(
      *LineageLast(rows),
      {.codec = frame::ParquetCodec::kZstd, .rows_per_group = kRowsPerGroup, .created_by = std::string(ProgramName())});
}

base::Result<std::string> ToPlainParquet(const frame::Frame& rows) {
  return frame::ToParquet(rows, {.codec = frame::ParquetCodec::kSnappy,
                                 .rows_per_group = kRowsOfPlainGroup,
                                 .created_by = std::string(ProgramName())});
}

}  // namespace tidemill::dataset
