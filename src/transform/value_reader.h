// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>

#include "body.h"

namespace tidemill::transform {

// Statuses that a whole column carries.
struct ColumnStatus {
  std::vector<std::string> letters;
  std::int32_t index = -1;
};

// Reads the cells of values of one table into the measures of its body: recipes.md 3.6, 3.9.
class ValueReader {
 public:
  ValueReader(const BodyReading& reading, Body& body);

  // The value of a row in a column of the axis, which stands in that column of the sheet.
  void Read(std::size_t row, std::size_t column, std::uint32_t sheet_column, std::size_t measure,
            const ColumnStatus& status);
  ColumnStatus StatusOf(std::vector<std::string> letters);
  void FinishMarkers();

 private:
  using Letters = std::vector<std::string>;
  bool ReadBlank(std::size_t at, std::size_t row, std::uint32_t sheet_column, Measure& measure, bool flagged);
  bool IsBeyond(std::size_t row, std::size_t column);
  Letters ReadText(const workbook::Cell& cell, std::size_t at, std::size_t row, std::size_t measure);
  void Put(const TextValue& value, std::size_t at, std::size_t row, const workbook::Cell& cell, Measure& measure);
  void Put(double number, std::size_t at, std::size_t row, const workbook::Cell& cell, Measure& measure);
  // False where it does not fit the measure's type.
  static bool PutWhole(std::optional<std::int64_t> number, std::size_t at, Measure& measure);
  void FailWhole(std::string_view text, double number, std::size_t row, const workbook::Cell& cell,
                 const Measure& measure);
  Letters ReadFlags(std::size_t row, std::size_t column, std::uint32_t sheet_column, std::size_t measure);
  Letters ReadStatus(const workbook::Cell& cell, const std::string& name, std::size_t measure);
  Letters ReadNote(const workbook::Cell& cell, const std::string& name, const std::string& of);
  void CountMarker(std::size_t measure, const std::string& marker, const std::string& cell);
  void FindHorizon();
  std::int32_t StatusIndex(Letters letters);
  std::string CellName(std::size_t row, std::uint32_t column) const {
    return workbook::A1(r_.grid.RowNumber(body_.rows[row].row), column);
  }

  const BodyReading& r_;
  Body& body_;
  std::map<std::pair<std::size_t, std::string>, std::int64_t> markers_;
  std::map<std::string, std::int32_t> status_index_;
  // Where the years of an axis stand in the rows: the first and the last period that have a value.
  std::optional<std::pair<base::Period, base::Period>> horizon_;
  bool has_horizon_ = false;
};

}  // namespace tidemill::transform
