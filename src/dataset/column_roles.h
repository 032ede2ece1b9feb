// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include <arrow/type_fwd.h>

namespace tidemill::dataset {

// What a column is for: the field metadata "tidemill.role", or what its name says where there is none.
enum class Role { kDimension, kTime, kMeasure, kStatus, kLabel, kAttribute, kLineage };

Role RoleOf(const arrow::Field& field);

// The same rows, columns of lineage behind all others; the order stays otherwise.
std::shared_ptr<arrow::Table> LineageLast(const arrow::Table& rows);

// The value of a key of the field's metadata; empty where there is none.
std::string MetadataOf(const arrow::Field& field, const std::string& key);

}  // namespace tidemill::dataset
