// SPDX-License-Identifier: Apache-2.0
#include "axis_format.h"

#include <algorithm>

#include "tidemill/recipe/pattern.h"

namespace tidemill::transform {
namespace {

int NearYear(int two_digits, int near_year) {
  int year = near_year - near_year % 100 + two_digits;
  if (year > near_year + 50) year -= 100;
  if (year <= near_year - 50) year += 100;
  return year;
}

std::optional<int> TakeWithin(AxisScanner& scanner, std::size_t digits, int most) {
  const auto number = scanner.TakeNumber(1, digits);
  return number && *number >= 1 && *number <= most ? number : std::nullopt;
}

bool TakeField(char letter, int near_year, AxisScanner& scanner, DateParts& parts) {
  using Name = AxisScanner::Name;
  switch (letter) {
    case 'b':
    case 'h':
      return (parts.month = scanner.TakeMonth(Name::kShort)).has_value();
    case 'B':
      return (parts.month = scanner.TakeMonth(Name::kLong)).has_value();
    case 'm':
      return (parts.month = TakeWithin(scanner, 2, 12)).has_value();
    case 'd':
    case 'e':
      return (parts.day = TakeWithin(scanner, 2, 31)).has_value();
    case 'j':
      return (parts.day_of_year = TakeWithin(scanner, 3, 366)).has_value();
    case 'V':
      return (parts.week = TakeWithin(scanner, 2, 53)).has_value();
    case 'Y':
      return (parts.year = scanner.TakeYear()).has_value();
    case 'y': {
      const auto number = scanner.TakeNumber(2, 2);
      if (number) parts.year = NearYear(*number, near_year);
      return number.has_value();
    }
    case '%':
      return scanner.Take("%");
    default:
      return false;
  }
}

}  // namespace

void AxisFormat::AddWord(std::string& word) {
  if (!word.empty()) pieces_.push_back({.letter = 0, .word = recipe::Normalise(word)});
  word.clear();
}

AxisFormat::AxisFormat(std::string_view text) : text_(text) {
  std::string word;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 1 < text.size()) {
      AddWord(word);
      pieces_.push_back({.letter = text[++i], .word = {}});
    } else if (text[i] == ' ') {
      AddWord(word);
      pieces_.push_back({.letter = 0, .word = " "});
    } else {
      word += text[i];
    }
  }
  AddWord(word);
}

bool AxisFormat::TakesNumbers() const {
  return std::ranges::none_of(
      pieces_, [](const Piece& piece) { return piece.letter == 'b' || piece.letter == 'B' || piece.letter == 'h'; });
}

std::optional<DateParts> AxisFormat::Read(AxisScanner& scanner, int near_year) const {
  DateParts parts;
  for (const Piece& piece : pieces_) {
    if (piece.letter != 0) {
      if (!TakeField(piece.letter, near_year, scanner, parts)) return std::nullopt;
    } else if (piece.word == " ") {
      scanner.SkipBlanks();
    } else if (!scanner.Take(piece.word)) {
      return std::nullopt;
    }
  }
  return parts;
}

}  // namespace tidemill::transform
