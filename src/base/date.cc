// SPDX-License-Identifier: Apache-2.0
#include "tidemill/base/date.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace tidemill::base {
namespace {

using std::chrono::days;
using std::chrono::floor;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using std::chrono::year_month_day;

constexpr std::array<std::string_view, 12> kMonths{"January",   "February", "March",    "April",
                                                   "May",       "June",     "July",     "August",
                                                   "September", "October",  "November", "December"};
constexpr std::array<std::string_view, 7> kWeekdays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};

// Exactly `digits` decimal digits at `at`.
std::optional<int> Digits(std::string_view text, std::size_t at, std::size_t digits) {
  if (at + digits > text.size()) return std::nullopt;
  int value = 0;
  for (const char c : text.substr(at, digits)) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + (c - '0');
  }
  return value;
}

std::optional<Date> MakeDate(int year, unsigned month, unsigned day) {
  const year_month_day date{std::chrono::year{year}, std::chrono::month{month}, std::chrono::day{day}};
  if (!date.ok()) return std::nullopt;
  return Date{date};
}

// "08:31:07"
std::optional<seconds> TimeOfDay(std::string_view text, std::size_t at) {
  const auto h = Digits(text, at, 2);
  const auto m = Digits(text, at + 3, 2);
  const auto s = Digits(text, at + 6, 2);
  if (!h || !m || !s || text[at + 2] != ':' || text[at + 5] != ':' || *h > 23 || *m > 59 || *s > 60)
    return std::nullopt;
  return hours{*h} + minutes{*m} + seconds{*s};
}

// Both in ASCII; asked for every label of a sheet, so nothing is allocated.
bool EqualsAnyCase(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [&](char x, char y) { return lower(x) == lower(y); });
}

}  // namespace

std::string ToText(Date date) {
  const year_month_day ymd{date};
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(ymd.year()), static_cast<unsigned>(ymd.month()),
                     static_cast<unsigned>(ymd.day()));
}

std::optional<Date> ParseDate(std::string_view iso) {
  if (iso.size() != 10 || iso[4] != '-' || iso[7] != '-') return std::nullopt;
  const auto y = Digits(iso, 0, 4);
  const auto m = Digits(iso, 5, 2);
  const auto d = Digits(iso, 8, 2);
  if (!y || !m || !d) return std::nullopt;
  return MakeDate(*y, static_cast<unsigned>(*m), static_cast<unsigned>(*d));
}

std::string ToRfc3339(Time time) {
  const Date date = floor<days>(time);
  const auto rest = time - date;
  const auto whole = floor<seconds>(rest);
  const auto micros = (rest - whole).count();
  std::string out = fmt::format("{}T{:02}:{:02}:{:02}", ToText(date), whole.count() / 3600, whole.count() / 60 % 60,
                                whole.count() % 60);
  if (micros != 0) out += fmt::format(".{:06}", micros);
  return out + "Z";
}

std::optional<Time> ParseRfc3339(std::string_view text) {
  if (text.size() < 20 || (text[10] != 'T' && text[10] != ' ' && text[10] != 't')) return std::nullopt;
  const auto date = ParseDate(text.substr(0, 10));
  const auto time_of_day = TimeOfDay(text, 11);
  if (!date || !time_of_day) return std::nullopt;
  Time time = *date + *time_of_day;
  std::string_view rest = text.substr(19);
  if (rest.front() == '.') {
    rest.remove_prefix(1);
    int scale = 100'000;
    std::size_t used = 0;
    for (; used < rest.size() && rest[used] >= '0' && rest[used] <= '9'; ++used, scale /= 10) {
      time += std::chrono::microseconds{scale * (rest[used] - '0')};
    }
    rest.remove_prefix(used);
  }
  if (rest == "Z" || rest == "z") return time;
  if (rest.size() != 6 || (rest[0] != '+' && rest[0] != '-') || rest[3] != ':') return std::nullopt;
  const auto h = Digits(rest, 1, 2);
  const auto m = Digits(rest, 4, 2);
  if (!h || !m) return std::nullopt;
  const auto offset = hours{*h} + minutes{*m};
  return rest[0] == '+' ? time - offset : time + offset;
}

std::string ToHttpDate(Time time) {
  const Date date = floor<days>(time);
  const year_month_day ymd{date};
  const auto s = floor<seconds>(time - date).count();
  return fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT", kWeekdays[std::chrono::weekday{date}.c_encoding()],
                     static_cast<unsigned>(ymd.day()), kMonths[static_cast<unsigned>(ymd.month()) - 1].substr(0, 3),
                     static_cast<int>(ymd.year()), s / 3600, s / 60 % 60, s % 60);
}

std::optional<Time> ParseHttpDate(std::string_view text) {
  std::optional<int> year;
  unsigned month = 0;
  std::optional<int> day;
  std::size_t time_at = 0;
  if (const std::size_t comma = text.find(','); comma == 3) {  // Sun, 06 Nov 1994 08:49:37 GMT
    if (text.size() < 29) return std::nullopt;
    day = Digits(text, 5, 2);
    month = MonthFromName(text.substr(8, 3));
    year = Digits(text, 12, 4);
    time_at = 17;
  } else if (comma != std::string_view::npos) {  // Sunday, 06-Nov-94 08:49:37 GMT
    if (text.size() < comma + 24) return std::nullopt;
    day = Digits(text, comma + 2, 2);
    month = MonthFromName(text.substr(comma + 5, 3));
    year = Digits(text, comma + 9, 2);
    if (year) *year += *year < 70 ? 2000 : 1900;
    time_at = comma + 12;
  } else {  // Sun Nov  6 08:49:37 1994
    if (text.size() < 24) return std::nullopt;
    month = MonthFromName(text.substr(4, 3));
    day = text[8] == ' ' ? Digits(text, 9, 1) : Digits(text, 8, 2);
    year = Digits(text, 20, 4);
    time_at = 11;
  }
  if (!year || month == 0 || !day) return std::nullopt;
  const auto date = MakeDate(*year, month, static_cast<unsigned>(*day));
  const auto time_of_day = TimeOfDay(text, time_at);
  if (!date || !time_of_day) return std::nullopt;
  return Time{*date + *time_of_day};
}

std::string_view MonthName(unsigned month) {
  return kMonths.at(month - 1);
}

unsigned MonthFromName(std::string_view name) {
  if (EqualsAnyCase(name, "sept")) return 9;
  for (unsigned i = 0; i < kMonths.size(); ++i) {
    if (EqualsAnyCase(name, kMonths[i]) || EqualsAnyCase(name, kMonths[i].substr(0, 3))) return i + 1;
  }
  return 0;
}

Date OnOrBeforeWeekday(Date date) {
  const unsigned weekday = std::chrono::weekday{date}.iso_encoding();  // Monday 1 … Sunday 7
  return weekday > 5 ? date - days{weekday - 5} : date;
}

}  // namespace tidemill::base
