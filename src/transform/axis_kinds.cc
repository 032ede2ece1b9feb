// SPDX-License-Identifier: Apache-2.0
#include "axis_kinds.h"

#include <fmt/format.h>

namespace tidemill::transform {
namespace {

using base::Frequency;
using base::Period;
using Name = AxisScanner::Name;

// "Jan to Mar", "January-March", "March quarter": the quarter, which must be one of the calendar.
std::optional<int> TakeQuarterOfMonths(AxisScanner& scanner) {
  const auto first = scanner.TakeMonth(Name::kAny);
  if (!first) return std::nullopt;
  scanner.SkipBlanks();
  if (scanner.TakeWord("quarter")) return *first % 3 == 0 ? std::optional<int>(*first / 3) : std::nullopt;
  if (!scanner.TakeWord("to") && !scanner.Take("-")) return std::nullopt;
  scanner.SkipBlanks();
  const auto last = scanner.TakeMonth(Name::kAny);
  if (!last || *first % 3 != 1 || *last != *first + 2) return std::nullopt;
  return *last / 3;
}

std::optional<int> TakeQuarterNumber(AxisScanner& scanner, bool bare) {
  if (scanner.TakeWord("quarter")) {
    scanner.SkipBlanks();
  } else if (!scanner.Take("q") && !bare) {
    return std::nullopt;
  }
  const auto quarter = scanner.TakeNumber(1, 1);
  return quarter && *quarter >= 1 && *quarter <= 4 ? quarter : std::nullopt;
}

std::optional<int> TakeQuarter(AxisScanner& scanner, bool bare) {
  AxisScanner by_number = scanner;
  if (const auto quarter = TakeQuarterNumber(by_number, bare)) {
    scanner = by_number;
    return quarter;
  }
  return TakeQuarterOfMonths(scanner);
}

void SkipSeparator(AxisScanner& scanner) {
  scanner.SkipBlanks();
  if (scanner.Take("-")) scanner.SkipBlanks();
}

// A year behind what was read, where there is one.
std::optional<int> TakeYearBehind(AxisScanner& scanner) {
  AxisScanner behind = scanner;
  SkipSeparator(behind);
  const auto year = behind.TakeYear();
  if (year) scanner = behind;
  return year;
}

bool TakeOrOlder(AxisScanner& scanner) {
  for (const std::string_view word : {"and over", "or over", "& over", "and older", "or older", "plus"}) {
    if (scanner.TakeWord(word)) return true;
  }
  return scanner.Take("+");
}

void SkipYears(AxisScanner& scanner) {
  AxisScanner behind = scanner;
  behind.SkipBlanks();
  if (behind.TakeWord("years") || behind.TakeWord("year")) scanner = behind;
}

}  // namespace

std::optional<Period> ReadQuarter(AxisScanner& scanner, bool yearless) {
  AxisScanner by_year = scanner;
  if (const auto year = by_year.TakeYear()) {
    SkipSeparator(by_year);
    const auto quarter = TakeQuarter(by_year, false);
    if (!quarter) return std::nullopt;
    scanner = by_year;
    return Period{Frequency::kQuarter, *year, *quarter, 1};
  }
  const auto quarter = TakeQuarter(scanner, yearless);
  if (!quarter) return std::nullopt;
  const auto year = TakeYearBehind(scanner);
  if (!year && !yearless) return std::nullopt;
  return Period{Frequency::kQuarter, year.value_or(kNoYear), *quarter, 1};
}

std::optional<Period> ReadFiscalYear(AxisScanner& scanner) {
  const auto first = scanner.TakeYear();
  if (!first) return std::nullopt;
  scanner.SkipBlanks();
  if (!scanner.Take("-") && !scanner.Take("/") && !scanner.TakeWord("to")) return std::nullopt;
  scanner.SkipBlanks();
  AxisScanner whole = scanner;
  if (const auto second = whole.TakeYear(); second && *second == *first + 1) {
    scanner = whole;
    return Period{Frequency::kFiscalYear, *first, 1, 1};
  }
  const auto second = scanner.TakeNumber(2, 2);
  if (!second || *second != (*first + 1) % 100) return std::nullopt;
  return Period{Frequency::kFiscalYear, *first, 1, 1};
}

std::optional<Period> ReadWeek(AxisScanner& scanner, bool yearless) {
  AxisScanner by_year = scanner;
  if (const auto year = by_year.TakeYear()) {
    SkipSeparator(by_year);
    if (!by_year.TakeWord("week") && !by_year.Take("w")) return std::nullopt;
    by_year.SkipBlanks();
    const auto week = by_year.TakeNumber(1, 2);
    scanner = by_year;
    if (!week) return std::nullopt;
    return base::ParsePeriod(fmt::format("{:04}-W{:02}", *year, *week));
  }
  if (scanner.TakeWord("week")) scanner.SkipBlanks();
  const auto week = scanner.TakeNumber(1, 2);
  if (!week || *week < 1 || *week > 53) return std::nullopt;
  if (const auto year = TakeYearBehind(scanner)) {
    return base::ParsePeriod(fmt::format("{:04}-W{:02}", *year, *week));
  }
  if (!yearless) return std::nullopt;
  return Period{Frequency::kWeek, kNoYear, *week, 1};
}

std::optional<std::string> ReadAgeBand(AxisScanner& scanner) {
  if (scanner.TakeWord("all ages")) return "all";
  if (scanner.TakeWord("aged")) scanner.SkipBlanks();
  if (scanner.TakeWord("under") || scanner.Take("<")) {
    scanner.SkipBlanks();
    const auto age = scanner.TakeNumber(1, 3);
    if (!age || *age < 1) return std::nullopt;
    SkipYears(scanner);
    return *age == 1 ? std::string("0") : fmt::format("0-{}", *age - 1);
  }
  const auto first = scanner.TakeNumber(1, 3);
  if (!first) return std::nullopt;
  SkipYears(scanner);
  AxisScanner behind = scanner;
  behind.SkipBlanks();
  if (TakeOrOlder(behind)) {
    scanner = behind;
    SkipYears(scanner);
    return fmt::format("{}+", *first);
  }
  if (!behind.Take("-") && !behind.TakeWord("to")) return fmt::format("{}", *first);
  behind.SkipBlanks();
  const auto last = behind.TakeNumber(1, 3);
  if (!last || *last < *first) return std::nullopt;
  scanner = behind;
  SkipYears(scanner);
  return fmt::format("{}-{}", *first, *last);
}

}  // namespace tidemill::transform
