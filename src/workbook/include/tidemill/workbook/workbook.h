// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "tidemill/base/result.h"
#include "tidemill/workbook/sheet.h"

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
  std::uint64_t cells = 100'000'000;         // of one sheet
  std::uint64_t repeated_cells = 2'000'000;  // of these, made by repeat counts (ods)
  std::uint32_t string_characters = 32'767;
  std::uint32_t xml_depth = 64;
};

enum class SheetType : std::uint8_t { kWorksheet, kChart, kMacro, kDialog, kModule };

struct SheetEntry {
  std::string name;
  Visibility visibility = Visibility::kVisible;
  SheetType type = SheetType::kWorksheet;
};

struct DefinedName {
  std::string name;
  std::string refers_to;
  int sheet = -1;  // index, or -1 for the whole book
};

// Takes a sheet's rows as they are read.
class RowSink {
 public:
  virtual ~RowSink() = default;
  // One row that holds cells, columns ascending; of two cells at one address in it the last one is given. `sheet` is as
  // far as it has been read: it gives texts, runs, styles and display texts of these cells, now and not later; it has
  // no rows of its own. `row.first` counts the cells that were given before. Rows come in the file's order. A row that
  // stands below a later one, or that comes in two pieces, is given as it comes (one issue "row-order"); of two cells
  // at one address the later one counts. Hidden rows and columns, levels and flags are those the file has named by
  // then: xlsx and xls name them first. False ends the reading: what stands behind is not looked at.
  virtual bool Row(const Sheet& sheet, const Sheet::Row& row, std::span<const Cell> cells) = 0;
};

struct ReadOptions {
  bool strict_only = false;  // no fast path: slower, and by contract the same result
  bool comments = false;
};

// An open workbook. Sheets may be read from several threads at once; all else is immutable.
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
  base::Result<Sheet> ReadSheet(std::size_t index, std::stop_token stop = {}, const ReadOptions& options = {}) const;
  // The same with the cells given to `rows` instead of kept: the sheet holds all but cells. Memory does not grow with
  // the sheet. What was given before an error stays given.
  base::Result<Sheet> StreamSheet(std::size_t index, RowSink& rows, std::stop_token stop = {},
                                  const ReadOptions& options = {}) const;

 private:
  // `rows`: null where the sheet is to hold the cells.
  virtual base::Result<Sheet> Read(std::size_t index, RowSink* rows, std::stop_token stop,
                                   const ReadOptions& options) const = 0;
};

// Gives the rows of a sheet that is read already to `rows`; the sheet without them comes back.
Sheet GiveRows(Sheet sheet, RowSink& rows);

// How delimited text is written; what is empty is found out.
struct CsvOptions {
  std::string encoding;   // "utf-8", "windows-1252", "shift_jis"
  std::string delimiter;  // one character of ASCII
  std::string quote;      // the same; a double quote where it is empty
  std::string comment;    // what lines begin with that hold no cells

  bool empty() const { return encoding.empty() && delimiter.empty() && quote.empty() && comment.empty(); }
};

struct OpenOptions {
  Limits limits;
  CsvOptions csv;  // where any of it is given, text of one column is a workbook too
};

// Opens by content, never by name; cheap: no cell is read. `bytes` must outlive the workbook.
// Errors name what was found and what was expected: kUnsupported ("encrypted", "html-error-page", "lock-file",
// "unsupported-format: …", "macro-only"), kMalformed ("corrupt-container", "not-a-workbook"), kTooLarge ("bomb",
// "limit"), kInvalid for an option that means nothing.
base::Result<std::unique_ptr<Workbook>> OpenWorkbook(std::string_view bytes, const OpenOptions& options);
base::Result<std::unique_ptr<Workbook>> OpenWorkbook(std::string_view bytes, const Limits& limits = {});

// What the bytes are, by their beginning and, in a container, by its parts. The words of OpenWorkbook's refusals.
struct Sniffed {
  bool is_workbook = false;
  Format format = Format::kXls;
  std::string what;                   // "xls (BIFF8)", "html page", "zip archive without a workbook", "empty file" …
  bool is_other_spreadsheet = false;  // known, and not read
  std::string damage = {};            // of a workbook that can be opened all the same: it is cut off
};
Sniffed Sniff(std::string_view bytes);
// Why a download is not taken: it is no workbook, or a damaged one.
std::optional<std::string> WhyNotTaken(const Sniffed& sniffed);

}  // namespace tidemill::workbook
