// SPDX-License-Identifier: Apache-2.0
#include "cell_sink.h"

#include <algorithm>
#include <bit>

#include "tidemill/base/text.h"

namespace tidemill::workbook {
namespace {

constexpr std::size_t kFirstRoom = 64;
constexpr std::size_t kIssuesOfACode = 20;

CellKind KindOf(NumberClass number_class) {
  switch (number_class) {
    case NumberClass::kDate:
    case NumberClass::kMonthYear:
    case NumberClass::kYear:
    case NumberClass::kTime:
    case NumberClass::kDateTime:
      return CellKind::kDate;
    case NumberClass::kElapsed:
      return CellKind::kDuration;
    default:
      return CellKind::kNumber;
  }
}

std::uint64_t FontKey(StringId id, const TextRun& font) {
  const auto bits = static_cast<std::uint64_t>(font.script) | (font.bold ? 4U : 0U) | (font.italic ? 8U : 0U) |
                    (font.strike ? 16U : 0U);
  return std::uint64_t{id} << 8U | bits;
}

}  // namespace

void Book::SetStyles(std::vector<Style> read) {
  number_kinds.clear();
  number_kinds.reserve(read.size());
  for (const Style& style : read) number_kinds.push_back(KindOf(style.number_class));
  if (number_kinds.empty()) number_kinds.push_back(CellKind::kNumber);
  styles = std::make_shared<const std::vector<Style>>(std::move(read));
}

CellSink::CellSink(const Book& book, std::shared_ptr<const SharedStrings> shared, const SheetEntry& entry,
                   RowSink* rows)
    : book_(book),
      shared_(std::move(shared)),
      shared_flags_(shared_->flags().data()),
      shared_size_(shared_->size()),
      kinds_(book.number_kinds.data()),
      style_count_(std::min<std::size_t>(book.number_kinds.size(), 0x10000)),
      epoch_flag_(book.date1904 ? kEpoch1904 : 0U),
      rows_(rows),
      strings_(std::make_shared<StringTable>(shared_->table())),
      builder_(entry.name, strings_, book.styles, book.date1904) {
  sheet().visibility = entry.visibility;
  for (Issue issue : shared_->issues) {
    issue.sheet = entry.name;
    sheet().issues.push_back(std::move(issue));
  }
}

bool CellSink::MakeRoom(std::uint32_t row, std::uint32_t column) {
  if (row >= book_.rows || column >= kGridColumns) {
    AddIssue("address", "a cell beyond XFD1048576 is left out", A1(row, column));
    return false;
  }
  if (full()) return false;
  if (row != row_) {
    EndRow();
    row_ = row;
  }
  if (count_ < room_.size()) return true;
  if (room_.size() < kMostRoom) {
    room_.resize(std::max(kFirstRoom, 2 * room_.size()));
  } else if (rows_ != nullptr) {
    PutInOrder();
  } else {
    EndRow();
  }
  return true;
}

void CellSink::BeginRow(std::uint32_t row) {
  if (row == row_ || row >= book_.rows || full()) return;
  EndRow();
  row_ = row;
  if (room_.empty()) room_.resize(kFirstRoom);
}

void CellSink::EndRow() {
  for (std::uint32_t i = 0; i <= repeats_; ++i) {
    cells_ += count_;
    if (full() || count_ == 0) break;  // nothing to hand on, or nobody to take it
    if (i == 1) {
      for (Cell& cell : std::span(room_).first(count_)) cell.flags |= kRepeated;
    }
    HandOn(row_ + i);
  }
  if (rows_ != nullptr) {
    strings_->Forget();
    filled_.clear();
  }
  count_ = 0;
  next_column_ = 0;
  in_order_ = true;
}

// What is out of order is left to the builder, which sees the whole sheet.
void CellSink::HandOn(std::uint32_t row) {
  if (rows_ != nullptr) {
    GiveRow(row);
  } else if (in_order_) {
    builder_.AddRow(row, std::span(room_).first(count_));
  } else {
    for (const Cell& cell : std::span(room_).first(count_)) builder_.Add(row, cell);
  }
}

void CellSink::GiveRow(std::uint32_t number) {
  if (!in_order_) PutInOrder();
  if (number < next_row_) {
    AddIssue("row-order", "a row stands behind a later one, or comes in pieces", A1(number, room_.front().column));
  }
  next_row_ = std::max(next_row_, number + 1);
  Sheet::Row row = builder_.RowAt(number);
  row.first = std::exchange(given_, given_ + count_);
  const auto cells = std::span(room_).first(count_);
  if (row.hidden || builder_.has_hidden_columns()) {
    for (Cell& cell : cells) {
      if (row.hidden || builder_.is_hidden_column(cell.column)) cell.flags |= kHiddenCell;
    }
  }
  if (!rows_->Row(sheet(), row, cells)) ended_ = true;
}

void CellSink::PutInOrder() {
  const auto cells = std::span(room_).first(count_);
  std::stable_sort(cells.begin(), cells.end(), [](const Cell& a, const Cell& b) { return a.column < b.column; });
  std::size_t kept = 0;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (i + 1 < cells.size() && cells[i].column == cells[i + 1].column) {
      if (duplicates_++ == 0) first_duplicate_ = A1(row_, cells[i].column);
    } else {
      cells[kept++] = cells[i];
    }
  }
  count_ = kept;
  next_column_ = std::uint32_t{cells[kept - 1].column} + 1;
  in_order_ = true;
}

void CellSink::AddDate(std::uint32_t row, std::uint32_t column, std::uint32_t style, double serial,
                       std::uint8_t flags) {
  Add(row, column, StyleIndex(style), CellKind::kDate, flags, std::bit_cast<std::uint64_t>(serial));
}

void CellSink::AddIsoDate(std::uint32_t row, std::uint32_t column, std::uint32_t style, double serial,
                          std::uint8_t flags) {
  if (book_.date1904) serial -= kDaysTo1904;
  AddDate(row, column, style, serial, flags | kIsoDate);
}

void CellSink::AddDuration(std::uint32_t row, std::uint32_t column, std::uint32_t style, double days,
                           std::uint8_t flags) {
  Add(row, column, StyleIndex(style), CellKind::kDuration, flags, std::bit_cast<std::uint64_t>(days));
}

void CellSink::AddBool(std::uint32_t row, std::uint32_t column, std::uint32_t style, bool value, std::uint8_t flags) {
  Add(row, column, StyleIndex(style), CellKind::kBool, flags, value ? 1U : 0U);
}

void CellSink::AddError(std::uint32_t row, std::uint32_t column, std::uint32_t style, CellError value,
                        std::uint8_t flags) {
  Add(row, column, StyleIndex(style), CellKind::kError, flags, static_cast<std::uint64_t>(value));
}

StringId CellSink::WithFont(StringId id, std::span<const RawRun> raw, std::uint16_t style, std::uint8_t& flags) {
  if (!book_.styles || style >= book_.styles->size()) return id;
  const TextRun font = FontOf((*book_.styles)[style]);
  if (font == TextRun()) return id;
  const auto [entry, is_new] = filled_.try_emplace(FontKey(id, font), id);
  if (is_new) entry->second = strings_->Add(strings_->Text(id), FillRuns(raw, font));
  flags = static_cast<std::uint8_t>(flags & ~kHasRuns);
  if (!strings_->Runs(entry->second).empty()) flags |= kHasRuns;
  return entry->second;
}

void CellSink::AddSpecialString(std::uint32_t row, std::uint32_t column, std::uint32_t style, std::uint64_t index) {
  if (index >= shared_size_) {
    AddIssue("string-index", "shared string " + std::to_string(index) + " of " + std::to_string(shared_size_),
             A1(row, column));
    return;
  }
  auto id = static_cast<StringId>(index);
  auto flags = static_cast<std::uint8_t>(shared_flags_[index] & ~SharedStrings::kSpecial);
  if (strings_->Text(id).empty() || !IsReady(row, column)) return;
  const std::uint16_t style_index = StyleIndex(style);
  if (const auto raw = shared_->InheritingRuns(id); !raw.empty()) id = WithFont(id, raw, style_index, flags);
  Add(row, column, style_index, CellKind::kString, flags, id);
}

void CellSink::AddString(std::uint32_t row, std::uint32_t column, std::uint32_t style, std::string_view text,
                         std::span<const RawRun> runs, std::uint8_t flags) {
  if (text.empty() || !IsReady(row, column)) return;
  if (CutText(text, book_.limits.string_characters)) flags |= kTruncated;
  if (ReadsAsNumber(text)) flags |= kNumberAsText;
  const std::uint16_t index = StyleIndex(style);
  const bool has_style = book_.styles && index < book_.styles->size();
  const auto filled = FillRuns(RunsWithin(runs, text.size()), has_style ? FontOf((*book_.styles)[index]) : TextRun());
  if (!filled.empty()) flags |= kHasRuns;
  Add(row, column, index, CellKind::kString, flags, strings_->Add(text, filled));
}

void CellSink::SetRowLevel(std::uint32_t first, std::uint32_t last, std::uint8_t level) {
  builder_.SetRowLevel({first, last}, level);
}

void CellSink::SetColumnLevel(std::uint32_t first, std::uint32_t last, std::uint8_t level) {
  builder_.SetColumnLevel({first, last}, level);
}

void CellSink::RepeatCell(std::uint32_t times) {
  if (count_ == 0) return;
  const Cell cell = room_[count_ - 1];
  for (std::uint32_t i = 1; i <= times; ++i) {
    Add(row_, cell.column + i, cell.style, cell.kind, cell.flags | kRepeated, cell.payload);
  }
}

void CellSink::RepeatRow(std::uint32_t times) {
  repeats_ = times;
  EndRow();
  row_ += std::exchange(repeats_, 0);
}

void CellSink::AddIssue(std::string code, std::string message, std::string cell, std::uint64_t offset) {
  if (++issue_counts_[code] > kIssuesOfACode) return;
  sheet().issues.push_back({.code = std::move(code),
                            .message = std::move(message),
                            .sheet = sheet().name,
                            .cell = std::move(cell),
                            .offset = offset});
}

bool CellSink::Afford(std::size_t bytes) {
  constexpr std::size_t kMost = std::size_t{12} << 20U;
  if (besides_ > kMost) return false;
  besides_ += bytes;
  if (besides_ <= kMost) return true;
  AddIssue("limit", "merged ranges, links, notes and tables of more than 12 MiB: the rest of them is left out");
  return false;
}

void CellSink::AddMerge(const Range& range) {
  if (Afford(sizeof range)) sheet().merges.push_back(range);
}

void CellSink::AddHyperlink(const Range& range, std::string target) {
  if (Afford(sizeof(Hyperlink) + target.size())) {
    sheet().hyperlinks.push_back({.range = range, .target = std::move(target)});
  }
}

void CellSink::AddComment(Comment comment) {
  if (Afford(sizeof comment + comment.author.size() + comment.text.size())) {
    sheet().comments.push_back(std::move(comment));
  }
}

base::Result<Sheet> CellSink::Finish() && {
  EndRow();
  if (cells_ > book_.limits.cells) {
    return base::FailAt(base::ErrorCode::kTooLarge, "sheet " + base::Quoted(sheet().name), "limit: more than {} cells",
                        book_.limits.cells);
  }
  if (duplicates_ > 0) {
    AddIssue("duplicate-cell", std::to_string(duplicates_) + " cells at an address that has one, the last one counts",
             std::move(first_duplicate_));
  }
  return std::move(builder_).Finish();
}

}  // namespace tidemill::workbook
