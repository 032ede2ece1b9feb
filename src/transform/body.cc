// SPDX-License-Identifier: Apache-2.0
#include "body.h"

#include <algorithm>
#include <cmath>

#include "body_rows.h"
#include "value_reader.h"

namespace tidemill::transform {
namespace {

using recipe::ColumnSpec;
using recipe::ValueType;

constexpr std::size_t kMostValues = 50'000'000;

Measure EmptyMeasure(const ColumnSpec& spec, std::size_t size) {
  Measure measure{.spec = &spec, .whole = spec.type != ValueType::kFloat64};
  measure.unit = std::pow(10.0, spec.scale);
  if (measure.whole) {
    measure.ints.resize(size);
  } else {
    measure.doubles.resize(size);
  }
  measure.states.resize(size, ValueState::kAbsent);
  measure.status.resize(size, -1);
  return measure;
}

void MarkUnpublished(const BodyReading& reading) {
  for (AxisCell& cell : reading.table.axis) {
    cell.published = false;
    for (std::size_t row = reading.table.body_first; row < reading.table.body_end && !cell.published; ++row) {
      cell.published = reading.grid.Find(row, cell.column) != nullptr;
    }
  }
}

void ReadAxisValues(const BodyReading& reading, Body& body) {
  const std::vector<AxisCell>& axis = reading.table.axis;
  body.columns = axis.size();
  for (const ColumnSpec* value : reading.binding.under_axis) {
    body.measures.push_back(EmptyMeasure(*value, body.rows.size() * body.columns));
  }
  ValueReader reader(reading, body);
  std::vector<ColumnStatus> statuses;
  for (const AxisCell& cell : axis) {
    const std::string name = reading.grid.A1(reading.table.header_last, *cell.cell);
    std::vector<std::string> letters = reading.notes.Touch(cell.notes, name);
    letters.insert(letters.end(), cell.statuses.begin(), cell.statuses.end());
    statuses.push_back(reader.StatusOf(std::move(letters)));
  }
  for (std::size_t row = 0; row < body.rows.size(); ++row) {
    for (std::size_t column = 0; column < body.columns; ++column) {
      const AxisCell& cell = axis[column];
      if (cell.published) reader.Read(row, column, cell.column, cell.measure, statuses[column]);
    }
  }
  reader.FinishMarkers();
}

// Notes that the header of a value column refers to.
std::vector<std::string> HeaderNotes(const BodyReading& reading, std::uint32_t column) {
  std::vector<std::string> letters;
  for (std::size_t row = reading.table.header_first; row <= reading.table.header_last; ++row) {
    const workbook::Cell* cell = reading.grid.Find(row, column);
    if (cell == nullptr) continue;
    const CleanText clean = reading.grid.Clean(*cell, reading.search.spec.notes);
    for (std::string& letter : reading.notes.Touch(clean.refs, reading.grid.A1(row, *cell))) {
      letters.push_back(std::move(letter));
    }
  }
  return letters;
}

void ReadColumnValues(const BodyReading& reading, Body& body) {
  for (const BoundColumn& value : reading.binding.values) {
    body.measures.push_back(EmptyMeasure(*value.spec, body.rows.size()));
  }
  ValueReader reader(reading, body);
  for (std::size_t i = 0; i < reading.binding.values.size(); ++i) {
    const std::uint32_t column = reading.binding.values[i].column;
    const ColumnStatus status = reader.StatusOf(HeaderNotes(reading, column));
    for (std::size_t row = 0; row < body.rows.size(); ++row) reader.Read(row, 0, column, i, status);
  }
  reader.FinishMarkers();
}

}  // namespace

base::Result<Body> ReadBody(const BodyReading& reading) {
  Body body;
  MarkUnpublished(reading);
  body.rows = ReadBodyRows(reading, body);
  const std::size_t across = reading.table.axis.size() * reading.binding.under_axis.size();
  const std::size_t columns = std::max(across, reading.binding.values.size());
  if (columns != 0 && body.rows.size() > kMostValues / columns) {
    return base::FailAt(base::ErrorCode::kTooLarge, reading.search.place,
                        "the table has {} rows and {} columns of values; at most {} values are read", body.rows.size(),
                        columns, kMostValues);
  }
  if (reading.table.axis.empty()) {
    ReadColumnValues(reading, body);
  } else {
    ReadAxisValues(reading, body);
  }
  return body;
}

}  // namespace tidemill::transform
