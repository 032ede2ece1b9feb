// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "ods_cell.h"
#include "text_scan.h"

namespace tidemill::workbook {

// A cell in its usual form.
struct OdsWalkedCell {
  OdsType type = OdsType::kNone;  // or kNumber, kPercentage, kCurrency, kDate, kString
  bool formula = false;
  std::string_view style;
  bool has_style = false;
  std::uint32_t repeated = 1;
  double value = 0;       // of a number, or a date's serial number
  std::string_view text;  // of a string
};

// Reads rows and cells in the form that the usual programs write, straight from the bytes of a piece of a stream, which
// has zero bytes behind it. What has another form (prefixes, single quotes, spans, notes, several paragraphs, values
// that are none) it does not take: that is left to the tokenizer. By contract it takes a cell for what the tokenizer
// does.
class OdsWalker {
 public:
  explicit OdsWalker(TextScan scan) : scan_(scan) {}

  // From a row's begin to behind its tag; null where it has another form, or says more of itself than its style.
  static const char* Row(const char* at, const char* end);
  // From a cell's begin to behind its end; null where it has another form. What `cell` views is good until the next
  // call.
  const char* Cell(const char* at, const char* end, OdsWalkedCell& cell);

 private:
  const char* Attribute(const char* at, OdsWalkedCell& cell);
  const char* ValueType(const char* at, OdsWalkedCell& cell);
  const char* Number(const char* at, OdsWalkedCell& cell);
  const char* Date(const char* at, OdsWalkedCell& cell);
  const char* Content(const char* at, OdsWalkedCell& cell);
  const char* Text(const char* at, std::string_view& text);
  bool Seen(unsigned mark);
  const char* Quoted(const char* at, std::string_view& value) const;

  TextScan scan_;
  const char* end_ = nullptr;
  unsigned seen_ = 0;
  std::string resolved_;
};

}  // namespace tidemill::workbook
