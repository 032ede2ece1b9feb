// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "body.h"

namespace tidemill::transform {

// The periods that stand in columns of a row, and the years that complete them: recipes.md 3.7.
class RowPeriods {
 public:
  explicit RowPeriods(const BodyReading& reading) : r_(reading), above_(reading.binding.years.size(), 0) {}
  // Finds the years of the row; those that stand in a column of their own are filled down.
  void ReadYears(BodyRow& row);
  // Reads the text of a column as one of its axis: in goes what stands there, out what is written. A finding, at the
  // cell or else at the row, where it is none.
  void Read(const recipe::ColumnSpec& spec, std::size_t at_row, const workbook::Cell* cell, BodyRow& row,
            std::string& text);

 private:
  // The year that completes a period of the column; 0 where none is known.
  int YearFor(const recipe::ColumnSpec& spec, const BodyRow& row) const;
  std::optional<std::string> YearText(const YearSource& source, const BodyRow& row);
  bool IsYearSource(const recipe::ColumnSpec& spec) const;

  const BodyReading& r_;
  std::vector<int> above_;
};

}  // namespace tidemill::transform
