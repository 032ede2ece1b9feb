// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <arrow/type_fwd.h>

#include "tidemill/base/result.h"
#include "tidemill/workbook/workbook.h"

// One sheet, or a part of it, as an Arrow table, without a recipe.
//
// Columns are typed by all their cells. Numbers: int64 where all are whole, else float64; times of day and durations
// are numbers of days. Dates: date32, or timestamp[ms] where one has a time of day. Booleans: bool. Texts and errors:
// utf8. Where a column holds cells of several kinds, the commonest of numbers, dates and booleans keeps its type and
// its name `x`, and all other cells stand as texts in a column `x_text` beside it. Blank cells are null; rows without a
// cell are left out.
namespace tidemill::transform {

struct SheetTableOptions {
  std::optional<workbook::Range> range;      // none: all cells
  std::optional<std::uint32_t> header_rows;  // at the top of the range; none: look for one (ChooseHeader)
  std::uint32_t totals_rows = 0;             // at the end of the range, left out
  std::vector<std::string> names;            // of the columns from the range's first on, where there is no header
};

struct SheetTableColumn {
  std::string name;
  std::string type;    // "int64"
  std::string letter;  // of the sheet's column: "C"
  std::uint64_t values = 0;
  std::string texts_of;  // the column whose other cells it holds
};

// How the table came about.
struct SheetTableFacts {
  std::vector<SheetTableColumn> columns;
  std::uint64_t rows = 0;
  std::vector<std::uint32_t> header;    // rows of the sheet, from 0
  std::optional<workbook::Range> used;  // header and rows
  std::vector<std::string> remarks;     // what is not as it seems: cells left out, mixed columns, names that were made
};

// Collects a sheet's rows. They must come in ascending order: it refuses the first that does not, and the sheet then
// has to be read as a whole, into a fresh one.
class SheetTable {
 public:
  explicit SheetTable(SheetTableOptions options);
  SheetTable(SheetTable&&) noexcept;
  SheetTable& operator=(SheetTable&&) = delete;
  ~SheetTable();

  void Row(const workbook::Sheet& sheet, const workbook::Sheet::Row& row, std::span<const workbook::Cell> cells);
  std::uint64_t cells() const;

  // The table, once all rows are there, in batches; taking them frees what they are made from. `sheet` gives the merged
  // ranges, which fill the header. With `dictionaries`, columns of few different texts are dictionary<int32, utf8>.
  // Errors: kNotFound where there is no cell, kTooLarge for a table that is beyond all measure.
  base::Result<std::shared_ptr<arrow::RecordBatchReader>> Finish(const workbook::Sheet& sheet, bool dictionaries,
                                                                 SheetTableFacts& facts) &&;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace tidemill::transform
