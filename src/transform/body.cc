// SPDX-License-Identifier: Apache-2.0
#include "body.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include "tidemill/base/text.h"

#include "body_rows.h"

namespace tidemill::transform {
namespace {

using recipe::ColumnSpec;
using recipe::ValueType;
using workbook::Cell;
using workbook::CellKind;

constexpr std::size_t kMostValues = 50'000'000;
constexpr double kLargestInt64 = 9223372036854775808.0;  // 2^63

bool FitsInt(double number, ValueType type) {
  if (!(number == std::floor(number))) return false;
  if (type == ValueType::kInt32) {
    return number >= std::numeric_limits<std::int32_t>::min() && number <= std::numeric_limits<std::int32_t>::max();
  }
  return number >= -kLargestInt64 && number < kLargestInt64;
}

// Statuses that a whole column carries.
struct ColumnStatus {
  std::vector<std::string> letters;
  std::int32_t index = -1;
};

class ValueReader {
 public:
  ValueReader(const BodyReading& reading, Body& body) : r_(reading), body_(body) {}

  void Read(std::size_t row, std::size_t column, std::uint32_t sheet_column, Measure& measure,
            const ColumnStatus& status);
  ColumnStatus StatusOf(std::vector<std::string> letters);
  void FinishMarkers() { body_.markers.assign(markers_.begin(), markers_.end()); }

 private:
  void ReadBlank(std::size_t at, std::size_t row, std::uint32_t sheet_column, Measure& measure);
  std::vector<std::string> ReadText(const Cell& cell, std::size_t at, std::size_t row, Measure& measure);
  void Put(double number, std::size_t at, std::size_t row, const Cell& cell, Measure& measure);
  std::int32_t StatusIndex(std::vector<std::string> letters);
  std::string CellName(std::size_t row, std::uint32_t column) const {
    return workbook::A1(r_.grid.RowNumber(body_.rows[row].row), column);
  }

  const BodyReading& r_;
  Body& body_;
  std::map<std::string, int> markers_;
  std::map<std::string, std::int32_t> status_index_;
};

std::int32_t ValueReader::StatusIndex(std::vector<std::string> letters) {
  if (letters.empty()) return -1;
  const std::string joined = JoinStatuses(std::move(letters));
  const auto [at, fresh] = status_index_.try_emplace(joined, static_cast<std::int32_t>(body_.statuses.size()));
  if (fresh) body_.statuses.push_back(joined);
  return at->second;
}

ColumnStatus ValueReader::StatusOf(std::vector<std::string> letters) {
  if (!r_.status_of_all.empty()) letters.push_back(r_.status_of_all);
  const std::int32_t index = StatusIndex(letters);
  return {.letters = std::move(letters), .index = index};
}

void ValueReader::Put(double number, std::size_t at, std::size_t row, const Cell& cell, Measure& measure) {
  if (!std::isfinite(number) || (measure.whole && !FitsInt(number, measure.spec->type))) {
    r_.findings.Fail("not-integer", CellName(row, cell.column),
                     fmt::format("{} is no {}", base::ShortestDouble(number),
                                 measure.spec->type == ValueType::kInt32   ? "int32"
                                 : measure.spec->type == ValueType::kInt64 ? "int64"
                                                                           : "finite number"));
    if (std::isfinite(number)) body_.unwritten_sum += number;
    return;
  }
  if (measure.whole) {
    measure.ints[at] = static_cast<std::int64_t>(number);
  } else {
    measure.doubles[at] = number;
  }
  measure.states[at] = ValueState::kValue;
}

void ValueReader::ReadBlank(std::size_t at, std::size_t row, std::uint32_t sheet_column, Measure& measure) {
  switch (measure.spec->blank) {
    case recipe::Blank::kFail:
      r_.findings.Fail(
          "blank-value", CellName(row, sheet_column),
          fmt::format("no value for {}; expected a number or a marker", base::Quoted(body_.rows[row].label)));
      break;
    case recipe::Blank::kMissing:
      measure.states[at] = ValueState::kNull;
      break;
    case recipe::Blank::kZero:
      measure.states[at] = ValueState::kValue;
      break;
  }
}

std::vector<std::string> ValueReader::ReadText(const Cell& cell, std::size_t at, std::size_t row, Measure& measure) {
  const std::string_view text = r_.grid.sheet().Text(cell);
  const std::string name = CellName(row, cell.column);
  CleanText clean = r_.grid.Clean(cell, r_.search.spec.notes);
  TextValue value = ReadValueText(text, clean.text, *measure.spec, r_.search.markers);
  if (value.kind == TextValue::Kind::kUnknown && clean.text.empty() && !clean.refs.empty()) {
    value.kind = TextValue::Kind::kMarker;
    value.statuses = {"x"};
    value.marker = "[note]";
  }
  std::ranges::move(r_.notes.Touch(clean.refs, name), std::back_inserter(value.statuses));
  if (!value.marker.empty() && value.kind != TextValue::Kind::kUnknown) {
    ++markers_[value.marker];
    const recipe::Marker* own = r_.search.markers.FindOwn(value.marker);
    if (own != nullptr && !own->note.empty()) r_.notes.TouchMarker(*own, r_.grid.sheet().name, name);
  }
  switch (value.kind) {
    case TextValue::Kind::kUnknown:
      r_.grid.Claim(cell, CellClass::kMarker);
      r_.findings.Fail("unknown-marker", name,
                       fmt::format("{} is neither a number nor a marker of the recipe", base::Quoted(text)));
      break;
    case TextValue::Kind::kNumber:
      r_.grid.Claim(cell, CellClass::kValue);
      break;
    case TextValue::Kind::kMarker:
      r_.grid.Claim(cell, CellClass::kMarker);
      measure.states[at] = ValueState::kNull;
      break;
  }
  if (value.number && value.kind != TextValue::Kind::kUnknown) {
    body_.numeric_sum_of_texts += *value.number;
    Put(*value.number, at, row, cell, measure);
  }
  return value.statuses;
}

void ValueReader::Read(std::size_t row, std::size_t column, std::uint32_t sheet_column, Measure& measure,
                       const ColumnStatus& status) {
  const std::size_t at = row * body_.columns + column;
  const BodyRow& body_row = body_.rows[row];
  const Cell* cell = r_.grid.Find(body_row.row, sheet_column);
  std::vector<std::string> statuses;
  if (cell == nullptr) {
    ReadBlank(at, row, sheet_column, measure);
  } else if (cell->kind == CellKind::kNumber) {
    r_.grid.Claim(*cell, CellClass::kValue);
    Put(cell->number(), at, row, *cell, measure);
  } else if (cell->kind == CellKind::kString) {
    statuses = ReadText(*cell, at, row, measure);
  } else {
    r_.grid.Claim(*cell, CellClass::kValue);
    r_.findings.Fail("error-cell", CellName(row, sheet_column),
                     fmt::format("{} where a number is expected", base::Quoted(r_.grid.sheet().DisplayText(*cell))));
  }
  if (measure.states[at] == ValueState::kAbsent) return;
  if (statuses.empty() && body_row.statuses.empty()) {
    measure.status[at] = status.index;
    return;
  }
  statuses.insert(statuses.end(), body_row.statuses.begin(), body_row.statuses.end());
  statuses.insert(statuses.end(), status.letters.begin(), status.letters.end());
  measure.status[at] = StatusIndex(std::move(statuses));
}

Measure EmptyMeasure(const ColumnSpec& spec, std::size_t size) {
  Measure measure{.spec = &spec, .whole = spec.type == ValueType::kInt32 || spec.type == ValueType::kInt64};
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

const ColumnSpec& OnlyValue(const recipe::Spec& spec) {
  return *std::ranges::find(spec.columns, recipe::Role::kValue, &ColumnSpec::role);
}

void ReadAxisValues(const BodyReading& reading, Body& body, ValueReader& reader) {
  body.columns = reading.table.axis.size();
  body.measures.push_back(EmptyMeasure(OnlyValue(reading.search.spec), body.rows.size() * body.columns));
  std::vector<ColumnStatus> statuses;
  for (const AxisCell& cell : reading.table.axis) {
    const std::string name = reading.grid.A1(reading.table.header_last, *cell.cell);
    statuses.push_back(reader.StatusOf(reading.notes.Touch(cell.notes, name)));
  }
  for (std::size_t row = 0; row < body.rows.size(); ++row) {
    for (std::size_t column = 0; column < body.columns; ++column) {
      const AxisCell& cell = reading.table.axis[column];
      if (cell.published) reader.Read(row, column, cell.column, body.measures[0], statuses[column]);
    }
  }
}

}  // namespace

base::Result<Body> ReadBody(const BodyReading& reading) {
  Body body;
  MarkUnpublished(reading);
  body.rows = ReadBodyRows(reading, body);
  const std::size_t columns = std::max(reading.table.axis.size(), reading.binding.values.size());
  if (columns != 0 && body.rows.size() > kMostValues / columns) {
    return base::FailAt(base::ErrorCode::kTooLarge, reading.search.place,
                        "the table has {} rows and {} columns of values; at most {} values are read", body.rows.size(),
                        columns, kMostValues);
  }
  ValueReader reader(reading, body);
  if (!reading.table.axis.empty()) {
    ReadAxisValues(reading, body, reader);
  } else {
    const ColumnStatus status = reader.StatusOf({});
    for (const BoundColumn& value : reading.binding.values) {
      body.measures.push_back(EmptyMeasure(*value.spec, body.rows.size()));
      for (std::size_t row = 0; row < body.rows.size(); ++row) {
        reader.Read(row, 0, value.column, body.measures.back(), status);
      }
    }
  }
  reader.FinishMarkers();
  return body;
}

}  // namespace tidemill::transform
