// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "bind.h"
#include "notes.h"

// The body of a table, read: rows of areas or categories, and a matrix of values for each measure.
namespace tidemill::transform {

enum class CodeOrigin : std::uint8_t { kNone, kCell, kRule };  // kRule: [codes] of the recipe

struct BodyRow {
  std::size_t row = 0;  // index into the sheet's rows
  const workbook::Cell* key_cell = nullptr;
  const workbook::Cell* label_cell = nullptr;
  std::string code;
  CodeOrigin origin = CodeOrigin::kNone;
  std::string label;
  std::vector<std::string> aliases;     // the halves of a bilingual label that were not taken
  std::vector<std::string> dimensions;  // as Binding::dimensions
  std::vector<std::string> derived;     // as Binding::derived
  std::vector<std::string> groups;      // as Binding::groups
  std::optional<base::Period> period;   // of a dimension that is an axis of time
  std::vector<int> years;               // as Binding::years; 0 where the row has none
  std::vector<std::string> statuses;    // of the notes that touch the whole row
  int level = -1;
  int parent = -1;  // index into rows
};

enum class ValueState : std::uint8_t { kAbsent, kNull, kValue };  // kAbsent: no observation is written

// Values by row, then axis column: index row × columns + column. Where several value columns stand under one axis, each
// has the columns that are its own; the others are absent.
struct Measure {
  const recipe::ColumnSpec* spec = nullptr;
  bool whole = false;  // int32, int64 and decimals stand in `ints`, all else in `doubles`
  double unit = 1;     // 10^scale of a decimal, whose ints are in so many parts of one
  std::vector<std::int64_t> ints = {};
  std::vector<double> doubles = {};
  std::vector<ValueState> states = {};
  std::vector<std::int32_t> status = {};  // index into Body::statuses, -1 none
  double AsDouble(std::size_t i) const { return whole ? static_cast<double>(ints[i]) / unit : doubles[i]; }
};

struct MarkerCount {
  std::size_t measure = 0;
  std::string marker;  // normalised
  std::int64_t count = 0;
};

struct Body {
  std::vector<BodyRow> rows;
  std::size_t columns = 1;  // of the axis; 1 where there is none
  std::vector<Measure> measures;
  std::vector<std::string> statuses;      // distinct, joined letters
  std::vector<MarkerCount> markers;       // by measure, then marker
  std::vector<base::Period> unpublished;  // periods of rows and axis together, beyond all that have values
  bool found_script = false, found_bracket = false, found_trailing = false;
  std::size_t trimmed_labels = 0;
  double numeric_sum_of_texts = 0;  // of values that stood as text or marker
  double unwritten_sum = 0;         // of numbers that a finding keeps from being written
};

struct BodyReading {
  const TableSearch& search;
  Grid& grid;
  Table& table;  // unpublished axis columns are marked
  const Binding& binding;
  NoteBook& notes;
  std::string status_of_all;  // letter for every value (source.not_final); or empty
  Findings& findings;
};

// Errors: kTooLarge, where rows times columns are beyond what is read.
base::Result<Body> ReadBody(const BodyReading& reading);

// The period of a value; nothing where it has none, or where there is no such period in the row's year.
std::optional<base::Period> PeriodOf(const Table& table, const Binding& binding, const BodyRow& row,
                                     std::size_t column);

}  // namespace tidemill::transform
