// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "axis_scanner.h"

namespace tidemill::transform {

// What a format found in a text.
struct DateParts {
  std::optional<int> year, month, day, day_of_year, week;
};

// A strptime format: %Y %y %m %d %e %B %b %h %j %V; other characters stand for themselves, in any case.
class AxisFormat {
 public:
  explicit AxisFormat(std::string_view text);
  const std::string& text() const { return text_; }
  // The parts; the scanner goes on behind them. Nothing where the beginning of the text does not fit. Two-digit years
  // lie within 50 of `near_year`.
  std::optional<DateParts> Read(AxisScanner& scanner, int near_year) const;
  // False where the text of a number can never fit: a month's name is part of the format.
  bool TakesNumbers() const;

 private:
  struct Piece {
    char letter = 0;   // of a field; 0: `word`
    std::string word;  // " ": blanks, or none
  };
  void AddWord(std::string& word);
  std::string text_;
  std::vector<Piece> pieces_;
};

}  // namespace tidemill::transform
