// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include <arrow/type_fwd.h>

// Columns of Arrow as plain vectors, row by row over all chunks.
namespace tidemill::query {

// Distinct texts that rows have, in byte order, and each row's place among them (-1: null).
struct Texts {
  std::vector<std::string> values;
  std::vector<std::int32_t> rows;
};

constexpr std::int32_t kNoDay = std::numeric_limits<std::int32_t>::min();

bool HoldsText(const arrow::DataType& type);     // texts, or a dictionary of them
bool HoldsDates(const arrow::DataType& type);    // dates and timestamps
bool HoldsNumbers(const arrow::DataType& type);  // integers, floats, decimals
bool HoldsIntegers(const arrow::DataType& type);

// Each wants a column of its kind; others come back empty.
Texts ReadTexts(const arrow::ChunkedArray& column);
std::vector<double> ReadNumbers(const arrow::ChunkedArray& column);  // NaN: null
std::vector<std::int64_t> ReadIntegers(const arrow::ChunkedArray& column, std::int64_t null);
// Integers as texts, each as it is written.
Texts ToTexts(const std::vector<std::int64_t>& numbers, std::int64_t null);
std::vector<std::int32_t> ReadDays(
    const arrow::ChunkedArray& column);  // since 1970-01-01; kNoDay: null or out of range
// Dates and timestamps as the numbers they are stored as, and how many of their units make a day.
std::vector<std::int64_t> ReadMoments(const arrow::ChunkedArray& column, std::int64_t null);
std::int64_t MomentsOfDay(const arrow::DataType& type);

}  // namespace tidemill::query
