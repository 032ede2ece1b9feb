// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tidemill/workbook/workbook.h"

namespace tidemill::transform::testing {

// A cell that a test may change; rows and columns from 0.
struct EditableCell {
  std::uint32_t row = 0;
  workbook::Cell cell = {};
  std::string text = {};
  std::vector<workbook::TextRun> runs = {};
};

// A sheet taken apart, to be spoilt and put together again.
struct EditableSheet {
  std::string name;
  std::vector<EditableCell> cells;
  std::vector<workbook::Style> styles = {workbook::Style()};
  std::vector<workbook::NativeTable> tables = {};
  std::vector<workbook::Range> merges = {};
  std::vector<workbook::Issue> issues = {};

  explicit EditableSheet(std::string sheet_name) : name(std::move(sheet_name)) {}
  explicit EditableSheet(const workbook::Sheet& sheet);
  workbook::Sheet Build() const;

  // "C6"; replaces what stands there.
  void Text(std::string_view a1, std::string_view text, bool bold = false);
  // The text's last `script` bytes are a superscript run.
  void Scripted(std::string_view a1, std::string_view text, std::size_t script, bool bold = false);
  void Number(std::string_view a1, double number, bool bold = false);
  void Erase(std::string_view a1);
  EditableCell* Find(std::string_view a1);
  // The first cell with that text, surrounding blanks aside.
  EditableCell* FindText(std::string_view text);
  void EraseRow(std::uint32_t row);
  // `count` blank rows above `row`.
  void InsertRows(std::uint32_t row, std::uint32_t count);
  void InsertColumns(std::uint32_t column, std::uint32_t count);

 private:
  EditableCell& Put(std::string_view a1, bool bold);
};

// A workbook of such sheets.
class EditableWorkbook final : public workbook::Workbook {
 public:
  EditableWorkbook() = default;
  explicit EditableWorkbook(const workbook::Workbook& book);

  EditableSheet& Add(EditableSheet sheet, bool hidden = false);
  EditableSheet& sheet(std::string_view name);
  void Rename(std::string_view from, std::string to);
  void Remove(std::string_view name);
  // The last sheet becomes the first, and so on.
  void ReverseSheets();

  workbook::Format format() const override { return workbook::Format::kXls; }
  const std::vector<workbook::SheetEntry>& sheets() const override { return entries_; }
  const std::vector<workbook::DefinedName>& names() const override { return names_; }
  const std::vector<workbook::Issue>& issues() const override { return issues_; }
  bool date1904() const override { return false; }

 private:
  base::Result<workbook::Sheet> Read(std::size_t index, workbook::RowSink* rows, std::stop_token stop,
                                     const workbook::ReadOptions& options) const override;

  std::vector<EditableSheet> editable_;
  std::vector<workbook::SheetEntry> entries_;
  std::vector<workbook::DefinedName> names_;
  std::vector<workbook::Issue> issues_;
};

// Row and column of an address, from 0.
struct Address {
  std::uint32_t row = 0;
  std::uint32_t column = 0;
};
Address ParseA1(std::string_view a1);

// The layout of the monthly deaths of 2018, with 13 areas and invented counts that add up: the total is above its parts
// by 18 in January and 3 in February. Sheets "Contents" and "Figures for 2018".
EditableWorkbook SmallDeathsWorkbook();

}  // namespace tidemill::transform::testing
