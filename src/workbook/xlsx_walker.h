// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <stop_token>
#include <string_view>

#include "cell_sink.h"
#include "xlsx_text.h"

namespace tidemill::workbook {

// Where the reader of a worksheet stands.
struct XlsxPlace {
  std::uint32_t row = 0;
  std::uint32_t column = 0;
  std::uint32_t next_row = 0;     // of a row that does not say its number
  std::uint32_t next_column = 0;  // of a cell that does not say its address
};

// Reads rows and cells in the form that the usual programs write, straight from the bytes; what has another form
// (prefixes, single quotes, comments, attributes and children that are rare, an address in another row) it leaves where
// it is, to the tokenizer. By contract it gives what the tokenizer would give.
class XlsxWalker {
 public:
  enum class Stop : std::uint8_t {
    kOther,   // something else than a row in the usual form comes, or the end
    kInRow,   // within a row, which `xml` now has open, something else than a usual cell comes
    kRowEnd,  // the row is read, and no longer open in `xml`
    kFull,    // the sink is full or a stop was asked for
  };

  XlsxWalker(XmlReader& xml, CellSink& sink, XlsxPlace& place, TextScan scan)
      : xml_(xml), sink_(sink), place_(place), texts_(scan) {}

  // Rows from within sheetData: kOther, kInRow or kFull.
  Stop Rows(const std::stop_token& stop);
  // Cells from within a row: kInRow or kRowEnd.
  Stop Cells();

 private:
  struct Attributes {
    std::uint32_t style = 0;
    std::uint8_t type = 0;
  };

  const char* Piece();
  bool MoreOf(const char*& at);
  const char* Row(const char* at, bool& is_empty);
  const char* RowAttribute(const char* at);
  const char* Attribute(const char* at, std::string_view& name) const;
  void BeginRow(std::uint32_t row);
  const char* UsualCells(const char* at);
  const char* Cell(const char* at);
  const char* CellAttributes(const char* at, Attributes& cell);
  const char* Address(const char* at);
  const char* Type(const char* at, Attributes& cell) const;
  const char* Formula(const char* at) const;
  const char* Value(const char* at, const Attributes& cell, std::uint8_t flags);
  const char* NumberValue(const char* at, const Attributes& cell, std::uint8_t flags);
  const char* SharedValue(const char* at, const Attributes& cell);
  const char* TextValue(const char* at, const Attributes& cell, std::uint8_t flags);
  const char* InlineText(const char* at, const Attributes& cell, std::uint8_t flags);
  const char* BoolValue(const char* at, const Attributes& cell, std::uint8_t flags);
  const char* ErrorValue(const char* at, const Attributes& cell, std::uint8_t flags);

  XmlReader& xml_;
  CellSink& sink_;
  XlsxPlace& place_;
  XlsxTextReader texts_;
  const char* end_ = nullptr;  // of the piece at hand
  std::uint64_t rows_ = 0;

  // The row's number and a quote as they stand in an address, at most eight bytes; 0 where they are more.
  std::uint64_t row_key_ = 0;
  std::uint64_t row_key_mask_ = 0;
  unsigned row_key_size_ = 0;
  // What a row says of itself.
  std::uint32_t row_number_ = 0;
  std::uint8_t row_seen_ = 0;
  bool row_hidden_ = false;
  std::uint8_t row_level_ = 0;
};

}  // namespace tidemill::workbook
