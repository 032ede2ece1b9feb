// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <charconv>

#include "tidemill/base/date.h"
#include "tidemill/base/text.h"

#include "xlsx_sheet.h"

namespace tidemill::workbook {
namespace {

constexpr std::uint32_t kLastRow = 1'048'575;
constexpr std::uint32_t kLastColumn = 16'383;

// Letters and digits of an address, dollars left out; either may be missing. 0 stands for "missing".
struct Parts {
  std::uint32_t column = 0;
  std::uint32_t row = 0;
};

std::optional<Parts> ParseParts(std::string_view text) {
  Parts parts;
  std::size_t at = 0;
  if (at < text.size() && text[at] == '$') ++at;
  for (; at < text.size(); ++at) {
    const char c = text[at];
    const bool upper = c >= 'A' && c <= 'Z';
    if (!upper && !(c >= 'a' && c <= 'z')) break;
    parts.column = parts.column * 26 + static_cast<std::uint32_t>(c - (upper ? 'A' : 'a')) + 1;
    if (parts.column > 1'000'000) return std::nullopt;
  }
  if (at < text.size() && text[at] == '$') ++at;
  for (; at < text.size(); ++at) {
    if (text[at] < '0' || text[at] > '9') return std::nullopt;
    parts.row = parts.row * 10 + static_cast<std::uint32_t>(text[at] - '0');
    if (parts.row > 100'000'000) return std::nullopt;
  }
  return parts;
}

std::optional<double> ParseTime(std::string_view text) {
  if (text.ends_with('Z')) text.remove_suffix(1);
  const auto pieces = base::Split(text, ':');
  if (pieces.size() < 2 || pieces.size() > 3) return std::nullopt;
  const auto hours = base::ParseInt(pieces[0]);
  const auto minutes = base::ParseInt(pieces[1]);
  const auto seconds = pieces.size() == 3 ? base::ParseDouble(pieces[2]) : std::optional(0.0);
  if (!hours || !minutes || !seconds) return std::nullopt;
  return static_cast<double>(*hours) * 3600 + static_cast<double>(*minutes) * 60 + *seconds;
}

// The number that stands before `unit`, taken off the text; 0 where the unit does not occur.
std::optional<double> TakeUnit(std::string_view& text, char unit) {
  const std::size_t at = text.find(unit);
  if (at == std::string_view::npos) return 0.0;
  const auto value = base::ParseDouble(text.substr(0, at));
  text.remove_prefix(at + 1);
  return value;
}

}  // namespace

std::optional<Address> ParseAddress(std::string_view text) {
  const auto parts = ParseParts(text);
  if (!parts || parts->row == 0 || parts->column == 0) return std::nullopt;
  return Address{parts->row - 1, parts->column - 1};
}

std::optional<Range> ParseRange(std::string_view text) {
  const std::size_t colon = text.find(':');
  const auto first = ParseParts(text.substr(0, colon));
  const auto last = colon == std::string_view::npos ? first : ParseParts(text.substr(colon + 1));
  if (!first || !last || (first->row == 0 && first->column == 0) || (last->row == 0 && last->column == 0)) {
    return std::nullopt;
  }
  const auto at = [](std::uint32_t part, std::uint32_t missing) { return part == 0 ? missing : part - 1; };
  Range range{.first_row = at(first->row, 0),
              .first_column = at(first->column, 0),
              .last_row = at(last->row, kLastRow),
              .last_column = at(last->column, kLastColumn)};
  if (range.first_row > range.last_row) std::swap(range.first_row, range.last_row);
  if (range.first_column > range.last_column) std::swap(range.first_column, range.last_column);
  return range;
}

std::optional<double> ParseIsoSerial(std::string_view text) {
  text = base::Trim(text);
  const std::size_t separator = text.find_first_of("T ");
  const bool only_time = separator == std::string_view::npos && text.find(':') != std::string_view::npos;
  const std::string_view day_text = only_time ? std::string_view() : text.substr(0, separator);
  const std::string_view time_text = only_time                             ? text
                                     : separator == std::string_view::npos ? std::string_view()
                                                                           : text.substr(separator + 1);
  double serial = 0;
  if (!day_text.empty()) {
    const auto day = base::ParseDate(day_text);
    if (!day) return std::nullopt;
    constexpr base::Date kEpoch{std::chrono::year{1899} / 12 / 30};
    serial = static_cast<double>((*day - kEpoch).count());
  }
  if (time_text.empty()) return day_text.empty() ? std::nullopt : std::optional(serial);
  const auto seconds = ParseTime(time_text);
  if (!seconds) return std::nullopt;
  return serial + *seconds / 86'400.0;
}

std::optional<double> ParseIsoDuration(std::string_view text) {
  text = base::Trim(text);
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  if (!text.starts_with('P') || text.size() < 3) return std::nullopt;
  std::string_view days = text.substr(1, text.find('T') == std::string_view::npos ? text.size() : text.find('T') - 1);
  std::string_view time = text.substr(std::min(days.size() + 2, text.size()));
  const auto day_count = TakeUnit(days, 'D');
  const auto hours = TakeUnit(time, 'H');
  const auto minutes = TakeUnit(time, 'M');
  const auto seconds = TakeUnit(time, 'S');
  if (!day_count || !hours || !minutes || !seconds || !days.empty() || !time.empty()) return std::nullopt;
  const double serial = *day_count + (*hours * 3600 + *minutes * 60 + *seconds) / 86'400.0;
  return negative ? -serial : serial;
}

std::optional<CellError> ParseCellError(std::string_view text) {
  constexpr std::array kErrors = {CellError::kNull,         CellError::kDiv0,       CellError::kValue,
                                  CellError::kRef,          CellError::kName,       CellError::kNum,
                                  CellError::kNotAvailable, CellError::kGettingData};
  for (const CellError error : kErrors) {
    if (text == ToText(error)) return error;
  }
  return std::nullopt;
}

std::optional<double> ParseXlsxNumber(std::string_view text) {
  constexpr std::size_t kExactDigits = 15;
  if (!text.empty() && text.size() <= kExactDigits) {
    std::uint64_t value = 0;
    std::size_t at = 0;
    for (; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at) {
      value = value * 10 + static_cast<std::uint64_t>(text[at] - '0');
    }
    if (at == text.size()) return static_cast<double>(value);
  }
  text = base::Trim(text);
  if (text.starts_with('+')) text.remove_prefix(1);
  return base::ParseDouble(text);
}

}  // namespace tidemill::workbook
