// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <arrow/type_fwd.h>

#include "tidemill/base/byte_sink.h"

// CSV after RFC 4180: UTF-8, a header line, quotes only where needed, LF at the end of a line, no mark in front. Null
// is nothing, an empty text is "".
namespace tidemill::query {

void AppendCsvHeader(std::string& out, const arrow::Schema& schema);
// The rows of one batch. kUnsupported for a type that has no text; nothing is appended then.
base::Status AppendCsv(std::string& out, const arrow::RecordBatch& batch);
// Header and rows, in pieces. Errors: those above, that of `sink`, that of `batches`.
base::Status EncodeCsv(arrow::RecordBatchReader& batches, const base::ByteSink& sink);

}  // namespace tidemill::query
