// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <arrow/type_fwd.h>

#include "tidemill/base/byte_sink.h"

namespace tidemill::dataset {

// Writes a table as one Parquet file, batch by batch: a row group is in memory, not the table. Dictionary columns of
// texts become plain string columns of the file, kept small by the same dictionary. Errors: that of `sink`, that of
// `batches` (kTooLarge, kMalformed).
base::Status WriteParquet(arrow::RecordBatchReader& batches, const base::ByteSink& sink);

}  // namespace tidemill::dataset
