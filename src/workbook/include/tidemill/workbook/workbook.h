// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "tidemill/base/result.h"
#include "tidemill/workbook/cell.h"

// Reads spreadsheets: bytes in, sheets of cells out. No files, clock, log, network or threads of its own; untrusted
// input is limited before memory is taken. Facts of the formats: ECMA-376, [MS-XLS], [MS-CFB], OpenDocument 1.3.
namespace tidemill::workbook {

enum class Format : std::uint8_t { kXls, kXlsx, kXlsb, kOds, kFods, kSpreadsheetMl2003, kHtml, kCsv };
std::string_view ToText(Format format);  // "xls"

struct Limits {
  std::uint64_t entry_bytes = std::uint64_t{1} << 30U;  // one member of a zip, inflated
  std::uint64_t total_bytes = std::uint64_t{4} << 30U;  // all members that are read
  std::uint32_t inflate_ratio = 200;                    // beyond 8 MiB
  std::uint32_t zip_entries = 10'000;
  std::uint64_t cells = 100'000'000;  // of one sheet
  std::uint32_t string_characters = 32'767;
  std::uint32_t xml_depth = 64;
};

// What is odd, with its place; reading went on.
struct Issue {
  std::string code;  // "crc-mismatch", "string-index", "duplicate-cell" …
  std::string message;
  std::string sheet;         // empty: the file
  std::string cell;          // "A1" or empty
  std::uint64_t offset = 0;  // byte offset in the file or the part
};

enum class Visibility : std::uint8_t { kVisible, kHidden, kVeryHidden };
enum class SheetType : std::uint8_t { kWorksheet, kChart, kMacro, kDialog, kModule };

struct SheetEntry {
  std::string name;
  Visibility visibility = Visibility::kVisible;
  SheetType type = SheetType::kWorksheet;
};

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
  std::string_view Text(StringId id) const;
  std::span<const TextRun> Runs(StringId id) const;  // empty where the string is plain
  std::size_t size() const { return base_size_ + entries_.size(); }
  void Reserve(std::size_t strings, std::size_t bytes);

 private:
  struct Entry {
    std::uint64_t offset = 0;
    std::uint32_t size = 0;
    std::uint32_t first_run = 0;
    std::uint32_t run_count = 0;
  };
  std::shared_ptr<const StringTable> base_;
  std::size_t base_size_ = 0;
  std::string arena_;
  std::vector<Entry> entries_;
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

struct DefinedName {
  std::string name;
  std::string refers_to;
  int sheet = -1;  // index, or -1 for the whole book
};

struct Hyperlink {
  Range range;
  std::string target;
};

// A sheet's cells, sparse: rows that hold something, each with its cells in column order. Immutable once read.
// Cells that are only styled and empty texts are no cells.
class Sheet {
 public:
  struct Row {
    std::uint32_t number = 0;  // from 0
    std::uint64_t first = 0;   // into cells(); the row ends where the next begins
    bool hidden = false;
  };

  const std::vector<Row>& rows() const { return rows_; }
  std::span<const Cell> CellsOf(std::size_t row_index) const;
  // The cell at an address, or null.
  const Cell* Find(std::uint32_t row, std::uint32_t column) const;
  std::size_t cell_count() const { return cells_.size(); }

  // Text of a string cell, in this workbook's table; empty for other kinds.
  std::string_view Text(const Cell& cell) const;
  // Whether the same string id means the same text in all cells of the sheet, for as long as it is read.
  bool KeepsText(const Cell&) const { return true; }
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
  std::vector<Issue> issues;

 private:
  friend class SheetBuilder;
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
  void HideRow(std::uint32_t row);
  Sheet& sheet() { return sheet_; }
  Sheet Finish() &&;

 private:
  void MergeOutOfOrder();
  void MarkHidden();

  Sheet sheet_;
  std::vector<std::pair<std::uint32_t, Cell>> out_of_order_;
  std::vector<std::uint32_t> hidden_rows_;
};

// An open workbook. ReadSheet may be called from several threads at once; all else is immutable.
class Workbook {
 public:
  virtual ~Workbook() = default;
  virtual Format format() const = 0;
  virtual const std::vector<SheetEntry>& sheets() const = 0;
  virtual const std::vector<DefinedName>& names() const = 0;
  virtual const std::vector<Issue>& issues() const = 0;
  virtual bool date1904() const = 0;
  // The native tables of a sheet, without reading its cells; none in formats that have none.
  virtual base::Result<std::vector<NativeTable>> ReadTables(std::size_t /*index*/) const {
    return std::vector<NativeTable>();
  }
  // Everything readable of the sheet; what was not is in its issues. Errors: kMalformed where nothing could be read,
  // kTooLarge for a limit, kCancelled for `stop`.
  virtual base::Result<Sheet> ReadSheet(std::size_t index, std::stop_token stop = {}) const = 0;
};

// Opens by content, never by name; cheap: no cell is read. `bytes` must outlive the workbook.
// Errors name what was found and what was expected: kUnsupported ("encrypted", "html-error-page", "lock-file",
// "unsupported-format: …", "macro-only"), kMalformed ("corrupt-container", "not-a-workbook"), kTooLarge ("bomb",
// "limit").
base::Result<std::unique_ptr<Workbook>> OpenWorkbook(std::string_view bytes, const Limits& limits = {});

// What the bytes are, by their beginning and, in a container, by its parts. The words of OpenWorkbook's refusals.
struct Sniffed {
  bool is_workbook = false;
  Format format = Format::kXls;
  std::string what;  // "xls (BIFF8)", "html page", "zip archive without a workbook", "empty file" …
};
Sniffed Sniff(std::string_view bytes);

}  // namespace tidemill::workbook
