// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "csv_dialect.h"

namespace tidemill::workbook {

// Cuts a delimited text into rows of fields (RFC 4180), tolerant of what is written by hand:
// - a row ends with LF, CR or CR LF; rows may have any number of fields;
// - a quoted field ends with the quote that a delimiter or the row's end follows, blanks between them aside; any other
//   quote in it that is not doubled is a character of the text;
// - a quote that opens a field and finds no end within a mebibyte is a character; after some such the text has no
//   quoted fields at all.
// Rows that are plainly RFC 4180 are cut by masks of 64 bytes, with the same result by contract; `strict_only` cuts all
// byte by byte.
class CsvScanner {
 public:
  CsvScanner(std::string_view text, const CsvDialect& dialect, bool strict_only = false);

  // Goes on to the next row; false at the end of the text. A line end at the very end begins no row.
  bool Next();
  std::size_t field_count() const { return fields_.size(); }
  // Good until Next.
  std::string_view Field(std::size_t index) const;
  std::size_t offset() const { return row_at_; }  // of the row

  std::uint64_t stray_quotes() const { return stray_quotes_; }  // single ones within quoted fields
  std::uint64_t unclosed_quotes() const { return unclosed_quotes_; }

 private:
  struct Span {
    std::size_t begin = 0;
    std::size_t end = 0;
    bool in_scratch = false;
  };
  struct Block {
    std::size_t base = 0;
    std::uint64_t structural = 0;  // delimiters and line ends outside of quotes, not yet taken
    std::uint64_t inside = 0;      // all ones where the next block begins within quotes
    bool loaded = false;
  };

  bool FastRow();
  bool AddFast(std::size_t begin, std::size_t end);
  void LoadBlock();
  void SlowRow();
  std::size_t SlowField(std::size_t begin);
  std::size_t QuotedField(std::size_t begin);
  std::size_t EndOfQuoted(std::size_t quote) const;
  std::size_t SkipLineEnd(std::size_t at) const;
  bool IsEnd(std::size_t at) const;

  std::string_view text_;
  CsvDialect dialect_;
  bool fast_;
  std::size_t at_ = 0;
  std::size_t row_at_ = 0;
  std::vector<Span> fields_;
  std::string scratch_;
  Block block_;
  bool saw_quotes_ = false;  // in the blocks of the row
  std::uint64_t stray_quotes_ = 0;
  std::uint64_t unclosed_quotes_ = 0;
};

}  // namespace tidemill::workbook
