// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <arrow/type_fwd.h>

#include "tidemill/base/byte_sink.h"

// A JSON object a line and row, its members in the order of the columns. Null and what is not finite are null, dates
// are strings.
namespace tidemill::query {

// The rows of one batch. kUnsupported for a type that has no text; nothing is appended then.
base::Status AppendNdjson(std::string& out, const arrow::RecordBatch& batch);
// All rows, in pieces. Errors: those above, that of `sink`, that of `batches`.
base::Status EncodeNdjson(arrow::RecordBatchReader& batches, const base::ByteSink& sink);

}  // namespace tidemill::query
