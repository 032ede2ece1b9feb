// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "tidemill/transform/sheet_table.h"

#include "sheet_header.h"
#include "sheet_types.h"

namespace tidemill::transform {

// A column of the sheet that holds something below the header.
struct CollectedColumn {
  SheetColumn cells;
  ColumnTraits traits;
  std::uint64_t days = 0;  // times of day and durations among its numbers
};

// Takes a sheet's rows apart into header and columns.
class SheetRows {
 public:
  explicit SheetRows(SheetTableOptions options) : options_(std::move(options)) {}

  void Take(const workbook::Sheet& sheet, std::uint32_t number, std::span<const workbook::Cell> row);
  // To be called once, after the last row.
  void Finish() {
    if (looking_) EndLooking();
  }

  std::uint64_t cells() const { return cells_; }
  const SheetTableOptions& options() const { return options_; }

  // The table's parts, after Finish.
  std::vector<std::unique_ptr<CollectedColumn>> columns;  // by the sheet's column, null where there is nothing
  std::shared_ptr<TextPool> pool = std::make_shared<TextPool>();
  std::vector<HeaderCell> header;
  std::vector<std::uint32_t> header_rows;
  std::optional<workbook::Range> used;
  std::uint32_t rows = 0;
  std::uint64_t cells_above = 0;  // the header
  std::uint64_t cells_of_totals = 0;

 private:
  struct Value {
    std::uint32_t column = 0;
    ValueKind kind = ValueKind::kNumber;
    bool days = false;
    std::uint64_t bits = 0;
  };
  // A row that waits until the header is known.
  struct WaitingRow {
    std::uint32_t number = 0;
    std::vector<Value> values;
    std::vector<std::string> shown;
  };

  std::span<const workbook::Cell> Within(std::span<const workbook::Cell> row) const;
  void Use(std::uint32_t number, std::span<const workbook::Cell> row);
  std::uint64_t TextBits(const workbook::Sheet& sheet, const workbook::Cell& cell);
  Value ValueOf(const workbook::Sheet& sheet, const workbook::Cell& cell);
  void Put(const Value& value);
  void Wait(const workbook::Sheet& sheet, std::uint32_t number, std::span<const workbook::Cell> row);
  std::size_t RowsToWait() const;
  std::pair<std::size_t, std::size_t> FindHeader() const;
  void EndLooking();

  SheetTableOptions options_;
  std::vector<std::uint32_t> pooled_;  // numbers in the pool, by the workbook's string id
  std::vector<WaitingRow> waiting_;
  bool looking_ = true;
  std::uint64_t cells_ = 0;
};

}  // namespace tidemill::transform
