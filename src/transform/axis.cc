// SPDX-License-Identifier: Apache-2.0
#include "axis.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>

#include "tidemill/base/date.h"
#include "tidemill/base/text.h"

namespace tidemill::transform {
namespace {

using base::Frequency;
using base::Period;
using recipe::AxisKind;

constexpr int kLeastYear = 1800;
constexpr int kMostYear = 2199;

bool IsDigit(char c) {
  return c >= '0' && c <= '9';
}
bool IsLetter(char c) {
  return c >= 'a' && c <= 'z';
}

// Lower case, plain dashes, single blanks.
std::string Plain(std::string_view text) {
  std::string result = base::CollapseSpace(text);
  const bool ascii = std::ranges::none_of(result, [](char c) { return (c & 0x80) != 0; });
  if (!ascii) return recipe::Normalise(result);
  for (char& c : result) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return result;
}

// Most texts of a sheet are no months: their first letters say so. `word` is in lower case.
bool MayBeMonth(std::string_view word) {
  constexpr std::string_view kBegins = "jan feb mar apr may jun jul aug sep oct nov dec";
  return word.size() >= 3 && word.size() <= 9 && kBegins.find(word.substr(0, 3)) != std::string_view::npos;
}

// Reads the beginning of a text piece by piece.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}
  std::string_view rest() const { return text_; }
  bool AtEnd() const { return text_.empty(); }

  bool Take(std::string_view word) {
    if (!text_.starts_with(word)) return false;
    text_.remove_prefix(word.size());
    return true;
  }
  // A word that a letter does not go on with.
  bool TakeWord(std::string_view word) {
    if (!text_.starts_with(word) || (text_.size() > word.size() && IsLetter(text_[word.size()]))) return false;
    text_.remove_prefix(word.size());
    return true;
  }
  void SkipBlanks() {
    while (!text_.empty() && text_.front() == ' ') text_.remove_prefix(1);
  }
  // A number of at least `least` and at most `most` digits.
  std::optional<int> TakeNumber(std::size_t least, std::size_t most) {
    std::size_t size = 0;
    while (size < text_.size() && size < most && IsDigit(text_[size])) ++size;
    if (size < least) return std::nullopt;
    const auto number = base::ParseInt(text_.substr(0, size));
    text_.remove_prefix(size);
    return number ? std::optional<int>(static_cast<int>(*number)) : std::nullopt;
  }
  std::optional<int> TakeYear() {
    const auto year = TakeNumber(4, 4);
    return year && *year >= kLeastYear && *year <= kMostYear ? year : std::nullopt;
  }
  enum class Name { kShort, kLong, kAny };
  std::optional<int> TakeMonth(Name form) {
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

 private:
  std::string_view text_;
};

struct Parts {
  std::optional<int> year, month, day;
};

int NearYear(int two_digits, int near_year) {
  int year = near_year - near_year % 100 + two_digits;
  if (year > near_year + 50) year -= 100;
  if (year <= near_year - 50) year += 100;
  return year;
}

bool TakeField(char letter, int near_year, Scanner& scanner, Parts& parts) {
  std::optional<int> number;
  switch (letter) {
    case 'b':
    case 'B':
      number = parts.month = scanner.TakeMonth(letter == 'b' ? Scanner::Name::kShort : Scanner::Name::kLong);
      break;
    case 'm':
      number = scanner.TakeNumber(1, 2);
      if (number && (*number < 1 || *number > 12)) number.reset();
      parts.month = number;
      break;
    case 'd':
      number = scanner.TakeNumber(1, 2);
      if (number && (*number < 1 || *number > 31)) number.reset();
      parts.day = number;
      break;
    case 'Y':
      number = parts.year = scanner.TakeYear();
      break;
    case 'y':
      number = scanner.TakeNumber(2, 2);
      if (number) parts.year = NearYear(*number, near_year);
      break;
    case '%':
      return scanner.Take("%");
    default:
      return false;
  }
  return number.has_value();
}

// The parts and the rest of a text read by a strptime format; nothing where its beginning does not fit.
std::optional<Parts> ReadFormat(std::string_view format, int near_year, Scanner& scanner) {
  Parts parts;
  for (std::size_t i = 0; i < format.size(); ++i) {
    if (format[i] == '%' && i + 1 < format.size()) {
      if (!TakeField(format[++i], near_year, scanner, parts)) return std::nullopt;
    } else if (format[i] == ' ') {
      scanner.SkipBlanks();
    } else if (!scanner.Take(format.substr(i, 1))) {
      return std::nullopt;
    }
  }
  return parts;
}

std::vector<std::string> DefaultFormats(AxisKind kind) {
  switch (kind) {
    case AxisKind::kMonth:
      return {"%b-%y", "%b %Y", "%B %Y", "%B", "%b", "%Y-%m"};
    case AxisKind::kDate:
      return {"%Y-%m-%d", "%d %B %Y"};
    case AxisKind::kYear:
      return {"%Y"};
    default:
      return {};
  }
}

std::optional<Period> ToPeriod(AxisKind kind, const Parts& parts, std::optional<int> year_beside) {
  const std::optional<int> year = parts.year ? parts.year : year_beside;
  if (!year) return std::nullopt;
  switch (kind) {
    case AxisKind::kYear:
      return Period{Frequency::kYear, *year, 1, 1};
    case AxisKind::kMonth:
      if (!parts.month) return std::nullopt;
      return Period{Frequency::kMonth, *year, *parts.month, 1};
    case AxisKind::kDate: {
      if (!parts.month || !parts.day) return std::nullopt;
      const std::chrono::year_month_day day{std::chrono::year(*year), std::chrono::month(unsigned(*parts.month)),
                                            std::chrono::day(unsigned(*parts.day))};
      if (!day.ok()) return std::nullopt;
      return Period{Frequency::kDay, *year, *parts.month, *parts.day};
    }
    default:
      return std::nullopt;
  }
}

// "Jan to Mar", "January-March", "March quarter": the quarter, which must be one of the calendar.
std::optional<int> TakeQuarterOfMonths(Scanner& scanner) {
  const auto first = scanner.TakeMonth(Scanner::Name::kAny);
  if (!first) return std::nullopt;
  scanner.SkipBlanks();
  if (scanner.TakeWord("quarter")) return *first % 3 == 0 ? std::optional<int>(*first / 3) : std::nullopt;
  if (!scanner.TakeWord("to") && !scanner.Take("-")) return std::nullopt;
  scanner.SkipBlanks();
  const auto last = scanner.TakeMonth(Scanner::Name::kAny);
  if (!last || *first % 3 != 1 || *last != *first + 2) return std::nullopt;
  return *last / 3;
}

std::optional<int> TakeQuarter(Scanner& scanner) {
  if (!scanner.Take("q")) return std::nullopt;
  const auto quarter = scanner.TakeNumber(1, 1);
  return quarter && *quarter >= 1 && *quarter <= 4 ? quarter : std::nullopt;
}

std::optional<Period> ReadQuarter(Scanner& scanner) {
  Scanner by_year = scanner;
  if (const auto year = by_year.TakeYear()) {
    by_year.SkipBlanks();
    const auto quarter = TakeQuarter(by_year);
    if (!quarter) return std::nullopt;
    scanner = by_year;
    return Period{Frequency::kQuarter, *year, *quarter, 1};
  }
  Scanner by_quarter = scanner;
  auto quarter = TakeQuarter(by_quarter);
  if (!quarter) {
    by_quarter = scanner;
    quarter = TakeQuarterOfMonths(by_quarter);
  }
  if (!quarter) return std::nullopt;
  by_quarter.SkipBlanks();
  const auto year = by_quarter.TakeYear();
  if (!year) return std::nullopt;
  scanner = by_quarter;
  return Period{Frequency::kQuarter, *year, *quarter, 1};
}

// "2014-15", "2014/15", "2014 to 2015": the second year is the one after the first.
std::optional<Period> ReadFiscalYear(Scanner& scanner) {
  const auto first = scanner.TakeYear();
  if (!first) return std::nullopt;
  scanner.SkipBlanks();
  if (!scanner.Take("-") && !scanner.Take("/") && !scanner.TakeWord("to")) return std::nullopt;
  scanner.SkipBlanks();
  Scanner whole = scanner;
  if (const auto second = whole.TakeYear(); second && *second == *first + 1) {
    scanner = whole;
    return Period{Frequency::kFiscalYear, *first, 1, 1};
  }
  const auto second = scanner.TakeNumber(2, 2);
  if (!second || *second != (*first + 1) % 100) return std::nullopt;
  return Period{Frequency::kFiscalYear, *first, 1, 1};
}

std::optional<Period> ReadWeek(Scanner& scanner, std::optional<int> year) {
  if (scanner.TakeWord("week")) scanner.SkipBlanks();
  const auto week = scanner.TakeNumber(1, 2);
  if (!week || !year) return std::nullopt;
  return base::ParsePeriod(fmt::format("{:04}-W{:02}", *year, *week));
}

// "0-4", "5 to 9", "Under 1", "85+", "85 and over", "All ages".
std::optional<std::string> ReadAgeBand(Scanner& scanner) {
  if (scanner.TakeWord("all ages")) return "all";
  if (scanner.TakeWord("under")) {
    scanner.SkipBlanks();
    const auto age = scanner.TakeNumber(1, 3);
    if (!age || *age < 1) return std::nullopt;
    return *age == 1 ? std::string("0") : fmt::format("0-{}", *age - 1);
  }
  const auto first = scanner.TakeNumber(1, 3);
  if (!first) return std::nullopt;
  scanner.SkipBlanks();
  if (scanner.Take("+") || scanner.TakeWord("and over")) return fmt::format("{}+", *first);
  if (!scanner.Take("-") && !scanner.TakeWord("to")) return fmt::format("{}", *first);
  scanner.SkipBlanks();
  const auto last = scanner.TakeNumber(1, 3);
  if (!last || *last < *first) return std::nullopt;
  return fmt::format("{}-{}", *first, *last);
}

}  // namespace

AxisReader::AxisReader(AxisKind kind, std::vector<std::string> parse, std::optional<int> year, int near_year)
    : kind_(kind), formats_(std::move(parse)), formats_only_(!formats_.empty()), year_(year), near_year_(near_year) {
  if (formats_.empty()) formats_ = DefaultFormats(kind);
}

bool AxisReader::TakesNumbers() const {
  return kind_ == AxisKind::kYear || kind_ == AxisKind::kWeek || kind_ == AxisKind::kAgeBand ||
         kind_ == AxisKind::kText;
}

std::optional<AxisValue> AxisReader::ReadByKind(std::string_view text) const {
  Scanner scanner(text);
  AxisValue value;
  switch (kind_) {
    case AxisKind::kQuarter:
      value.period = ReadQuarter(scanner);
      break;
    case AxisKind::kFiscalYear:
      value.period = ReadFiscalYear(scanner);
      break;
    case AxisKind::kWeek:
      value.period = ReadWeek(scanner, year_);
      break;
    case AxisKind::kAgeBand:
      value.text = ReadAgeBand(scanner).value_or("");
      break;
    default:
      break;
  }
  if (value.period) value.text = base::ToText(*value.period);
  if (value.text.empty()) return std::nullopt;
  value.format = ToText(kind_);
  value.rest = scanner.rest();
  return value;
}

std::optional<AxisValue> AxisReader::Read(std::string_view text) const {
  if (kind_ == AxisKind::kText) {
    std::string collapsed = base::CollapseSpace(text);
    if (collapsed.empty()) return std::nullopt;
    return AxisValue{.text = std::move(collapsed), .period = {}, .format = "text", .rest = {}};
  }
  const std::string plain = Plain(text);
  std::optional<AxisValue> best;
  for (const std::string& format : formats_) {
    Scanner scanner(plain);
    const auto parts = ReadFormat(format, near_year_, scanner);
    const auto period = parts ? ToPeriod(kind_, *parts, year_) : std::nullopt;
    if (!period) continue;
    if (best && scanner.rest().size() >= best->rest.size()) continue;
    best = AxisValue{
        .text = base::ToText(*period), .period = period, .format = format, .rest = std::string(scanner.rest())};
    if (best->rest.empty()) return best;
  }
  if (!formats_only_ && !best) best = ReadByKind(plain);
  return best;
}

std::optional<Frequency> FrequencyOf(AxisKind kind) {
  switch (kind) {
    case AxisKind::kMonth:
      return Frequency::kMonth;
    case AxisKind::kQuarter:
      return Frequency::kQuarter;
    case AxisKind::kYear:
      return Frequency::kYear;
    case AxisKind::kFiscalYear:
      return Frequency::kFiscalYear;
    case AxisKind::kWeek:
      return Frequency::kWeek;
    case AxisKind::kDate:
      return Frequency::kDay;
    case AxisKind::kAgeBand:
    case AxisKind::kText:
      return std::nullopt;
  }
  return std::nullopt;
}

std::string_view ToText(AxisKind kind) {
  switch (kind) {
    case AxisKind::kMonth:
      return "month";
    case AxisKind::kQuarter:
      return "quarter";
    case AxisKind::kYear:
      return "year";
    case AxisKind::kFiscalYear:
      return "fiscal-year";
    case AxisKind::kWeek:
      return "week";
    case AxisKind::kDate:
      return "date";
    case AxisKind::kAgeBand:
      return "age-band";
    case AxisKind::kText:
      return "text";
  }
  return "text";
}

}  // namespace tidemill::transform
