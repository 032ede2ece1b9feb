// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <optional>
#include <string>
#include <string_view>

#include "tidemill/base/date.h"

namespace tidemill::base {

// The letters are SDMX's, but for the fiscal year.
enum class Frequency : char { kYear = 'A', kFiscalYear = 'F', kQuarter = 'Q', kMonth = 'M', kWeek = 'W', kDay = 'D' };

// A span of the calendar: 2018, FY2014-15, 2020-Q1, 2018-01, 2020-W01 (ISO 8601), 2020-01-31.
// Periods of one frequency are ordered by time.
struct Period {
  Frequency frequency = Frequency::kMonth;
  int year = 0;  // 1700..2199; of a fiscal year the first
  int part = 1;  // quarter, month or week, from 1; 1 for years
  int day = 1;   // of the month, for kDay

  auto operator<=>(const Period&) const = default;
};

std::string ToText(const Period& period);
std::optional<Period> ParsePeriod(std::string_view text);
Date StartOf(const Period& period);
Date EndOf(const Period& period);  // the last day
// The last day that is no Saturday or Sunday.
Date BusinessEndOf(const Period& period);
// The period right after.
Period Next(const Period& period);

}  // namespace tidemill::base
