// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <arrow/type_fwd.h>

#include "tidemill/query/cube.h"

// What comparing versions needs of each.
namespace tidemill::query {

// A version's rows by key, with a text that differs where any measure or status does.
struct KeyedRows {
  std::vector<std::string> keys;   // of each row
  std::vector<std::string> facts;  // of each row
};
// kNotFound where two rows have one key.
base::Result<KeyedRows> ReadKeyedRows(const Cube& cube, const std::vector<Column>& columns);

inline bool IsKey(const Column& column) {
  return column.role == Role::kDimension || column.role == Role::kTime;
}
inline bool IsFact(const Column& column) {
  return column.role == Role::kMeasure || column.role == Role::kStatus;
}

// A column's values at some rows (-1: null), of the type that texts have as plain strings; nulls where the cube has no
// such column.
base::Result<std::shared_ptr<arrow::Array>> PlainValues(const Cube& cube, std::string_view column,
                                                        const std::vector<std::int64_t>& rows,
                                                        const std::shared_ptr<arrow::DataType>& type);
// That type.
std::shared_ptr<arrow::DataType> PlainType(const Cube& cube, std::string_view column);

}  // namespace tidemill::query
