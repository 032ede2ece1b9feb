// SPDX-License-Identifier: Apache-2.0
#include "xlsx_walker.h"

#include <algorithm>
#include <cstring>

#include "tidemill/base/ascii.h"

#include "number_scan.h"
#include "xlsx_sheet.h"

namespace tidemill::workbook {
namespace {

enum Type : std::uint8_t { kNumber, kShared, kText, kBool, kError, kInline };

constexpr std::uint64_t kWalkedRowsBetweenStops = 512;

// Digits up to a double quote: at least one, at most `most`.
const char* QuotedNumber(const char* at, unsigned most, std::uint32_t& value) {
  value = 0;
  unsigned count = 0;
  for (; base::IsDigit(*at) && count < most; ++at, ++count) value = value * 10 + static_cast<std::uint32_t>(*at - '0');
  return count > 0 && *at == '"' ? at + 1 : nullptr;
}

// One to three capitals.
const char* ColumnLetters(const char* at, std::uint32_t& column) {
  const auto letter = [](char c) { return static_cast<unsigned>(static_cast<unsigned char>(c)) - 'A'; };
  column = letter(*at++);
  if (column >= 26) return nullptr;
  for (int more = 0; more < 2 && letter(*at) < 26; ++more) column = (column + 1) * 26 + letter(*at++);
  return at;
}

}  // namespace

// Of the piece at hand; gives its first byte.
const char* XlsxWalker::Piece() {
  end_ = xml_.rest().data() + xml_.rest().size();
  return xml_.rest().data();
}

bool XlsxWalker::MoreOf(const char*& at) {
  const bool more = TakeMore(xml_, at);
  at = Piece();
  return more;
}

XlsxWalker::Stop XlsxWalker::Rows(const std::stop_token& stop) {
  for (;;) {
    const char* at = Piece();
    const char* next = nullptr;
    bool is_empty = false;
    do {
      at = SkipXmlSpace(at);
      next = Row(at, is_empty);
    } while (next == nullptr && MoreOf(at));
    if (next == nullptr) return Stop::kOther;
    BeginRow(row_number_);
    xml_.Take(static_cast<std::size_t>(next - xml_.rest().data()));
    if (!is_empty) {
      xml_.Enter("row");
      if (Cells() != Stop::kRowEnd) return Stop::kInRow;
    }
    if (sink_.full() || (++rows_ % kWalkedRowsBetweenStops == 0 && stop.stop_requested())) return Stop::kFull;
  }
}

// From a row's tag to behind it; null where it has another form.
const char* XlsxWalker::Row(const char* at, bool& is_empty) {
  if (!StandsAt(at, "<row")) return nullptr;
  at += 4;
  row_number_ = place_.next_row;
  row_seen_ = 0;
  row_hidden_ = false;
  row_level_ = 0;
  while (*at == ' ') {
    at = RowAttribute(at + 1);
    if (at == nullptr) return nullptr;
  }
  is_empty = *at == '/';
  if (is_empty) ++at;
  return *at == '>' ? at + 1 : nullptr;
}

// From a name to behind its value; null where it is not name="value".
const char* XlsxWalker::Attribute(const char* at, std::string_view& name) const {
  const char* const begin = at;
  while ((*at >= 'a' && *at <= 'z') || (*at >= 'A' && *at <= 'Z') || base::IsDigit(*at) || *at == ':') ++at;
  if (at == begin || at[0] != '=' || at[1] != '"') return nullptr;
  name = {begin, static_cast<std::size_t>(at - begin)};
  const void* const close = std::memchr(at + 2, '"', static_cast<std::size_t>(std::max(end_, at + 2) - (at + 2)));
  return close == nullptr ? nullptr : static_cast<const char*>(close) + 1;
}

// Three of a row's attributes count, each once.
const char* XlsxWalker::RowAttribute(const char* at) {
  if (StandsAt(at, "spans=\"")) {
    at += 7;
    while (base::IsDigit(*at) || *at == ':') ++at;
    return *at == '"' ? at + 1 : nullptr;
  }
  std::string_view name;
  const char* const end = Attribute(at, name);
  if (end == nullptr) return nullptr;
  const std::size_t colon = name.rfind(':');
  const std::string_view local = colon == std::string_view::npos ? name : name.substr(colon + 1);
  const std::uint8_t mark = local == "r" ? 1 : local == "hidden" ? 2 : local == "outlineLevel" ? 4 : 0;
  if (mark == 0) return end;
  std::uint32_t value = 0;
  constexpr unsigned kMostDigits = 7;
  if (colon != std::string_view::npos || (row_seen_ & mark) != 0) return nullptr;
  if (QuotedNumber(at + name.size() + 2, kMostDigits, value) != end) return nullptr;
  row_seen_ |= mark;
  if (mark == 1 && value == 0) return nullptr;
  if (mark == 1) row_number_ = value - 1;
  if (mark == 2) row_hidden_ = value == 1 && end[-3] == '"';
  if (mark == 4) row_level_ = static_cast<std::uint8_t>(std::min(value, 7U));
  return end;
}

void XlsxWalker::BeginRow(std::uint32_t row) {
  place_.row = row;
  place_.next_row = row + 1;
  place_.next_column = 0;
  if (row_hidden_) sink_.HideRows(row, row);
  if ((row_seen_ & 4U) != 0) sink_.SetRowLevel(row, row, row_level_);
}

XlsxWalker::Stop XlsxWalker::Cells() {
  // An address ends in the row's number and a quote.
  std::array<char, 16> key{};
  const std::string number = std::to_string(place_.row + 1) + '"';
  row_key_size_ = static_cast<unsigned>(number.size());
  std::memcpy(key.data(), number.data(), std::min(number.size(), key.size()));
  std::memcpy(&row_key_, key.data(), 8);
  row_key_mask_ = row_key_size_ >= 8 ? ~std::uint64_t{0} : (std::uint64_t{1} << 8 * row_key_size_) - 1;

  const char* at = Piece();
  for (;;) {
    at = UsualCells(at);
    if (const char* next = Cell(at)) {
      at = next;
      continue;
    }
    const char* const here = SkipXmlSpace(at);
    if (StandsAt(here, "</row>") && xml_.open_name() == "row") {
      xml_.Take(static_cast<std::size_t>(here + 6 - xml_.rest().data()));
      xml_.Leave();
      return Stop::kRowEnd;
    }
    if (here != at) {
      at = here;
      continue;
    }
    if (!MoreOf(at)) return Stop::kInRow;
  }
}

// Cells of the commonest form, <c r="B7" s="1" t="s"><v>5</v></c> with or without s and t: numbers and shared strings.
// To the first that has another, or is not there as a whole.
const char* XlsxWalker::UsualCells(const char* at) {
  constexpr unsigned kMostDigits = 7;
  if (row_key_size_ > 8) return at;
  CellSink& sink = sink_;
  const std::uint32_t row = place_.row;
  const std::uint64_t key = row_key_;
  const std::uint64_t mask = row_key_mask_;
  const unsigned key_size = row_key_size_;
  std::uint32_t column = 0;
  const char* done = at;
  while (StandsAt(at, "<c r=\"")) {
    std::uint32_t here = 0;
    at = ColumnLetters(at + 6, here);
    std::uint64_t found = 0;
    if (at == nullptr) break;
    std::memcpy(&found, at, 8);
    if (((found ^ key) & mask) != 0) break;
    at += key_size;
    std::uint32_t style = 0;
    if (StandsAt(at, " s=\"")) {
      at = QuotedNumber(at + 4, kMostDigits, style);
      if (at == nullptr) break;
    }
    if (StandsAt(at, "><v>")) {
      double value = 0;
      at = ScanNumber(at + 4, value);
      if (at == nullptr || !StandsAt(at, "</v></c>")) break;
      sink.AddNumber(row, here, style, value);
    } else if (StandsAt(at, " t=\"s\"><v>")) {
      const LeadingDigits index = ScanDigits(at + 10);
      at += 10 + index.count;
      if (index.count == 0 || !StandsAt(at, "</v></c>")) break;
      sink.AddSharedString(row, here, style, index.value);
    } else {
      break;
    }
    at += 8;
    done = at;
    column = here + 1;
  }
  if (column > 0) {
    place_.column = column - 1;
    place_.next_column = column;
  }
  return done;
}

// From a cell's begin to behind its end; null where it has another form, and nothing was added then.
const char* XlsxWalker::Cell(const char* at) {
  if (!StandsAt(at, "<c")) return nullptr;
  const std::uint32_t next_column = place_.next_column;
  const std::uint32_t column = place_.column;
  place_.column = next_column;
  Attributes cell;
  at = CellAttributes(at + 2, cell);
  if (at != nullptr && StandsAt(at, "/>")) {
    at += 2;
  } else if (at != nullptr && *at == '>') {
    ++at;
    std::uint8_t flags = 0;
    if (StandsAt(at, "<f")) {
      flags = kFromFormula;
      at = Formula(at + 2);
    }
    if (at != nullptr) at = Value(at, cell, flags);
  } else {
    at = nullptr;
  }
  if (at == nullptr) {
    place_.column = column;
  } else {
    place_.next_column = place_.column + 1;
  }
  return at;
}

const char* XlsxWalker::CellAttributes(const char* at, Attributes& cell) {
  unsigned seen = 0;
  while (*at == ' ') {
    if (at[2] != '=' || at[3] != '"') return nullptr;
    const unsigned mark = at[1] == 'r' ? 1 : at[1] == 's' ? 2 : at[1] == 't' ? 4 : 8;
    if (mark == 8 || (seen & mark) != 0) return nullptr;
    seen |= mark;
    at += 4;
    constexpr unsigned kMostDigits = 7;
    at = mark == 1 ? Address(at) : mark == 2 ? QuotedNumber(at, kMostDigits, cell.style) : Type(at, cell);
    if (at == nullptr) return nullptr;
  }
  return at;
}

// One to three capitals and the number of the row.
const char* XlsxWalker::Address(const char* at) {
  std::uint32_t column = 0;
  at = ColumnLetters(at, column);
  if (at == nullptr) return nullptr;
  std::uint64_t key = 0;
  std::memcpy(&key, at, 8);
  if (((key ^ row_key_) & row_key_mask_) != 0 || row_key_size_ > 8) return nullptr;
  place_.column = column;
  return at + row_key_size_;
}

const char* XlsxWalker::Type(const char* at, Attributes& cell) const {
  if (StandsAt(at, "s\"")) return cell.type = kShared, at + 2;
  if (StandsAt(at, "n\"")) return cell.type = kNumber, at + 2;
  if (StandsAt(at, "str\"")) return cell.type = kText, at + 4;
  if (StandsAt(at, "b\"")) return cell.type = kBool, at + 2;
  if (StandsAt(at, "e\"")) return cell.type = kError, at + 2;
  if (StandsAt(at, "inlineStr\"")) return cell.type = kInline, at + 10;
  return nullptr;
}

// From behind "<f" to behind the formula, which nobody reads.
const char* XlsxWalker::Formula(const char* at) const {
  std::string_view name;
  while (*at == ' ') {
    at = Attribute(at + 1, name);
    if (at == nullptr) return nullptr;
  }
  if (StandsAt(at, "/>")) return at + 2;
  if (*at != '>') return nullptr;
  const void* const markup = std::memchr(at, '<', static_cast<std::size_t>(end_ - at));
  if (markup == nullptr) return nullptr;
  at = static_cast<const char*>(markup);
  return StandsAt(at, "</f>") ? at + 4 : nullptr;
}

const char* XlsxWalker::Value(const char* at, const Attributes& cell, std::uint8_t flags) {
  if (StandsAt(at, "</c>")) return at + 4;
  if (cell.type == kInline) return InlineText(at, cell, flags);
  if (!StandsAt(at, "<v>")) return nullptr;
  at += 3;
  switch (cell.type) {
    case kNumber:
      return NumberValue(at, cell, flags);
    case kShared:
      return SharedValue(at, cell);
    case kText:
      return TextValue(at, cell, flags);
    case kBool:
      return BoolValue(at, cell, flags);
    default:
      return ErrorValue(at, cell, flags);
  }
}

const char* XlsxWalker::NumberValue(const char* at, const Attributes& cell, std::uint8_t flags) {
  double value = 0;
  at = ScanNumber(at, value);
  if (at == nullptr || !StandsAt(at, "</v></c>")) return nullptr;
  sink_.AddNumber(place_.row, place_.column, cell.style, value, flags);
  return at + 8;
}

const char* XlsxWalker::SharedValue(const char* at, const Attributes& cell) {
  const LeadingDigits index = ScanDigits(at);
  at += index.count;
  if (index.count == 0 || !StandsAt(at, "</v></c>")) return nullptr;
  sink_.AddSharedString(place_.row, place_.column, cell.style, index.value);
  return at + 8;
}

const char* XlsxWalker::TextValue(const char* at, const Attributes& cell, std::uint8_t flags) {
  std::string_view text;
  at = texts_.Read(at, end_, text);
  if (at == nullptr || !StandsAt(at, "</v></c>")) return nullptr;
  sink_.AddString(place_.row, place_.column, cell.style, text, {}, flags);
  return at + 8;
}

const char* XlsxWalker::InlineText(const char* at, const Attributes& cell, std::uint8_t flags) {
  if (StandsAt(at, "<is><t>")) {
    at += 7;
  } else if (StandsAt(at, "<is><t xml:space") && StandsAt(at + 16, "=\"preserve\">")) {
    at += 28;
  } else {
    return nullptr;
  }
  std::string_view text;
  at = texts_.Read(at, end_, text);
  if (at == nullptr || !StandsAt(at, "</t></is></c>")) return nullptr;
  sink_.AddString(place_.row, place_.column, cell.style, text, {}, flags);
  return at + 13;
}

const char* XlsxWalker::BoolValue(const char* at, const Attributes& cell, std::uint8_t flags) {
  if ((*at != '0' && *at != '1') || !StandsAt(at + 1, "</v></c>")) return nullptr;
  sink_.AddBool(place_.row, place_.column, cell.style, *at == '1', flags);
  return at + 9;
}

const char* XlsxWalker::ErrorValue(const char* at, const Attributes& cell, std::uint8_t flags) {
  constexpr std::size_t kLongest = 16;
  const std::string_view ahead(at, std::min(kLongest, static_cast<std::size_t>(end_ - at)));
  const std::string_view text = ahead.substr(0, ahead.find('<'));
  const auto error = ParseCellError(text);
  if (!error || !StandsAt(at + text.size(), "</v></c>")) return nullptr;
  sink_.AddError(place_.row, place_.column, cell.style, *error, flags);
  return at + text.size() + 8;
}

}  // namespace tidemill::workbook
