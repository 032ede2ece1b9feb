// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "tidemill/base/result.h"
#include "tidemill/frame/frame.h"

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
base::Result<std::string> ToSchemaString(const frame::Frame& rows);
base::Result<std::vector<DeltaField>> ParseSchemaString(std::string_view text, std::string_view place);

}  // namespace tidemill::dataset
