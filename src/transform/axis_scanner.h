// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

namespace tidemill::transform {

// Reads the beginning of a text piece by piece. The text is in lower case, with plain dashes and single blanks.
class AxisScanner {
 public:
  explicit AxisScanner(std::string_view text) : text_(text) {}
  std::string_view rest() const { return text_; }

  bool Take(std::string_view word);
  // A word that a letter does not go on with.
  bool TakeWord(std::string_view word);
  void SkipBlanks();
  // A number of at least `least` and at most `most` digits.
  std::optional<int> TakeNumber(std::size_t least, std::size_t most);
  // Four digits, 1700 to 2199.
  std::optional<int> TakeYear();
  enum class Name { kShort, kLong, kAny };
  // An English month, 1 to 12.
  std::optional<int> TakeMonth(Name form);

 private:
  std::string_view text_;
};

}  // namespace tidemill::transform
