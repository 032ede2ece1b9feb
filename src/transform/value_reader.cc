// SPDX-License-Identifier: Apache-2.0
#include "value_reader.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "tidemill/base/text.h"

namespace tidemill::transform {
namespace {

using recipe::ValueType;
using workbook::Cell;
using workbook::CellKind;

std::string TypeText(const recipe::ColumnSpec& spec) {
  switch (spec.type) {
    case ValueType::kInt32:
      return "int32";
    case ValueType::kInt64:
      return "int64";
    case ValueType::kDecimal:
      return fmt::format("decimal({},{})", spec.precision, spec.scale);
    case ValueType::kFloat64:
    case ValueType::kText:
      return "finite number";
  }
  return {};
}

template <class T>
void MoveAll(std::vector<T> from, std::vector<T>& to) {
  std::ranges::move(from, std::back_inserter(to));
}

}  // namespace

ValueReader::ValueReader(const BodyReading& reading, Body& body) : r_(reading), body_(body) {
  has_horizon_ = !reading.table.axis.empty() && reading.table.axis.front().value.needs_year();
  if (has_horizon_) FindHorizon();
}

// A year's last months are blank until they are published, and a series may begin within a year.
void ValueReader::FindHorizon() {
  for (const BodyRow& row : body_.rows) {
    for (std::size_t column = 0; column < r_.table.axis.size(); ++column) {
      if (r_.grid.Find(row.row, r_.table.axis[column].column) == nullptr) continue;
      const auto period = PeriodOf(r_.table, r_.binding, row, column);
      if (!period) continue;
      if (!horizon_) horizon_.emplace(*period, *period);
      horizon_->first = std::min(horizon_->first, *period);
      horizon_->second = std::max(horizon_->second, *period);
    }
  }
}

bool ValueReader::IsBeyond(std::size_t row, std::size_t column) {
  if (!has_horizon_) return false;
  const auto period = PeriodOf(r_.table, r_.binding, body_.rows[row], column);
  if (!period || !horizon_) return true;
  const bool beyond = *period < horizon_->first || *period > horizon_->second;
  if (beyond && std::ranges::find(body_.unpublished, *period) == body_.unpublished.end()) {
    body_.unpublished.push_back(*period);
  }
  return beyond;
}

std::int32_t ValueReader::StatusIndex(Letters letters) {
  if (letters.empty()) return -1;
  const std::string joined = JoinStatuses(std::move(letters));
  const auto [at, fresh] = status_index_.try_emplace(joined, static_cast<std::int32_t>(body_.statuses.size()));
  if (fresh) body_.statuses.push_back(joined);
  return at->second;
}

ColumnStatus ValueReader::StatusOf(Letters letters) {
  if (!r_.status_of_all.empty()) letters.push_back(r_.status_of_all);
  const std::int32_t index = StatusIndex(letters);
  return {.letters = std::move(letters), .index = index};
}

bool ValueReader::PutWhole(std::optional<std::int64_t> number, std::size_t at, Measure& measure) {
  if (!number) return false;
  if (measure.spec->type == ValueType::kInt32 &&
      (*number < std::numeric_limits<std::int32_t>::min() || *number > std::numeric_limits<std::int32_t>::max())) {
    return false;
  }
  measure.ints[at] = *number;
  measure.states[at] = ValueState::kValue;
  return true;
}

// Only here texts and names are made: of nearly all values nobody asks for them.
void ValueReader::FailWhole(std::string_view text, double number, std::size_t row, const Cell& cell,
                            const Measure& measure) {
  r_.findings.Fail(measure.spec->type == ValueType::kDecimal ? "not-decimal" : "not-integer",
                   CellName(row, cell.column), fmt::format("{} is no {}", text, TypeText(*measure.spec)));
  if (std::isfinite(number)) body_.unwritten_sum += number;
}

void ValueReader::Put(double number, std::size_t at, std::size_t row, const Cell& cell, Measure& measure) {
  if (measure.whole) {
    if (PutWhole(WholeOf(number, measure.spec->precision, measure.spec->scale), at, measure)) return;
    return FailWhole(base::ShortestDouble(number), number, row, cell, measure);
  }
  if (!std::isfinite(number)) {
    r_.findings.Fail("not-integer", CellName(row, cell.column),
                     fmt::format("{} is no {}", base::ShortestDouble(number), TypeText(*measure.spec)));
    return;
  }
  measure.doubles[at] = number;
  measure.states[at] = ValueState::kValue;
}

// A number that stood as text keeps all its digits.
void ValueReader::Put(const TextValue& value, std::size_t at, std::size_t row, const Cell& cell, Measure& measure) {
  if (!measure.whole || value.digits.empty()) return Put(*value.number, at, row, cell, measure);
  if (PutWhole(WholeOf(value.digits, measure.spec->precision, measure.spec->scale), at, measure)) return;
  FailWhole(value.digits, *value.number, row, cell, measure);
}

// True where a null stands for the blank.
bool ValueReader::ReadBlank(std::size_t at, std::size_t row, std::uint32_t sheet_column, Measure& measure,
                            bool flagged) {
  if (flagged) {
    measure.states[at] = ValueState::kNull;
    return true;
  }
  if (IsBeyond(row, at % body_.columns)) return false;
  switch (measure.spec->blank) {
    case recipe::Blank::kFail:
      r_.findings.Fail(
          "blank-value", CellName(row, sheet_column),
          fmt::format("no value for {}; expected a number or a marker", base::Quoted(body_.rows[row].label)));
      return false;
    case recipe::Blank::kMissing:
      measure.states[at] = ValueState::kNull;
      return true;
    case recipe::Blank::kZero:
      measure.states[at] = ValueState::kValue;
      return true;
  }
  return false;
}

void ValueReader::FinishMarkers() {
  for (const auto& [which, count] : markers_) {
    body_.markers.push_back({.measure = which.first, .marker = which.second, .count = count});
  }
}

void ValueReader::CountMarker(std::size_t measure, const std::string& marker, const std::string& cell) {
  ++markers_[{measure, marker}];
  const recipe::Marker* own = r_.search.markers.FindOwn(marker);
  if (own != nullptr && !own->note.empty()) r_.notes.TouchMarker(*own, r_.grid.sheet().name, cell);
}

ValueReader::Letters ValueReader::ReadText(const Cell& cell, std::size_t at, std::size_t row,
                                           std::size_t measure_index) {
  Measure& measure = body_.measures[measure_index];
  const std::string_view text = r_.grid.sheet().Text(cell);
  const std::string name = CellName(row, cell.column);
  CleanText clean = r_.grid.Clean(cell, r_.search.spec.notes);
  TextValue value = ReadValueText(text, clean.text, *measure.spec, r_.search.markers);
  if (value.kind == TextValue::Kind::kUnknown && clean.text.empty() && !clean.refs.empty()) {
    value.kind = TextValue::Kind::kMarker;
    value.statuses = {"x"};
    value.marker = "[note]";
  }
  MoveAll(r_.notes.Touch(clean.refs, name), value.statuses);
  if (!value.marker.empty() && value.kind != TextValue::Kind::kUnknown) {
    CountMarker(measure_index, value.marker, name);
  }
  switch (value.kind) {
    case TextValue::Kind::kUnknown:
      r_.grid.Claim(cell, CellClass::kMarker);
      r_.findings.Fail("unknown-marker", name,
                       fmt::format("{} is neither a number nor a marker of the recipe", base::Quoted(text)));
      return {};
    case TextValue::Kind::kNumber:
      r_.grid.Claim(cell, CellClass::kValue);
      break;
    case TextValue::Kind::kMarker:
      r_.grid.Claim(cell, CellClass::kMarker);
      measure.states[at] = ValueState::kNull;
      break;
  }
  if (value.number) {
    body_.numeric_sum_of_texts += *value.number;
    Put(value, at, row, cell, measure);
  }
  return std::move(value.statuses);
}

ValueReader::Letters ValueReader::ReadStatus(const Cell& cell, const std::string& name, std::size_t measure) {
  r_.grid.Claim(cell, CellClass::kMarker);
  const CleanText clean = r_.grid.Clean(cell, r_.search.spec.notes);
  const std::string whole = recipe::Normalise(r_.grid.sheet().DisplayText(cell));
  Letters letters = r_.notes.Touch(clean.refs, name);
  const recipe::Marker* own = r_.search.markers.FindOwn(whole);
  Letters read = own != nullptr && !own->status.empty() ? Letters{own->status}
                                                        : r_.search.markers.ReadAll(recipe::Normalise(clean.text));
  if (read.empty() && clean.refs.empty()) {
    r_.findings.Fail("unknown-marker", name, fmt::format("{} is no status of the recipe", base::Quoted(whole)));
    return letters;
  }
  if (!read.empty()) CountMarker(measure, whole, name);
  MoveAll(std::move(read), letters);
  return letters;
}

// References, or else a note in its own words.
ValueReader::Letters ValueReader::ReadNote(const Cell& cell, const std::string& name, const std::string& of) {
  r_.grid.Claim(cell, CellClass::kNote);
  const CleanText clean = r_.grid.Clean(cell, r_.search.spec.notes);
  std::vector<std::string> refs = NoteNumbers(clean.text);
  if (refs.empty() && !clean.text.empty()) {
    return r_.notes.TouchText(r_.search.spec, clean.text, r_.grid.sheet().name, name, of);
  }
  refs.insert(refs.end(), clean.refs.begin(), clean.refs.end());
  return r_.notes.Touch(refs, of);
}

ValueReader::Letters ValueReader::ReadFlags(std::size_t row, std::size_t column, std::uint32_t sheet_column,
                                            std::size_t measure) {
  Letters letters;
  for (const FlagColumn& flag : r_.binding.flags) {
    if (flag.measure != measure || (flag.place != column && !r_.table.axis.empty())) continue;
    const Cell* cell = r_.grid.Find(body_.rows[row].row, flag.column);
    if (cell == nullptr) continue;
    const std::string name = CellName(row, flag.column);
    MoveAll(flag.spec->role == recipe::Role::kStatus ? ReadStatus(*cell, name, measure)
                                                     : ReadNote(*cell, name, CellName(row, sheet_column)),
            letters);
  }
  return letters;
}

void ValueReader::Read(std::size_t row, std::size_t column, std::uint32_t sheet_column, std::size_t measure_index,
                       const ColumnStatus& status) {
  Measure& measure = body_.measures[measure_index];
  const std::size_t at = row * body_.columns + column;
  const BodyRow& body_row = body_.rows[row];
  const Cell* cell = r_.grid.Find(body_row.row, sheet_column);
  Letters statuses;
  if (!r_.binding.flags.empty()) statuses = ReadFlags(row, column, sheet_column, measure_index);
  if (cell == nullptr) {
    if (!ReadBlank(at, row, sheet_column, measure, !statuses.empty())) return;
  } else if (cell->kind == CellKind::kNumber) {
    r_.grid.Claim(*cell, CellClass::kValue);
    Put(cell->number(), at, row, *cell, measure);
  } else if (cell->kind == CellKind::kString) {
    MoveAll(ReadText(*cell, at, row, measure_index), statuses);
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

}  // namespace tidemill::transform
