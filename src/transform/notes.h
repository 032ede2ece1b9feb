// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "findings.h"
#include "grid.h"

// Note texts, and the cells that refer to them: recipes.md 3.8.
namespace tidemill::transform {

struct Note {
  std::string number;  // "3"
  std::string text;
  std::string sheet;
  std::string cell;    // where the text begins
  std::string status;  // letter that notes.status gives to what it touches; or empty
  std::vector<std::string> touched;
};

class NoteBook {
 public:
  // Reads the rows [first, end) below a table (or of a sheet of notes), claims their cells as notes, and all other
  // cells there that nothing else has claimed as text. Numbers in `value_columns` stay unclaimed.
  void ReadRows(Grid& grid, const recipe::Spec& spec, std::size_t first, std::size_t end,
                const std::set<std::uint32_t>& value_columns);
  // What was read so far belongs to the whole book, or to sheets that are done with: the next rows are of another
  // sheet, whose references mean its own notes first, then those of the book.
  void BeginSheet();
  // A whole sheet of notes, of the book.
  void ReadSheet(const workbook::Sheet& sheet, const recipe::Spec& spec);
  // Looks for each note's status.
  void FindStatuses(const recipe::Spec& spec);

  const std::set<std::string, std::less<>>& numbers() const { return numbers_; }
  const std::vector<Note>& notes() const { return notes_; }
  // Notes that a cell refers to: their statuses are returned; a reference without a text is remembered.
  std::vector<std::string> Touch(const std::vector<std::string>& refs, const std::string& cell);
  // A note in its own words, in a cell beside the value it touches; its status is returned.
  std::vector<std::string> TouchText(const recipe::Spec& spec, const std::string& text, const std::string& sheet,
                                     const std::string& cell, const std::string& touched);
  // Notes that the texts of a row refer to, where nothing takes their status: a title, the header of a stub.
  void TouchRow(const Grid& grid, const recipe::Spec& spec, std::size_t row,
                const std::set<std::uint32_t>& value_columns);
  // A cell holds a marker that the recipe explains.
  void TouchMarker(const recipe::Marker& marker, const std::string& sheet, const std::string& cell);
  // Warns of the sheet's references without a text, once each.
  void Report(Findings& findings) const;

 private:
  Note* Find(const std::string& number);
  bool ReadRow(const Grid& grid, const recipe::Spec& spec, std::size_t row);
  void Open(std::string number, std::string text, std::string sheet, std::string cell);

  std::vector<Note> notes_;
  std::optional<std::size_t> of_book_;  // so many of the first notes; none until the first sheet begins
  std::size_t sheet_from_ = 0;          // where those of the sheet at hand begin
  std::set<std::string, std::less<>> numbers_, book_numbers_;
  std::map<std::string, std::string> missing_;  // reference → first cell
  bool open_ = false;
};

}  // namespace tidemill::transform
