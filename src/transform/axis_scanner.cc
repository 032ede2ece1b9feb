// SPDX-License-Identifier: Apache-2.0
#include "axis_scanner.h"

#include "tidemill/base/ascii.h"
#include "tidemill/base/date.h"
#include "tidemill/base/text.h"

namespace tidemill::transform {
namespace {

constexpr int kLeastYear = 1700;
constexpr int kMostYear = 2199;
bool IsLetter(char c) {
  return c >= 'a' && c <= 'z';
}

// Most texts of a sheet are no months: their first letters say so.
bool MayBeMonth(std::string_view word) {
  constexpr std::string_view kBegins = "jan feb mar apr may jun jul aug sep oct nov dec";
  return word.size() >= 3 && word.size() <= 9 && kBegins.find(word.substr(0, 3)) != std::string_view::npos;
}

}  // namespace

bool AxisScanner::Take(std::string_view word) {
  if (!text_.starts_with(word)) return false;
  text_.remove_prefix(word.size());
  return true;
}

bool AxisScanner::TakeWord(std::string_view word) {
  if (!text_.starts_with(word) || (text_.size() > word.size() && IsLetter(text_[word.size()]))) return false;
  text_.remove_prefix(word.size());
  return true;
}

void AxisScanner::SkipBlanks() {
  while (!text_.empty() && text_.front() == ' ') text_.remove_prefix(1);
}

std::optional<int> AxisScanner::TakeNumber(std::size_t least, std::size_t most) {
  std::size_t size = 0;
  while (size < text_.size() && size < most && base::IsDigit(text_[size])) ++size;
  if (size < least) return std::nullopt;
  const auto number = base::ParseInt(text_.substr(0, size));
  text_.remove_prefix(size);
  return number ? std::optional<int>(static_cast<int>(*number)) : std::nullopt;
}

std::optional<int> AxisScanner::TakeYear() {
  const auto year = TakeNumber(4, 4);
  return year && *year >= kLeastYear && *year <= kMostYear ? year : std::nullopt;
}

std::optional<int> AxisScanner::TakeMonth(Name form) {
  std::size_t size = 0;
  while (size < text_.size() && IsLetter(text_[size])) ++size;
  if (!MayBeMonth(text_.substr(0, size))) return std::nullopt;
  const unsigned month = base::MonthFromName(text_.substr(0, size));
  if (month == 0) return std::nullopt;
  const bool whole = size == base::MonthName(month).size();
  const bool brief = size == 3 || (size == 4 && text_.starts_with("sept"));
  if ((form == Name::kShort && !brief) || (form == Name::kLong && !whole)) return std::nullopt;
  text_.remove_prefix(size);
  return static_cast<int>(month);
}

}  // namespace tidemill::transform
