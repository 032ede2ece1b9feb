// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <arrow/type_fwd.h>

#include "tidemill/base/byte_sink.h"

namespace tidemill::query {

// Writes a table as an Arrow IPC file (Feather version 2), batch by batch. Errors: that of `sink`, that of `batches`.
base::Status EncodeArrow(arrow::RecordBatchReader& batches, const base::ByteSink& sink);

}  // namespace tidemill::query
