// SPDX-License-Identifier: Apache-2.0
#include "cell_sink.h"

#include <algorithm>
#include <bit>

#include "tidemill/base/text.h"

namespace tidemill::workbook {
namespace {

constexpr std::uint32_t kRows = 1'048'576;
constexpr std::uint32_t kColumns = 16'384;
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
  styles = std::make_shared<const std::vector<Style>>(std::move(read));
}

CellSink::CellSink(const Book& book, std::shared_ptr<const SharedStrings> shared, const SheetEntry& entry)
    : book_(book),
      shared_(std::move(shared)),
      strings_(std::make_shared<StringTable>(shared_->table())),
      builder_(entry.name, strings_, book.styles, book.date1904) {
  sheet().visibility = entry.visibility;
  for (Issue issue : shared_->issues) {
    issue.sheet = entry.name;
    sheet().issues.push_back(std::move(issue));
  }
}

std::uint16_t CellSink::StyleIndex(std::uint32_t style) const {
  return style < book_.number_kinds.size() && style <= 0xFFFF ? static_cast<std::uint16_t>(style) : std::uint16_t{0};
}

void CellSink::Add(std::uint32_t row, std::uint32_t column, std::uint32_t style, Cell cell) {
  if (row >= kRows || column >= kColumns) {
    AddIssue("address", "a cell beyond XFD1048576 is left out", A1(row, column));
    return;
  }
  if (++cells_ > book_.limits.cells) return;
  cell.column = static_cast<std::uint16_t>(column);
  cell.style = StyleIndex(style);
  if (book_.date1904) cell.flags |= kEpoch1904;
  builder_.Add(row, cell);
}

void CellSink::AddNumber(std::uint32_t row, std::uint32_t column, std::uint32_t style, double value,
                         std::uint8_t flags) {
  const std::uint16_t index = StyleIndex(style);
  const CellKind kind = index < book_.number_kinds.size() ? book_.number_kinds[index] : CellKind::kNumber;
  Add(row, column, style, {.kind = kind, .flags = flags, .payload = std::bit_cast<std::uint64_t>(value)});
}

void CellSink::AddIsoDate(std::uint32_t row, std::uint32_t column, std::uint32_t style, double serial,
                          std::uint8_t flags) {
  constexpr double kOffset1904 = 1'462;
  if (book_.date1904) serial -= kOffset1904;
  Add(row, column, style, {.kind = CellKind::kDate, .flags = flags, .payload = std::bit_cast<std::uint64_t>(serial)});
}

void CellSink::AddDuration(std::uint32_t row, std::uint32_t column, std::uint32_t style, double days,
                           std::uint8_t flags) {
  Add(row, column, style, {.kind = CellKind::kDuration, .flags = flags, .payload = std::bit_cast<std::uint64_t>(days)});
}

void CellSink::AddBool(std::uint32_t row, std::uint32_t column, std::uint32_t style, bool value, std::uint8_t flags) {
  Add(row, column, style, {.kind = CellKind::kBool, .flags = flags, .payload = value ? 1U : 0U});
}

void CellSink::AddError(std::uint32_t row, std::uint32_t column, std::uint32_t style, CellError value,
                        std::uint8_t flags) {
  Add(row, column, style, {.kind = CellKind::kError, .flags = flags, .payload = static_cast<std::uint64_t>(value)});
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

void CellSink::AddSharedString(std::uint32_t row, std::uint32_t column, std::uint32_t style, std::uint64_t index) {
  if (index >= shared_->size()) {
    AddIssue("string-index", "shared string " + std::to_string(index) + " of " + std::to_string(shared_->size()),
             A1(row, column));
    return;
  }
  auto id = static_cast<StringId>(index);
  if (shared_->empty(id)) return;
  std::uint8_t flags = shared_->flags(id);
  if (const auto raw = shared_->InheritingRuns(id); !raw.empty()) id = WithFont(id, raw, StyleIndex(style), flags);
  Add(row, column, style, {.kind = CellKind::kString, .flags = flags, .payload = id});
}

void CellSink::AddString(std::uint32_t row, std::uint32_t column, std::uint32_t style, std::string_view text,
                         std::span<const RawRun> runs, std::uint8_t flags) {
  if (text.empty()) return;
  if (CutText(text, book_.limits.string_characters)) flags |= kTruncated;
  if (ReadsAsNumber(text)) flags |= kNumberAsText;
  const std::uint16_t index = StyleIndex(style);
  const bool has_style = book_.styles && index < book_.styles->size();
  const auto filled = FillRuns(RunsWithin(runs, text.size()), has_style ? FontOf((*book_.styles)[index]) : TextRun());
  if (!filled.empty()) flags |= kHasRuns;
  Add(row, column, style, {.kind = CellKind::kString, .flags = flags, .payload = strings_->Add(text, filled)});
}

void CellSink::HideColumns(std::uint32_t first, std::uint32_t last) {
  hidden_columns_.resize(kColumns);
  for (std::uint32_t column = first; column <= std::min(last, kColumns - 1); ++column) {
    if (hidden_columns_[column]) continue;
    hidden_columns_[column] = true;
    sheet().hidden_columns.push_back(column);
  }
}

void CellSink::AddIssue(std::string code, std::string message, std::string cell, std::uint64_t offset) {
  if (++issue_counts_[code] > kIssuesOfACode) return;
  sheet().issues.push_back({.code = std::move(code),
                            .message = std::move(message),
                            .sheet = sheet().name,
                            .cell = std::move(cell),
                            .offset = offset});
}

base::Result<Sheet> CellSink::Finish() && {
  if (full()) {
    return base::FailAt(base::ErrorCode::kTooLarge, "sheet " + base::Quoted(sheet().name), "limit: more than {} cells",
                        book_.limits.cells);
  }
  return std::move(builder_).Finish();
}

}  // namespace tidemill::workbook
