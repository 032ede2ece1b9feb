// SPDX-License-Identifier: Apache-2.0
#include "tidemill/base/instant.h"

#include <chrono>

#include <fmt/format.h>

#include "tidemill/base/date.h"

namespace tidemill::base {

std::string InstantText(Time time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(time - day);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:06}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), clock.hours().count(),
                     clock.minutes().count(), clock.seconds().count(), clock.subseconds().count());
}

std::optional<Time> ParseInstant(std::string_view text) {
  constexpr std::size_t kDay = 10;  // "2026-11-22"
  std::string strict(text.substr(0, 64));
  if (strict.size() <= kDay) {
    const auto day = ParseDate(strict);
    return day ? std::optional<Time>(*day) : std::nullopt;
  }
  if (strict[kDay] == ' ') strict[kDay] = 'T';
  if (strict.find_first_of("zZ+-", kDay + 1) == std::string::npos) strict += 'Z';
  return ParseRfc3339(strict);
}

}  // namespace tidemill::base
