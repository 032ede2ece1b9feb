// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <arrow/type_fwd.h>

#include "tidemill/base/period.h"
#include "tidemill/base/result.h"
#include "tidemill/dataset/column_source.h"
#include "tidemill/query/columns.h"
#include "tidemill/query/ids.h"

namespace tidemill::query {

// How often a column may change: it has a value a series, a point of time, or a row.
enum class Level : std::uint8_t { kSeries, kTime, kRow };

// What a column's values are to a query. A set is a text of several codes joined by ','.
enum class Kind : std::uint8_t { kText, kSet, kInteger, kNumber, kBoolean, kDate, kInstant, kPeriod };

// A column, stored or virtual, as queries see it.
struct CubeColumn {
  std::string name;
  Role role = Role::kAttribute;
  Kind kind = Kind::kText;
  Level level = Level::kRow;
  bool is_virtual = false;
  bool additive = true;
  std::string of;     // the column that a label, parent, status or type belongs to
  std::string codes;  // "gss" …
  // No value of an integer column a row is further from zero, but nulls.
  std::uint64_t magnitude = UINT64_MAX;
  std::shared_ptr<arrow::Array> values;  // texts are dictionary arrays whose words are in byte order
};

// The codes of a dimension in order, with the newest label and parent of each (empty without such a column).
struct CodeList {
  std::size_t column = 0;
  int label_column = -1, type_column = -1, parent_column = -1;
  std::vector<std::string> codes, labels, parents;
};

// A version's rows in memory, sorted by series (dimensions in schema order), then time. Immutable.
struct Cube {
  std::vector<CubeColumn> columns;   // stored ones in schema order, then virtual ones
  std::vector<CodeList> dimensions;  // those that make the series key
  int time_column = -1;              // none: -1
  base::Frequency frequency = base::Frequency::kMonth;
  std::vector<base::Period> times;     // a null time is the last of time_values and not in here
  std::vector<std::uint32_t> offsets;  // of each series' first row, and the end
  Ids time_ids;                        // of each row; empty without a time column
  std::uint32_t rows = 0;
  bool repeats = false;  // two rows have one key

  std::size_t series() const { return offsets.size() - 1; }
  int Find(std::string_view column) const;  // -1: none
  const CodeList* FindDimension(std::string_view column) const;
  std::uint32_t SeriesOf(std::uint32_t row) const;
  std::string SeriesKey(std::size_t series) const;
  // The series of that key. -1: none.
  std::int64_t FindSeries(std::string_view key) const;
  std::string TimeText(std::uint32_t row) const;  // "2018-01"; empty without time
  // A series' code in a dimension, as text; empty for null.
  std::string CodeOf(const CodeList& list, std::size_t series) const;
  // The place of that code in the list; nothing where it is not in it.
  static std::optional<std::size_t> PlaceOf(const CodeList& list, std::string_view code);
};

// Columns of types that have no text are left away. Errors: kTooLarge, those of `table`, and Arrow's.
base::Result<std::shared_ptr<const Cube>> MakeCube(const dataset::ColumnSource& table,
                                                   const std::vector<Column>& columns);

// The code in the form that series keys have: bytes other than letters, digits, '_', '@' and '-' as $HH; parts of a
// compound area joined by '_'.
std::string ToKeyPart(std::string_view code, bool is_area);

// "lad", "region" … of a GSS code; "combined" for several, "other" for what is none.
std::string_view AreaTypeOf(std::string_view code);
// All names of types, in byte order.
const std::vector<std::string>& AreaTypes();

}  // namespace tidemill::query
