// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tidemill/workbook/cell.h"

namespace tidemill::workbook {

class RowSink;

// What is odd, with its place; reading went on.
struct Issue {
  std::string code;  // "crc-mismatch", "string-index", "duplicate-cell" …
  std::string message;
  std::string sheet;         // empty: the file
  std::string cell;          // "A1" or empty
  std::uint64_t offset = 0;  // byte offset in the file or the part
};
// Whether cells are lost, or may be others than were written: the file is damaged. Else something is odd.
bool IsDamage(const Issue& issue);

enum class Visibility : std::uint8_t { kVisible, kHidden, kVeryHidden };
enum class NumberClass : std::uint8_t {
  kGeneral,
  kNumber,
  kPercent,
  kText,
  kDate,
  kMonthYear,
  kYear,
  kTime,
  kDateTime,
  kElapsed
};
enum class HorizontalAlignment : std::uint8_t {
  kGeneral,
  kLeft,
  kCenter,
  kRight,
  kFill,
  kJustify,
  kCenterContinuous,
  kDistributed
};

// Of one cell format; no colours or borders.
struct Style {
  std::string number_format;  // the format's text; "General" where there is none
  NumberClass number_class = NumberClass::kGeneral;
  HorizontalAlignment alignment = HorizontalAlignment::kGeneral;
  std::uint8_t indent = 0;
  Script script = Script::kPlain;
  bool bold = false;
  bool italic = false;
  bool strike = false;
  bool fill = false;
};

// The strings of one workbook or sheet: UTF-8 in one arena, with their runs.
class StringTable {
 public:
  StringTable() = default;
  // A table that goes on where `base` ends: the ids of `base` stay good, new strings follow.
  explicit StringTable(std::shared_ptr<const StringTable> base);
  StringId Add(std::string_view text, std::span<const TextRun> runs = {});
  std::string_view Text(StringId id) const {
    if (id < base_size_) return base_->Text(id);
    if (id >= size()) return {};
    const std::uint64_t* const end = ends_.data() + (id - base_size_);
    return {arena_.data() + end[0], end[1] - end[0]};
  }
  // Of a string that Text will be asked for soon: the tables of large books lie far from the processor.
  void Prefetch(StringId id) const {
    if (id < size() - base_size_) __builtin_prefetch(ends_.data() + id);
  }
  std::span<const TextRun> Runs(StringId id) const;  // empty where the string is plain
  std::size_t size() const { return base_size_ + ends_.size() - 1; }
  std::size_t base_size() const { return base_size_; }
  // True where a CR was in any of the strings so far.
  bool has_carriage_returns() const { return has_carriage_returns_; }
  void Reserve(std::size_t strings, std::size_t bytes);
  // Back to the base, its memory kept; ids of own strings are no longer good.
  void Forget();

 private:
  struct RunsOf {
    StringId id = 0;
    std::uint32_t first_run = 0;
  };
  std::shared_ptr<const StringTable> base_;
  std::size_t base_size_ = 0;
  bool has_carriage_returns_ = false;
  std::string arena_;
  std::vector<std::uint64_t> ends_ = {0};  // where own strings end in the arena, behind where the first one begins
  std::vector<RunsOf> with_runs_;          // own strings that have runs, ids ascending
  std::vector<TextRun> runs_;
};

// An Excel table (ListObject), ECMA-376 part 1, 18.5.1.2.
struct NativeTable {
  std::string name;
  Range range;
  std::uint32_t header_rows = 1;
  std::uint32_t totals_rows = 0;
  std::vector<std::string> columns;
};

struct Hyperlink {
  Range range;
  std::string target;
};

// A note at a cell, read on request.
struct Comment {
  std::uint32_t row = 0;
  std::uint32_t column = 0;
  std::string author;  // empty where the file names none
  std::string text;
};

// Rows or columns next to each other, both ends included, from 0.
struct Lines {
  std::uint32_t first = 0;
  std::uint32_t last = 0;

  bool operator==(const Lines&) const = default;
};

// Lines that are grouped under others; 1 is the outermost level, 7 the deepest.
struct OutlineLevel {
  Lines lines;
  std::uint8_t level = 0;

  bool operator==(const OutlineLevel&) const = default;
};

// A sheet's cells, sparse: rows that hold something, each with its cells in column order. Immutable once read.
// Cells that are only styled and empty texts are no cells.
class Sheet {
 public:
  struct Row {
    std::uint32_t number = 0;  // from 0
    std::uint64_t first = 0;   // into cells(); the row ends where the next begins
    bool hidden = false;
    std::uint8_t outline_level = 0;
  };

  const std::vector<Row>& rows() const { return rows_; }
  std::span<const Cell> CellsOf(std::size_t row_index) const;
  // The cell at an address, or null.
  const Cell* Find(std::uint32_t row, std::uint32_t column) const;
  std::size_t cell_count() const { return cells_.size(); }

  // Text of a string cell, in this workbook's table; empty for other kinds.
  std::string_view Text(const Cell& cell) const {
    return cell.kind == CellKind::kString && strings_ ? strings_->Text(cell.string_id()) : std::string_view();
  }
  // Of the texts read so far; where there are none, nobody has to look at the texts for them.
  bool HasCarriageReturns() const { return strings_ && strings_->has_carriage_returns(); }
  // True for a text out of the table that the workbook's sheets share: its id means the same text in all of them. The
  // id of another is good in its own cell only.
  bool IsShared(const Cell& cell) const { return strings_ && cell.string_id() < strings_->base_size(); }
  std::span<const TextRun> Runs(const Cell& cell) const;
  const Style& StyleOf(const Cell& cell) const;
  // What a reader of the sheet sees, as far as readers of data care: strings as they are; whole numbers as digits,
  // other numbers in the shortest exact form; dates by their format ("Jan-20"); TRUE, FALSE; "#N/A".
  std::string DisplayText(const Cell& cell) const;

  std::string name;
  Visibility visibility = Visibility::kVisible;
  std::vector<Range> merges;  // never expanded
  std::vector<NativeTable> tables;
  std::vector<Hyperlink> hyperlinks;
  std::vector<std::uint32_t> hidden_columns;
  std::vector<Lines> hidden_rows;  // with and without cells
  std::vector<OutlineLevel> row_levels;
  std::vector<OutlineLevel> column_levels;
  std::vector<Comment> comments;  // where they were asked for
  std::vector<Issue> issues;

 private:
  friend class SheetBuilder;
  friend Sheet GiveRows(Sheet sheet, RowSink& rows);
  std::vector<Row> rows_;
  std::vector<Cell> cells_;
  std::shared_ptr<const StringTable> strings_;
  std::shared_ptr<const std::vector<Style>> styles_;
  bool date1904_ = false;
};

// Puts a sheet together from cells in any order; of two at one address the last wins (one issue). For readers, and for
// tests that need a sheet without a file.
class SheetBuilder {
 public:
  SheetBuilder(std::string name, std::shared_ptr<const StringTable> strings,
               std::shared_ptr<const std::vector<Style>> styles, bool date1904 = false);
  void Add(std::uint32_t row, const Cell& cell);
  // Cells of one row, columns ascending, none twice.
  void AddRow(std::uint32_t row, std::span<const Cell> cells);
  // Lines beyond the grid are left out, and what is said after 64 million lines were marked.
  void HideRows(Lines rows);
  void HideColumns(Lines columns);
  void SetRowLevel(Lines rows, std::uint8_t level);
  void SetColumnLevel(Lines columns, std::uint8_t level);
  // As far as it is known by now.
  Sheet::Row RowAt(std::uint32_t row) const;
  bool is_hidden_column(std::uint32_t column) const;
  bool has_hidden_columns() const { return has_hidden_columns_; }
  Sheet& sheet() { return sheet_; }
  Sheet Finish() &&;

 private:
  std::span<std::uint8_t> MarksOf(std::vector<std::uint8_t>& marks, Lines lines, std::uint32_t grid);
  void MergeOutOfOrder();
  void MarkRows();
  void ListLines();

  Sheet sheet_;
  std::vector<std::pair<std::uint32_t, Cell>> out_of_order_;
  std::vector<std::uint8_t> row_marks_;  // by line: the level, and a bit for hidden
  std::vector<std::uint8_t> column_marks_;
  std::uint64_t marked_ = 0;  // lines, those that were marked before counted again
  bool has_hidden_columns_ = false;
};

}  // namespace tidemill::workbook
