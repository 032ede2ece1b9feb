// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include <arrow/type_fwd.h>

#include "tidemill/query/cube.h"

// What a cube has beyond the stored columns.
namespace tidemill::query {

// The period that a day lies in.
base::Period PeriodAt(std::int64_t day, base::Frequency frequency);
// The day (since 1970) of a date's or timestamp's number.
std::int64_t DayOfMoment(std::int64_t value, const arrow::DataType& type);

// series_key, parts of the time, and the type of areas, each where its name is free.
void AddVirtualColumns(Cube& cube);
// Labels of the codes; label columns that are constant within each series are kept once a series.
void FindLabels(Cube& cube);

}  // namespace tidemill::query
