// SPDX-License-Identifier: Apache-2.0
#include "ods_walker.h"

#include <algorithm>
#include <cstring>

#include "code_page.h"
#include "number_scan.h"
#include "xlsx_sheet.h"
#include "xlsx_text.h"
#include "xml.h"

namespace tidemill::workbook {
namespace {

enum Mark : unsigned { kStyle = 1, kType = 2, kValue = 4, kCount = 8, kFormula = 16, kOwnType = 32 };

// Behind a text that stands here; null where another one does.
template <std::size_t kSize>
const char* Behind(const char* at, const char (&text)[kSize]) {
  return StandsAt(at, text) ? at + kSize - 1 : nullptr;
}

}  // namespace

const char* OdsWalker::Row(const char* at, const char* end) {
  at = Behind(at, "<table:table-row");
  if (at == nullptr || *at == '>') return at == nullptr ? nullptr : at + 1;
  at = Behind(at, " table:style-name=\"");
  if (at == nullptr || at >= end) return nullptr;
  const void* const close = std::memchr(at, '"', static_cast<std::size_t>(end - at));
  return close == nullptr ? nullptr : Behind(static_cast<const char*>(close), "\">");
}

const char* OdsWalker::Cell(const char* at, const char* end, OdsWalkedCell& cell) {
  const bool covered = StandsAt(at, "<table:covered-table-cell");
  at = covered ? at + 25 : Behind(at, "<table:table-cell");
  if (at == nullptr) return nullptr;
  end_ = end;
  seen_ = 0;
  cell = OdsWalkedCell();
  while (*at == ' ') {
    at = Attribute(at + 1, cell);
    if (at == nullptr) return nullptr;
  }
  const bool valued = cell.type != OdsType::kNone && cell.type != OdsType::kString;
  if (valued != ((seen_ & kValue) != 0)) return nullptr;
  if (StandsAt(at, "/>")) return at + 2;
  if (*at != '>' || covered) return nullptr;
  return Content(at + 1, cell);
}

// From a value's begin to behind its quote; null where the piece ends before.
const char* OdsWalker::Quoted(const char* at, std::string_view& value) const {
  if (at >= end_) return nullptr;
  const void* const close = std::memchr(at, '"', static_cast<std::size_t>(end_ - at));
  if (close == nullptr) return nullptr;
  const auto* const last = static_cast<const char*>(close);
  value = {at, static_cast<std::size_t>(last - at)};
  return last + 1;
}

// Each once; of two the tokenizer would take the last.
bool OdsWalker::Seen(unsigned mark) {
  const bool seen = (seen_ & mark) != 0;
  seen_ |= mark;
  return seen;
}

const char* OdsWalker::Attribute(const char* at, OdsWalkedCell& cell) {
  std::string_view value;
  if (const char* next = Behind(at, "office:value-type=\"")) return Seen(kType) ? nullptr : ValueType(next, cell);
  if (const char* next = Behind(at, "office:value=\"")) return Seen(kValue) ? nullptr : Number(next, cell);
  if (const char* next = Behind(at, "table:style-name=\"")) {
    cell.has_style = true;
    return Seen(kStyle) ? nullptr : Quoted(next, cell.style);
  }
  if (const char* next = Behind(at, "calcext:value-type=\"")) {
    return Seen(kOwnType) || StandsAt(next, "error\"") ? nullptr : Quoted(next, value);
  }
  if (const char* next = Behind(at, "office:date-value=\"")) return Seen(kValue) ? nullptr : Date(next, cell);
  if (const char* next = Behind(at, "table:number-columns-repeated=\"")) {
    next = Seen(kCount) ? nullptr : Quoted(next, value);
    cell.repeated = OdsCount(value);
    return next;
  }
  if (const char* next = Behind(at, "table:formula=\"")) {
    cell.formula = true;
    return Seen(kFormula) ? nullptr : Quoted(next, value);
  }
  if (const char* next = Behind(at, "office:currency=\"")) return Quoted(next, value);
  if (const char* next = Behind(at, "table:content-validation-name=\"")) return Quoted(next, value);
  return nullptr;
}

const char* OdsWalker::ValueType(const char* at, OdsWalkedCell& cell) {
  if (const char* next = Behind(at, "float\"")) return cell.type = OdsType::kNumber, next;
  if (const char* next = Behind(at, "string\"")) return cell.type = OdsType::kString, next;
  if (const char* next = Behind(at, "date\"")) return cell.type = OdsType::kDate, next;
  if (const char* next = Behind(at, "percentage\"")) return cell.type = OdsType::kPercentage, next;
  if (const char* next = Behind(at, "currency\"")) return cell.type = OdsType::kCurrency, next;
  return nullptr;
}

// The type stands before the value in what programs write.
const char* OdsWalker::Number(const char* at, OdsWalkedCell& cell) {
  if (cell.type != OdsType::kNumber && cell.type != OdsType::kPercentage && cell.type != OdsType::kCurrency) {
    return nullptr;
  }
  at = ScanNumber<'"'>(at, cell.value);
  return at == nullptr || *at != '"' ? nullptr : at + 1;
}

const char* OdsWalker::Date(const char* at, OdsWalkedCell& cell) {
  std::string_view value;
  at = cell.type == OdsType::kDate ? Quoted(at, value) : nullptr;
  if (at == nullptr) return nullptr;
  const auto serial = ParseIsoSerial(value);
  cell.value = serial.value_or(0);
  return serial ? at : nullptr;
}

// One paragraph of text without markup, or none, and the end. Only a string's text is its value; but what shows an
// error where it says 0 is a matter for the tokenizer, and so is a text without a type.
const char* OdsWalker::Content(const char* at, OdsWalkedCell& cell) {
  std::string_view text;
  if (StandsAt(at, "<text:p>")) {
    if (cell.type == OdsType::kNone || (cell.formula && cell.value == 0 && cell.type != OdsType::kString)) {
      return nullptr;
    }
    if (cell.type == OdsType::kString) {
      at = Text(at + 8, text);
    } else {
      const void* const markup = std::memchr(at + 8, '<', static_cast<std::size_t>(std::max(end_, at + 8) - at - 8));
      at = static_cast<const char*>(markup);
    }
    at = at == nullptr ? nullptr : Behind(at, "</text:p>");
  } else if (StandsAt(at, "<text:p/>")) {
    at += 9;
  }
  cell.text = text;
  return at == nullptr ? nullptr : Behind(at, "</table:table-cell>");
}

const char* OdsWalker::Text(const char* at, std::string_view& text) {
  if (at >= end_) return nullptr;
  const char* const stop = scan_(at, end_);
  if (stop == end_) return nullptr;
  if (*stop == '<') {
    text = {at, static_cast<std::size_t>(stop - at)};
    return stop;
  }
  const void* const markup = std::memchr(stop, '<', static_cast<std::size_t>(end_ - stop));
  if (markup == nullptr) return nullptr;
  const auto* const last = static_cast<const char*>(markup);
  resolved_.clear();
  AppendXmlText(resolved_, {at, static_cast<std::size_t>(last - at)});
  RepairUtf8(resolved_, 0);
  text = resolved_;
  return last;
}

}  // namespace tidemill::workbook
