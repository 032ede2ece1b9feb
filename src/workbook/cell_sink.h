// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "tidemill/workbook/workbook.h"

#include "shared_strings.h"

namespace tidemill::workbook {

// What all sheets of an open workbook share, whatever its format.
struct Book {
  std::shared_ptr<const std::vector<Style>> styles;
  std::vector<CellKind> number_kinds;  // of a number, by style; never empty once styles are set
  bool date1904 = false;
  std::uint32_t rows = kGridRows;  // that a sheet can have
  Limits limits;

  void SetStyles(std::vector<Style> read);
};

// Where the readers of all formats put cells: it knows dates by their style, fills in runs, counts against the limits,
// puts a row's cells in order and hands whole rows on, to the sheet or to a taker of rows. Cheapest where cells come
// row by row with rising columns; any order is right (see RowSink for what a taker of rows then gets).
class CellSink {
 public:
  // Cells go into the sheet, or to `rows` where it is given.
  CellSink(const Book& book, std::shared_ptr<const SharedStrings> shared, const SheetEntry& entry,
           RowSink* rows = nullptr);

  void AddNumber(std::uint32_t row, std::uint32_t column, std::uint32_t style, double value, std::uint8_t flags = 0) {
    const std::uint16_t index = StyleIndex(style);
    Add(row, column, index, kinds_[index], flags, std::bit_cast<std::uint64_t>(value));
  }
  // A date whatever its style says; `serial` is of the workbook's own system.
  void AddDate(std::uint32_t row, std::uint32_t column, std::uint32_t style, double serial, std::uint8_t flags = 0);
  // `serial` counts from 1899-12-30 like every ISO date in a spreadsheet.
  void AddIsoDate(std::uint32_t row, std::uint32_t column, std::uint32_t style, double serial, std::uint8_t flags = 0);
  void AddDuration(std::uint32_t row, std::uint32_t column, std::uint32_t style, double days, std::uint8_t flags = 0);
  void AddBool(std::uint32_t row, std::uint32_t column, std::uint32_t style, bool value, std::uint8_t flags = 0);
  void AddError(std::uint32_t row, std::uint32_t column, std::uint32_t style, CellError value, std::uint8_t flags = 0);
  void AddSharedString(std::uint32_t row, std::uint32_t column, std::uint32_t style, std::uint64_t index) {
    if (index < shared_size_ && (shared_flags_[index] & SharedStrings::kSpecial) == 0) {
      shared_->table()->Prefetch(static_cast<StringId>(index));
      Add(row, column, StyleIndex(style), CellKind::kString, shared_flags_[index], index);
    } else {
      AddSpecialString(row, column, style, index);
    }
  }
  void AddString(std::uint32_t row, std::uint32_t column, std::uint32_t style, std::string_view text,
                 std::span<const RawRun> runs = {}, std::uint8_t flags = 0);
  // Ends the row before, where it is another one: a CellRun of this row can begin with its first cell.
  void BeginRow(std::uint32_t row);
  // The cell that was added last, again in the columns behind it; the row that was begun last, again in the rows below
  // it, which ends it.
  void RepeatCell(std::uint32_t times);
  void RepeatRow(std::uint32_t times);
  // A taker of rows sees the marks of rows and columns on cells that come behind them only.
  void HideRows(std::uint32_t first, std::uint32_t last) { builder_.HideRows({first, last}); }
  void HideColumns(std::uint32_t first, std::uint32_t last) { builder_.HideColumns({first, last}); }
  void SetRowLevel(std::uint32_t first, std::uint32_t last, std::uint8_t level);
  void SetColumnLevel(std::uint32_t first, std::uint32_t last, std::uint8_t level);
  void AddIssue(std::string code, std::string message, std::string cell = {}, std::uint64_t offset = 0);
  // What a sheet has besides cells takes 12 MiB at most; more is left out, with one issue "limit".
  void AddMerge(const Range& range);
  void AddHyperlink(const Range& range, std::string target);
  void AddComment(Comment comment);
  bool Afford(std::size_t bytes);

  // True once a limit is passed or the taker of rows has enough; the reader then stops.
  bool full() const { return ended_ || cells_ + count_ > book_.limits.cells; }
  const Limits& limits() const { return book_.limits; }
  // The sheet as far as it has been read, for what is not cells.
  Sheet& sheet() { return builder_.sheet(); }
  base::Result<Sheet> Finish() &&;

 private:
  friend class CellRun;
  static constexpr std::uint32_t kNoRow = 0xFFFFFFFF;
  static constexpr std::size_t kMostRoom = std::size_t{2} * kGridColumns;

  void Add(std::uint32_t row, std::uint32_t column, std::uint16_t style, CellKind kind, std::uint8_t flags,
           std::uint64_t payload) {
    if (!IsReady(row, column)) return;
    in_order_ = in_order_ && column >= next_column_;
    next_column_ = column + 1;
    room_[count_++] = CellOf(column, style, kind, flags | epoch_flag_, payload);
  }
  // As two words: put together from its small fields a cell takes twice as long.
  static Cell CellOf(std::uint32_t column, std::uint16_t style, CellKind kind, std::uint32_t flags,
                     std::uint64_t payload) {
    const std::uint32_t small = static_cast<std::uint32_t>(kind) | flags << 8U;
    const std::array<std::uint64_t, 2> words = {
        std::uint64_t{small} << 32U | std::uint64_t{style} << 16U | (column & 0xFFFFU), payload};
    static_assert(std::endian::native == std::endian::little && offsetof(Cell, column) == 0 &&
                  offsetof(Cell, style) == 2 && offsetof(Cell, kind) == 4 && offsetof(Cell, flags) == 5 &&
                  offsetof(Cell, payload) == 8);
    return std::bit_cast<Cell>(words);
  }
  // Ends the row before, where the cell begins another one. Strings of the row before are forgotten then.
  bool IsReady(std::uint32_t row, std::uint32_t column) {
    if (row == row_ && column < kGridColumns && count_ < room_.size()) [[likely]]
      return true;
    return MakeRoom(row, column);
  }
  std::uint16_t StyleIndex(std::uint32_t style) const {
    return style < style_count_ ? static_cast<std::uint16_t>(style) : std::uint16_t{0};
  }
  bool MakeRoom(std::uint32_t row, std::uint32_t column);
  void EndRow();
  void HandOn(std::uint32_t row);
  void GiveRow(std::uint32_t row);
  void PutInOrder();
  void AddSpecialString(std::uint32_t row, std::uint32_t column, std::uint32_t style, std::uint64_t index);
  StringId WithFont(StringId id, std::span<const RawRun> raw, std::uint16_t style, std::uint8_t& flags);

  const Book& book_;
  std::shared_ptr<const SharedStrings> shared_;
  const std::uint8_t* shared_flags_;
  std::size_t shared_size_;
  const CellKind* kinds_;
  std::size_t style_count_;
  std::uint32_t epoch_flag_;
  RowSink* rows_;
  std::shared_ptr<StringTable> strings_;
  SheetBuilder builder_;

  // The row that is being read: the first count_ cells. There is no room before the first cell, so that kNoRow, which a
  // file may name, is no row either.
  std::vector<Cell> room_;
  std::size_t count_ = 0;
  std::uint32_t row_ = kNoRow;
  std::uint32_t repeats_ = 0;  // of the row, below it
  std::uint32_t next_column_ = 0;
  bool in_order_ = true;

  std::uint64_t cells_ = 0;  // of the rows before
  bool ended_ = false;       // the taker of rows has enough
  std::uint64_t given_ = 0;  // cells, to the taker of rows
  std::uint32_t next_row_ = 0;
  std::uint64_t duplicates_ = 0;
  std::string first_duplicate_;
  std::unordered_map<std::uint64_t, StringId> filled_;  // by string and font
  std::unordered_map<std::string, std::size_t> issue_counts_;
  std::size_t besides_ = 0;  // bytes of what is no cell
};

// Plain cells of a row that the sink has begun, added one after the other: where they go stays in registers meanwhile.
// All is inlined, or it would not.
class CellRun {
 public:
  // The next cell stands in `next_column` or right of it.
  [[gnu::always_inline]] CellRun(CellSink& sink, std::uint32_t row, std::uint32_t next_column)
      : sink_(sink),
        next_column_(next_column),
        kinds_(sink.kinds_),
        styles_(sink.style_count_),
        epoch_bits_(std::uint64_t{sink.epoch_flag_} << kFlagsAt),
        string_flags_(sink.shared_flags_),
        strings_(sink.shared_size_) {
    if (sink.row_ != row || next_column < sink.next_column_ || sink.room_.empty()) return;
    next_ = sink.room_.data() + sink.count_;
    end_ = sink.room_.data() + sink.room_.size();
  }

  // False where the cell is for the sink to judge: not right of the one before, of an unknown style, without room.
  [[gnu::always_inline]] bool Number(std::uint32_t column, std::uint32_t style, double value) {
    if (style >= styles_) return false;
    return Put(column, style, std::uint64_t{static_cast<std::uint8_t>(kinds_[style])} << kKindAt,
               std::bit_cast<std::uint64_t>(value));
  }
  // False also for a string that is not plain text.
  [[gnu::always_inline]] bool SharedString(std::uint32_t column, std::uint32_t style, std::uint32_t index) {
    if (style >= styles_ || index >= strings_) return false;
    const std::uint8_t flags = string_flags_[index];
    if ((flags & SharedStrings::kSpecial) != 0) return false;
    constexpr std::uint64_t kKind = std::uint64_t{static_cast<std::uint8_t>(CellKind::kString)} << kKindAt;
    return Put(column, style, kKind | std::uint64_t{flags} << kFlagsAt, index);
  }
  std::uint32_t next_column() const { return next_column_; }
  // At the end, before anything else is done with the sink.
  [[gnu::always_inline]] void Commit() {
    if (next_ == nullptr || next_ == sink_.room_.data() + sink_.count_) return;
    sink_.count_ = static_cast<std::size_t>(next_ - sink_.room_.data());
    sink_.next_column_ = next_column_;
  }

 private:
  static constexpr unsigned kStyleAt = 16;
  static constexpr unsigned kKindAt = 32;
  static constexpr unsigned kFlagsAt = 40;

  // Written as the words that CellSink::CellOf makes of it: the compiler would take them apart again.
  [[gnu::always_inline]] bool Put(std::uint32_t column, std::uint32_t style, std::uint64_t kind,
                                  std::uint64_t payload) {
    if (column < next_column_ || column >= kGridColumns || next_ == end_) return false;
    const std::array<std::uint64_t, 2> words = {kind | epoch_bits_ | std::uint64_t{style} << kStyleAt | column,
                                                payload};
    std::memcpy(static_cast<void*>(next_), words.data(), sizeof words);
    ++next_;
    next_column_ = column + 1;
    return true;
  }

  CellSink& sink_;
  std::uint32_t next_column_;
  const CellKind* const kinds_;
  const std::size_t styles_;
  const std::uint64_t epoch_bits_;
  const std::uint8_t* const string_flags_;
  const std::size_t strings_;
  Cell* next_ = nullptr;
  Cell* end_ = nullptr;
};

}  // namespace tidemill::workbook
