// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <arrow/type_fwd.h>

#include "tidemill/query/ids.h"

// Columns of Arrow as plain vectors, row by row over all chunks.
namespace tidemill::query {

// Distinct texts that rows have, in byte order, and each row's place among them (behind the last: null).
struct Texts {
  std::vector<std::string> values;
  Ids rows;
  bool has_nulls = false;
};

bool HoldsText(const arrow::DataType& type);     // texts, or a dictionary of them
bool HoldsDates(const arrow::DataType& type);    // dates and timestamps
bool HoldsNumbers(const arrow::DataType& type);  // integers, floats, decimals
bool HoldsIntegers(const arrow::DataType& type);

// Each wants a column of its kind; others come back empty.
Texts ReadTexts(const arrow::ChunkedArray& column);
std::vector<double> ReadNumbers(const arrow::ChunkedArray& column);  // NaN: null
std::vector<std::int64_t> ReadIntegers(const arrow::ChunkedArray& column, std::int64_t null);
// Dates and timestamps as the numbers they are stored as, and how many of their units make a day.
std::vector<std::int64_t> ReadMoments(const arrow::ChunkedArray& column, std::int64_t null);
std::int64_t MomentsOfDay(const arrow::DataType& type);

}  // namespace tidemill::query
