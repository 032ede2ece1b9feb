// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include <arrow/array.h>
#include <arrow/type.h>

#include "tidemill/query/cube.h"

// Raw values of the cube's arrays.
namespace tidemill::query {

// Calls use(values) with a pointer to the numbers of an array, of their own type. Dates and timestamps are numbers.
template <class Use>
void VisitNumbers(const arrow::Array& array, Use&& use) {
  using arrow::Type;
  switch (array.type_id()) {
    case Type::INT8:
      return use(static_cast<const arrow::Int8Array&>(array).raw_values());
    case Type::INT16:
      return use(static_cast<const arrow::Int16Array&>(array).raw_values());
    case Type::INT32:
      return use(static_cast<const arrow::Int32Array&>(array).raw_values());
    case Type::INT64:
      return use(static_cast<const arrow::Int64Array&>(array).raw_values());
    case Type::UINT8:
      return use(static_cast<const arrow::UInt8Array&>(array).raw_values());
    case Type::UINT16:
      return use(static_cast<const arrow::UInt16Array&>(array).raw_values());
    case Type::UINT32:
      return use(static_cast<const arrow::UInt32Array&>(array).raw_values());
    case Type::UINT64:
      return use(static_cast<const arrow::UInt64Array&>(array).raw_values());
    case Type::FLOAT:
      return use(static_cast<const arrow::FloatArray&>(array).raw_values());
    case Type::DOUBLE:
      return use(static_cast<const arrow::DoubleArray&>(array).raw_values());
    case Type::DATE32:
      return use(static_cast<const arrow::Date32Array&>(array).raw_values());
    case Type::DATE64:
      return use(static_cast<const arrow::Date64Array&>(array).raw_values());
    case Type::TIMESTAMP:
      return use(static_cast<const arrow::TimestampArray&>(array).raw_values());
    default:
      return;
  }
}

// Calls use(indices) with a pointer to the word numbers of a dictionary array.
template <class Use>
void VisitIndices(const arrow::Array& words, Use&& use) {
  VisitNumbers(*static_cast<const arrow::DictionaryArray&>(words).indices(), use);
}

// From a date's or timestamp's number to microseconds; other numbers stay as they are.
struct MomentScale {
  std::int64_t times = 1, by = 1;
  bool IsIdentity() const { return times == 1 && by == 1; }
  std::int64_t ToMicroseconds(std::int64_t value) const {
    std::int64_t scaled = 0;
    if (__builtin_mul_overflow(value, times, &scaled)) return value < 0 ? INT64_MIN : INT64_MAX;
    return scaled / by - (scaled % by < 0 ? 1 : 0);
  }
};
MomentScale ScaleOf(const arrow::DataType& type);

// Numbers that are ordered as a column's values are; null is the greatest, whatever the direction.
std::vector<std::uint64_t> OrderKeys(const arrow::Array& values, const std::vector<std::uint32_t>& places,
                                     bool descending);

}  // namespace tidemill::query
