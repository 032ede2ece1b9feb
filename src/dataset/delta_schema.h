// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <arrow/type_fwd.h>

#include "tidemill/base/result.h"

namespace tidemill::dataset {

// A column as the log's schemaString tells it.
struct DeltaField {
  std::string name;
  std::string type;  // "string", "decimal(10,2)"; for nested types their JSON
  bool nullable = true;
  std::map<std::string, std::string> metadata;
  bool operator==(const DeltaField&) const = default;
};

// The schemaString of rows. kUnsupported names a column whose type Delta (reader 1) does not know.
base::Result<std::string> ToSchemaString(const arrow::Schema& schema);
base::Result<std::vector<DeltaField>> ParseSchemaString(std::string_view text, std::string_view place);

// The Arrow type of a primitive type of Delta; null where it is nested or unknown.
std::shared_ptr<arrow::DataType> ArrowTypeOf(const DeltaField& field);
// The field with the type given and Delta's metadata.
std::shared_ptr<arrow::Field> ToArrowField(const DeltaField& field, std::shared_ptr<arrow::DataType> type);

}  // namespace tidemill::dataset
