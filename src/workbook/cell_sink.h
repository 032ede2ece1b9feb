// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <span>
#include <stop_token>
#include <string>
#include <unordered_map>
#include <vector>

#include "tidemill/workbook/workbook.h"

#include "shared_strings.h"

namespace tidemill::workbook {

// What all sheets of an open workbook share, whatever its format.
struct Book {
  std::shared_ptr<const std::vector<Style>> styles;
  std::vector<CellKind> number_kinds;  // of a number, by style
  bool date1904 = false;
  Limits limits;

  void SetStyles(std::vector<Style> read);
};

// Where the readers of all formats put cells: it knows dates by their style, fills in runs, counts against the limits.
class CellSink {
 public:
  CellSink(const Book& book, std::shared_ptr<const SharedStrings> shared, const SheetEntry& entry);

  void AddNumber(std::uint32_t row, std::uint32_t column, std::uint32_t style, double value, std::uint8_t flags = 0);
  // `serial` counts from 1899-12-30 like every ISO date in a spreadsheet.
  void AddIsoDate(std::uint32_t row, std::uint32_t column, std::uint32_t style, double serial, std::uint8_t flags = 0);
  void AddDuration(std::uint32_t row, std::uint32_t column, std::uint32_t style, double days, std::uint8_t flags = 0);
  void AddBool(std::uint32_t row, std::uint32_t column, std::uint32_t style, bool value, std::uint8_t flags = 0);
  void AddError(std::uint32_t row, std::uint32_t column, std::uint32_t style, CellError value, std::uint8_t flags = 0);
  void AddSharedString(std::uint32_t row, std::uint32_t column, std::uint32_t style, std::uint64_t index);
  void AddString(std::uint32_t row, std::uint32_t column, std::uint32_t style, std::string_view text,
                 std::span<const RawRun> runs = {}, std::uint8_t flags = 0);
  // Columns from 0, both ends included; named more than once they count once.
  void HideColumns(std::uint32_t first, std::uint32_t last);
  void AddIssue(std::string code, std::string message, std::string cell = {}, std::uint64_t offset = 0);

  // True once a limit is passed; the reader then stops.
  bool full() const { return cells_ > book_.limits.cells; }
  const Limits& limits() const { return book_.limits; }
  SheetBuilder& builder() { return builder_; }
  Sheet& sheet() { return builder_.sheet(); }
  base::Result<Sheet> Finish() &&;

 private:
  void Add(std::uint32_t row, std::uint32_t column, std::uint32_t style, Cell cell);
  std::uint16_t StyleIndex(std::uint32_t style) const;
  StringId WithFont(StringId id, std::span<const RawRun> raw, std::uint16_t style, std::uint8_t& flags);

  const Book& book_;
  std::shared_ptr<const SharedStrings> shared_;
  std::shared_ptr<StringTable> strings_;
  SheetBuilder builder_;
  std::uint64_t cells_ = 0;
  std::vector<bool> hidden_columns_;
  std::unordered_map<std::uint64_t, StringId> filled_;  // by string and font
  std::unordered_map<std::string, std::size_t> issue_counts_;
};

}  // namespace tidemill::workbook
