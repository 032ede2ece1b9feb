// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "tidemill/base/clock.h"

namespace tidemill::base {

using Date = std::chrono::sys_days;  // proleptic Gregorian calendar; no time zone of its own

// "2018-01-31"
std::string ToText(Date date);
std::optional<Date> ParseDate(std::string_view iso);
// "2024-04-18T08:31:07Z"; microseconds only where there are any. UTC.
std::string ToRfc3339(Time time);
std::optional<Time> ParseRfc3339(std::string_view text);
// "Thu, 18 Apr 2024 08:31:07 GMT" (RFC 9110, section 5.6.7; the two obsolete forms are read too).
std::string ToHttpDate(Time time);
std::optional<Time> ParseHttpDate(std::string_view text);
// English, "January"; month 1..12.
std::string_view MonthName(unsigned month);
// 1..12 from a name or its first three letters, any case; 0 for anything else ("sept" counts too).
unsigned MonthFromName(std::string_view name);
// The day itself, or the Friday before a weekend; holidays are not considered.
Date OnOrBeforeWeekday(Date date);

}  // namespace tidemill::base
