// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <chrono>
#include <cmath>

#include <fmt/format.h>

#include "number_format.h"

namespace tidemill::workbook {
namespace {

using Kind = FormatToken::Kind;

constexpr std::array<std::string_view, 7> kWeekdays = {"Sunday",   "Monday", "Tuesday", "Wednesday",
                                                       "Thursday", "Friday", "Saturday"};

struct Moment {
  int year = 1900;
  unsigned month = 1;
  unsigned day = 0;
  unsigned weekday = 0;
  std::int64_t ticks = 0;  // of the whole serial
  std::int64_t ticks_a_second = 1;

  std::int64_t seconds() const { return ticks / ticks_a_second; }
};

unsigned FractionDigits(const std::vector<FormatToken>& tokens) {
  for (const FormatToken& token : tokens) {
    if (token.kind == Kind::kFraction) return std::min<unsigned>(token.count, 6);
  }
  return 0;
}

void SetDay(Moment& moment, const std::optional<base::Date>& date) {
  if (!date) return;
  const std::chrono::year_month_day parts{*date};
  moment.year = static_cast<int>(parts.year());
  moment.month = static_cast<unsigned>(parts.month());
  moment.day = static_cast<unsigned>(parts.day());
  moment.weekday = std::chrono::weekday{*date}.c_encoding();
}

// The phantom 29 February 1900 is shown as every program of the 1900 system shows it.
Moment ToMoment(double serial, unsigned fraction_digits, DateSystem system) {
  Moment moment;
  for (unsigned i = 0; i < fraction_digits; ++i) moment.ticks_a_second *= 10;
  moment.ticks = std::llround(serial * 86'400.0 * static_cast<double>(moment.ticks_a_second));
  if (system == DateSystem::kIso) {
    // Before the epoch the time of day still runs forwards.
    const std::int64_t ticks_a_day = 86'400 * moment.ticks_a_second;
    const std::int64_t time = (moment.ticks % ticks_a_day + ticks_a_day) % ticks_a_day;
    SetDay(moment, DayOfIso(static_cast<double>((moment.ticks - time) / ticks_a_day)));
    moment.ticks = time;
    return moment;
  }
  const auto whole_day = static_cast<double>(moment.seconds() / 86'400);
  if (system == DateSystem::k1900 && whole_day == 60) return {1900, 2, 29, 3, moment.ticks, moment.ticks_a_second};
  SetDay(moment, ToDate(whole_day, system == DateSystem::k1904));
  return moment;
}

std::string MonthText(unsigned month, unsigned letters) {
  const std::string_view name = base::MonthName(month);
  if (letters == 3) return std::string(name.substr(0, 3));
  if (letters == 4) return std::string(name);
  if (letters >= 5) return std::string(name.substr(0, 1));
  return fmt::format("{:0{}}", month, letters);
}

std::string DayText(const Moment& moment, unsigned letters) {
  if (letters == 3) return std::string(kWeekdays[moment.weekday].substr(0, 3));
  if (letters >= 4) return std::string(kWeekdays[moment.weekday]);
  return fmt::format("{:0{}}", moment.day, letters);
}

std::string HourText(std::int64_t hour, unsigned letters, bool half_days) {
  if (half_days) hour = hour % 12 == 0 ? 12 : hour % 12;
  return fmt::format("{:0{}}", hour, letters);
}

std::string TokenText(const FormatToken& token, const Moment& moment, bool half_days) {
  const unsigned letters = token.count;
  const unsigned width = std::min(letters, 2U);
  const std::int64_t seconds = moment.seconds();
  switch (token.kind) {
    case Kind::kLiteral:
      return token.literal;
    case Kind::kYear:
      return letters <= 2 ? fmt::format("{:02}", moment.year % 100) : fmt::format("{:04}", moment.year);
    case Kind::kMonth:
      return MonthText(moment.month, letters);
    case Kind::kDay:
      return DayText(moment, letters);
    case Kind::kHour:
      return HourText(seconds / 3600 % 24, width, half_days);
    case Kind::kMinute:
      return fmt::format("{:0{}}", seconds / 60 % 60, width);
    case Kind::kSecond:
      return fmt::format("{:0{}}", seconds % 60, width);
    case Kind::kFraction:
      return fmt::format("{:0{}}", moment.ticks % moment.ticks_a_second, std::min(letters, 6U));
    case Kind::kAmPm:
      return seconds / 3600 % 24 < 12 ? (letters == 3 ? "A" : "AM") : (letters == 3 ? "P" : "PM");
    case Kind::kElapsedHours:
      return fmt::format("{:0{}}", seconds / 3600, letters);
    case Kind::kElapsedMinutes:
      return fmt::format("{:0{}}", seconds / 60, letters);
    case Kind::kElapsedSeconds:
      return fmt::format("{:0{}}", seconds, letters);
    default:
      return {};
  }
}

}  // namespace

std::string FormatSerial(double serial, std::string_view format, DateSystem system) {
  constexpr double kLimit = 1e8;  // days; keeps every count of seconds within 64 bits
  if (!(std::fabs(serial) < kLimit)) return fmt::format("{}", serial);
  const auto tokens = ParseNumberFormat(format);
  const bool negative = serial < 0 && system != DateSystem::kIso;
  const Moment moment = ToMoment(negative ? -serial : serial, FractionDigits(tokens), system);
  bool half_days = false;
  for (const FormatToken& token : tokens) half_days = half_days || token.kind == Kind::kAmPm;
  std::string text = negative ? "-" : "";
  for (const FormatToken& token : tokens) text += TokenText(token, moment, half_days);
  return text;
}

}  // namespace tidemill::workbook
