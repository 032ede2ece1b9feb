// SPDX-License-Identifier: Apache-2.0
#include "tidemill/base/period.h"

#include <fmt/format.h>

#include "tidemill/base/text.h"

namespace tidemill::base {
namespace {

using std::chrono::day;
using std::chrono::days;
using std::chrono::month;
using std::chrono::year;
using std::chrono::year_month_day;

Date MakeDate(int y, int m, int d) {
  return Date{year_month_day{year{y}, month{static_cast<unsigned>(m)}, day{static_cast<unsigned>(d)}}};
}

// Monday of week 1: the week that holds 4 January.
Date FirstMonday(int y) {
  const Date fourth = MakeDate(y, 1, 4);
  return fourth - days{std::chrono::weekday{fourth}.iso_encoding() - 1};
}

int WeeksOf(int y) {
  return static_cast<int>((FirstMonday(y + 1) - FirstMonday(y)).count() / 7);
}

std::optional<int> Number(std::string_view text, std::size_t size, int least, int most) {
  if (text.size() != size || text.front() == '-') return std::nullopt;
  const auto value = ParseInt(text);
  if (!value || *value < least || *value > most) return std::nullopt;
  return static_cast<int>(*value);
}

std::optional<Period> ParseFiscalYear(std::string_view text) {  // FY2014-15
  if (text.size() != 9 || text[6] != '-') return std::nullopt;
  const auto first = Number(text.substr(2, 4), 4, 1700, 2199);
  const auto second = Number(text.substr(7), 2, 0, 99);
  if (!first || !second || (*first + 1) % 100 != *second) return std::nullopt;
  return Period{.frequency = Frequency::kFiscalYear, .year = *first};
}

}  // namespace

std::string ToText(const Period& period) {
  switch (period.frequency) {
    case Frequency::kYear:
      return fmt::format("{:04}", period.year);
    case Frequency::kFiscalYear:
      return fmt::format("FY{:04}-{:02}", period.year, (period.year + 1) % 100);
    case Frequency::kQuarter:
      return fmt::format("{:04}-Q{}", period.year, period.part);
    case Frequency::kMonth:
      return fmt::format("{:04}-{:02}", period.year, period.part);
    case Frequency::kWeek:
      return fmt::format("{:04}-W{:02}", period.year, period.part);
    case Frequency::kDay:
      return fmt::format("{:04}-{:02}-{:02}", period.year, period.part, period.day);
  }
  return {};
}

std::optional<Period> ParsePeriod(std::string_view text) {
  if (text.starts_with("FY")) return ParseFiscalYear(text);
  if (text.size() < 4) return std::nullopt;
  const auto y = Number(text.substr(0, 4), 4, 1700, 2199);
  if (!y) return std::nullopt;
  if (text.size() == 4) return Period{.frequency = Frequency::kYear, .year = *y};
  if (text[4] != '-') return std::nullopt;
  const std::string_view rest = text.substr(5);
  if (rest.empty()) return std::nullopt;
  if (rest.front() == 'Q') {
    const auto q = Number(rest.substr(1), 1, 1, 4);
    if (!q) return std::nullopt;
    return Period{.frequency = Frequency::kQuarter, .year = *y, .part = *q};
  }
  if (rest.front() == 'W') {
    const auto w = Number(rest.substr(1), 2, 1, WeeksOf(*y));
    if (!w) return std::nullopt;
    return Period{.frequency = Frequency::kWeek, .year = *y, .part = *w};
  }
  if (rest.size() == 2) {
    const auto m = Number(rest, 2, 1, 12);
    if (!m) return std::nullopt;
    return Period{.frequency = Frequency::kMonth, .year = *y, .part = *m};
  }
  const auto date = ParseDate(text);
  if (!date) return std::nullopt;
  const year_month_day ymd{*date};
  return Period{.frequency = Frequency::kDay,
                .year = *y,
                .part = static_cast<int>(static_cast<unsigned>(ymd.month())),
                .day = static_cast<int>(static_cast<unsigned>(ymd.day()))};
}

Date StartOf(const Period& period) {
  switch (period.frequency) {
    case Frequency::kYear:
      return MakeDate(period.year, 1, 1);
    case Frequency::kFiscalYear:
      return MakeDate(period.year, 4, 1);
    case Frequency::kQuarter:
      return MakeDate(period.year, period.part * 3 - 2, 1);
    case Frequency::kMonth:
      return MakeDate(period.year, period.part, 1);
    case Frequency::kWeek:
      return FirstMonday(period.year) + days{7 * (period.part - 1)};
    case Frequency::kDay:
      return MakeDate(period.year, period.part, period.day);
  }
  return {};
}

Date EndOf(const Period& period) {
  return StartOf(Next(period)) - days{1};
}

Date BusinessEndOf(const Period& period) {
  return OnOrBeforeWeekday(EndOf(period));
}

Period Next(const Period& period) {
  Period next = period;
  const auto step = [&next](int parts) {
    if (++next.part > parts) {
      next.part = 1;
      ++next.year;
    }
  };
  switch (period.frequency) {
    case Frequency::kYear:
    case Frequency::kFiscalYear:
      ++next.year;
      break;
    case Frequency::kQuarter:
      step(4);
      break;
    case Frequency::kMonth:
      step(12);
      break;
    case Frequency::kWeek:
      step(WeeksOf(period.year));
      break;
    case Frequency::kDay: {
      const year_month_day ymd{StartOf(period) + days{1}};
      next.year = static_cast<int>(ymd.year());
      next.part = static_cast<int>(static_cast<unsigned>(ymd.month()));
      next.day = static_cast<int>(static_cast<unsigned>(ymd.day()));
      break;
    }
  }
  return next;
}

}  // namespace tidemill::base
