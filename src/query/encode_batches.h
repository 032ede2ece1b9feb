// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <arrow/type_fwd.h>

#include "tidemill/base/byte_sink.h"

namespace tidemill::query {

using AppendBatch = base::Status (*)(std::string& out, const arrow::RecordBatch& batch);

// Gives every batch, as `append` writes it, to `sink`: some thousand rows at a time.
base::Status EncodeBatches(arrow::RecordBatchReader& batches, const base::ByteSink& sink, AppendBatch append);

}  // namespace tidemill::query
