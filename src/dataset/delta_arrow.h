// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include <arrow/type_fwd.h>

#include "column_roles.h"
#include "delta_schema.h"

// Columns of Delta as columns of Arrow.
namespace tidemill::dataset {

Role RoleOf(const arrow::Field& field);

// The Arrow type of a primitive type of Delta; null where it is nested or unknown.
std::shared_ptr<arrow::DataType> ArrowTypeOf(const DeltaField& field);
// The field with the type given and Delta's metadata.
std::shared_ptr<arrow::Field> ToArrowField(const DeltaField& field, std::shared_ptr<arrow::DataType> type);

}  // namespace tidemill::dataset
