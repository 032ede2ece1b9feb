// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include <arrow/type_fwd.h>

#include "tidemill/base/result.h"

namespace tidemill::dataset {

// All batches as one table. Errors: those of the reader.
base::Result<std::shared_ptr<arrow::Table>> ReadAll(arrow::RecordBatchReader& batches);

// Types what delimited text leaves as texts: a column becomes int64 or float64 where all its values are such numbers in
// their plain form. "007" and "+1" are none, for they would lose what makes them codes. Blanks are null either way.
base::Result<std::shared_ptr<arrow::Table>> TypeTexts(const std::shared_ptr<arrow::Table>& table);

}  // namespace tidemill::dataset
