// SPDX-License-Identifier: Apache-2.0
#include "notes.h"

#include <algorithm>

#include "tidemill/base/ascii.h"
#include "tidemill/base/text.h"

namespace tidemill::transform {
namespace {

using workbook::Cell;

constexpr std::size_t kLongestNumber = 3;

// The number of a note that the text begins with, and the rest: "1 text", "1. text", "[note 1] text", "Note 1 text".
std::string TakeNoteNumber(std::string_view& text) {
  std::vector<std::string> refs;
  if (const std::size_t size = BracketReference(text, refs); size != 0 && refs.size() == 1) {
    text = base::Trim(text.substr(size));
    return refs[0];
  }
  std::string_view rest = text;
  const bool named = rest.size() > 5 && base::Lower(rest.substr(0, 5)) == "note ";
  if (named) rest = base::Trim(rest.substr(5));
  std::size_t size = 0;
  while (size < rest.size() && base::IsDigit(rest[size])) ++size;
  if (size == 0 || size > kLongestNumber) return {};
  std::string number(rest.substr(0, size));
  rest.remove_prefix(size);
  if (rest.starts_with('.') || rest.starts_with(':') || rest.starts_with(')')) {
    rest.remove_prefix(1);
  } else if (!rest.empty() && !rest.starts_with(' ')) {
    return {};
  }
  text = base::Trim(rest);
  return number;
}

// The letter that the recipe gives to what such a note touches.
std::string StatusOf(const recipe::Spec& spec, std::string_view text) {
  for (const auto& [pattern, letter] : spec.notes.status) {
    if (pattern.Match(text)) return letter;
  }
  return {};
}

// The notes that a reference means: "12" without a note of that number is notes 1 and 2, written together. `find` gives
// the note of a number, or null.
template <class Find>
std::vector<Note*> MeantBy(const std::string& ref, const Find& find) {
  if (Note* note = find(ref)) return {note};
  std::vector<Note*> notes;
  for (std::size_t i = 0; i < ref.size(); ++i) {
    if (!base::IsDigit(ref[i]) || (i > 0 && ref[i] <= ref[i - 1])) return {};
    Note* note = find(ref.substr(i, 1));
    if (note == nullptr) return {};
    notes.push_back(note);
  }
  return notes;
}

}  // namespace

void NoteBook::Open(std::string number, std::string text, std::string sheet, std::string cell) {
  numbers_.insert(number);
  notes_.push_back({.number = std::move(number),
                    .text = std::move(text),
                    .sheet = std::move(sheet),
                    .cell = std::move(cell),
                    .status = {},
                    .touched = {}});
  open_ = true;
}

// True where the row is (part of) a note.
bool NoteBook::ReadRow(const Grid& grid, const recipe::Spec& spec, std::size_t row) {
  const Cell& first = *grid.FirstOf(row);
  // Superscripts of a note's own number are its number: they stay.
  const std::string whole = base::CollapseSpace(grid.sheet().DisplayText(first));
  std::string_view text = whole;
  std::string number = TakeNoteNumber(text);
  if (number.empty()) {
    const bool stops =
        std::ranges::any_of(spec.table.stop, [&](const recipe::Pattern& p) { return p.Match(whole).has_value(); });
    if (stops || first.is_numeric()) open_ = false;
    if (open_) notes_.back().text += " " + whole;
    return open_;
  }
  std::string note(text);
  for (const Cell& cell : grid.Cells(row)) {
    if (cell.column <= first.column || !grid.HasContent(cell) || grid.ClassOf(cell) != CellClass::kNone) continue;
    note += (note.empty() ? "" : " ") + base::CollapseSpace(grid.sheet().DisplayText(cell));
  }
  if (note.empty()) {
    open_ = false;
    return false;
  }
  Open(std::move(number), std::move(note), grid.sheet().name, grid.A1(row, first));
  return true;
}

void NoteBook::ReadRows(Grid& grid, const recipe::Spec& spec, std::size_t first, std::size_t end,
                        const std::set<std::uint32_t>& value_columns) {
  open_ = false;
  for (std::size_t row = first; row < end; ++row) {
    const bool gap = row > 0 && grid.RowNumber(row) != grid.RowNumber(row - 1) + 1;
    const Cell* head = grid.FirstOf(row);
    if (gap || head == nullptr) open_ = false;
    if (head == nullptr) continue;
    const bool claimed = grid.ClassOf(*head) != CellClass::kNone;
    const bool stray = head->kind == workbook::CellKind::kNumber && value_columns.contains(head->column);
    const bool note = !claimed && !stray && ReadRow(grid, spec, row);
    for (const Cell& cell : grid.Cells(row)) {
      if (cell.kind == workbook::CellKind::kNumber && value_columns.contains(cell.column)) continue;
      grid.Claim(cell, note ? CellClass::kNote : CellClass::kText);
    }
  }
}

void NoteBook::ReadSheet(const workbook::Sheet& sheet, const recipe::Spec& spec) {
  Grid grid(sheet);
  ReadRows(grid, spec, 0, grid.row_count(), {});
}

void NoteBook::BeginSheet() {
  if (!of_book_) {
    of_book_ = notes_.size();
    book_numbers_ = numbers_;
  }
  sheet_from_ = notes_.size();
  numbers_ = book_numbers_;
  missing_.clear();
  open_ = false;
}

Note* NoteBook::Find(const std::string& number) {
  const auto find = [&](std::size_t from, std::size_t to) -> Note* {
    for (std::size_t i = from; i < to; ++i) {
      if (notes_[i].number == number) return &notes_[i];
    }
    return nullptr;
  };
  if (Note* own = find(sheet_from_, notes_.size())) return own;
  return find(0, std::min(of_book_.value_or(0), sheet_from_));
}

void NoteBook::FindStatuses(const recipe::Spec& spec) {
  for (Note& note : notes_) note.status = StatusOf(spec, note.text);
}

std::vector<std::string> NoteBook::TouchText(const recipe::Spec& spec, const std::string& text,
                                             const std::string& sheet, const std::string& cell,
                                             const std::string& touched) {
  const std::string status = StatusOf(spec, text);
  notes_.push_back({.number = {}, .text = text, .sheet = sheet, .cell = cell, .status = status, .touched = {touched}});
  return status.empty() ? std::vector<std::string>() : std::vector{status};
}

std::vector<std::string> NoteBook::Touch(const std::vector<std::string>& refs, const std::string& cell) {
  std::vector<std::string> statuses;
  for (const std::string& ref : refs) {
    const std::vector<Note*> meant = MeantBy(ref, [&](const std::string& number) { return Find(number); });
    if (meant.empty()) missing_.try_emplace(ref, cell);
    for (Note* note : meant) {
      note->touched.push_back(cell);
      if (!note->status.empty()) statuses.push_back(note->status);
    }
  }
  return statuses;
}

void NoteBook::TouchRow(const Grid& grid, const recipe::Spec& spec, std::size_t row,
                        const std::set<std::uint32_t>& value_columns) {
  for (const Cell& cell : grid.Cells(row)) {
    const bool stub = cell.kind == workbook::CellKind::kString && grid.HasContent(cell);
    if (stub && !value_columns.contains(cell.column)) Touch(grid.Clean(cell, spec.notes).refs, grid.A1(row, cell));
  }
}

void NoteBook::TouchMarker(const recipe::Marker& marker, const std::string& sheet, const std::string& cell) {
  Note* note = Find(marker.text);
  if (note == nullptr) {
    notes_.push_back(
        {.number = marker.text, .text = marker.note, .sheet = sheet, .cell = {}, .status = {}, .touched = {}});
    note = &notes_.back();
  }
  note->touched.push_back(cell);
}

void NoteBook::Report(Findings& findings) const {
  for (const auto& [ref, cell] : missing_) {
    findings.Warn("note-missing", cell,
                  fmt::format("note {} is referred to, but no text of it is in the workbook", ref));
  }
}

}  // namespace tidemill::transform
