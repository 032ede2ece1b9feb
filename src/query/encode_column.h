// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <arrow/type_fwd.h>

#include "tidemill/base/result.h"

namespace tidemill::query {

// How a text format writes what is no plain number.
struct TextDialect {
  void (*append_text)(std::string& out, std::string_view text);
  bool quote_dates = false;       // in double quotes
  std::string_view not_a_number;  // for floats that are not finite
};

// Writes the values of one array: whole numbers as digits, other numbers in the shortest form that reads back as the
// same, true and false, dates and moments as ISO 8601.
class ColumnEncoder {
 public:
  virtual ~ColumnEncoder() = default;
  // `row` is not null.
  virtual void Append(std::string& out, std::int64_t row) const = 0;
};

// `array` must outlive it. kUnsupported for a type that has no text.
base::Result<std::unique_ptr<ColumnEncoder>> MakeColumnEncoder(const arrow::Array& array, const TextDialect& dialect);

// The columns of a batch.
base::Result<std::vector<std::unique_ptr<ColumnEncoder>>> MakeEncoders(const arrow::RecordBatch& batch,
                                                                       const TextDialect& dialect);

}  // namespace tidemill::query
