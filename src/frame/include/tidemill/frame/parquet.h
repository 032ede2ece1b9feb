// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>

#include "tidemill/base/result.h"
#include "tidemill/frame/frame.h"

namespace tidemill::frame {

enum class ParquetCodec { kZstd, kSnappy };

struct ParquetOptions {
  ParquetCodec codec = ParquetCodec::kZstd;
  std::size_t rows_per_group = std::size_t{32} * 1024;
  std::string created_by;  // "tidemill version 0.1.0"
};

// The frame as a Parquet file (format 2.6), written by hand: loading Arrow takes longer than this does. Columns are
// optional, dictionary-encoded where values repeat, in version 1 pages with smallest and greatest value and count of
// nulls for each group of rows. The Arrow schema is stored, so that its readers get the same types and metadata back;
// the frame's own metadata stands beside it. The same frame is the same bytes. kTooLarge where a text or a page of a
// column has 2 GiB or more.
base::Result<std::string> ToParquet(const Frame& frame, const ParquetOptions& options);

}  // namespace tidemill::frame
