// SPDX-License-Identifier: Apache-2.0
#include "tidemill/transform/testing/arrow_text.h"

#include <arrow/api.h>

namespace tidemill::transform::testing {

std::string CellText(const arrow::Table& table, const std::string& column, std::int64_t row) {
  const auto array = table.GetColumnByName(column);
  if (array == nullptr) return "no column " + column;
  const auto scalar = array->GetScalar(row).ValueOrDie();
  if (!scalar->is_valid) return "null";
  if (scalar->type->id() == arrow::Type::DICTIONARY) {
    return static_cast<const arrow::DictionaryScalar&>(*scalar).GetEncodedValue().ValueOrDie()->ToString();
  }
  return scalar->ToString();
}

}  // namespace tidemill::transform::testing
