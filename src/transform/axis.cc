// SPDX-License-Identifier: Apache-2.0
#include "axis.h"

#include <algorithm>
#include <chrono>

#include "tidemill/base/date.h"
#include "tidemill/base/text.h"

#include "axis_kinds.h"

namespace tidemill::transform {
namespace {

using base::Frequency;
using base::Period;
using recipe::AxisKind;
using std::chrono::year_month_day;

// Lower case, plain dashes, single blanks.
std::string PlainText(std::string_view text) {
  std::string result = base::CollapseSpace(text);
  const bool ascii = std::ranges::none_of(result, [](char c) { return (c & 0x80) != 0; });
  if (!ascii) return recipe::Normalise(result);
  for (char& c : result) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return result;
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

year_month_day DayOf(int year, int month, int day) {
  return {std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
          std::chrono::day(static_cast<unsigned>(day))};
}

std::optional<Period> DayPeriod(const year_month_day& day) {
  if (!day.ok()) return std::nullopt;
  return Period{Frequency::kDay, static_cast<int>(day.year()), static_cast<int>(static_cast<unsigned>(day.month())),
                static_cast<int>(static_cast<unsigned>(day.day()))};
}

std::optional<Period> DatePeriod(int year, const DateParts& parts) {
  if (parts.day_of_year) {
    const base::Date first = base::Date{DayOf(year == kNoYear ? 2000 : year, 1, 1)};
    return DayPeriod(year_month_day{first + std::chrono::days(*parts.day_of_year - 1)});
  }
  if (!parts.month || !parts.day) return std::nullopt;
  if (year != kNoYear) return DayPeriod(DayOf(year, *parts.month, *parts.day));
  if (!DayOf(2000, *parts.month, *parts.day).ok()) return std::nullopt;
  return Period{Frequency::kDay, kNoYear, *parts.month, *parts.day};
}

// The fiscal year that begins in that year, or that holds that month: April to March.
Period FiscalPeriod(int year, const std::optional<int>& month) {
  return {Frequency::kFiscalYear, month && *month < 4 ? year - 1 : year, 1, 1};
}

}  // namespace

std::optional<Period> InYear(Period period, int year) {
  period.year = year;
  if (period.frequency == Frequency::kWeek) return base::ParsePeriod(base::ToText(period));
  if (period.frequency == Frequency::kDay) return DayPeriod(DayOf(year, period.part, period.day));
  return period;
}

AxisReader::AxisReader(AxisKind kind, const std::vector<std::string>& parse, std::optional<int> year, int near_year,
                       bool year_elsewhere)
    : kind_(kind), formats_only_(!parse.empty()), year_(year), near_year_(near_year), year_elsewhere_(year_elsewhere) {
  for (const std::string& format : parse.empty() ? DefaultFormats(kind) : parse) formats_.emplace_back(format);
  formats_take_numbers_ = std::ranges::any_of(formats_, &AxisFormat::TakesNumbers);
}

AxisReader::AxisReader(const recipe::ColumnSpec& column, std::optional<int> year, int near_year, bool year_elsewhere)
    : AxisReader(column.axis.value_or(AxisKind::kText), column.parse, year, near_year, year_elsewhere) {
  map_ = column.map;
}

bool AxisReader::TakesNumbers() const {
  if (kind_ == AxisKind::kText) return true;
  if (formats_only_) return formats_take_numbers_ || !map_.empty();
  if (kind_ == AxisKind::kMonth || kind_ == AxisKind::kDate) return false;
  return kind_ == AxisKind::kQuarter ? year_elsewhere_ : kind_ != AxisKind::kFiscalYear;
}

std::optional<Period> AxisReader::PeriodOf(const DateParts& parts) const {
  const std::optional<int> beside = year_elsewhere_ ? std::optional<int>(kNoYear) : year_;
  const std::optional<int> year = parts.year ? parts.year : beside;
  if (!year) return std::nullopt;
  switch (kind_) {
    case AxisKind::kYear:
      return parts.year ? std::optional(Period{Frequency::kYear, *year, 1, 1}) : std::nullopt;
    case AxisKind::kFiscalYear:
      return parts.year ? std::optional(FiscalPeriod(*year, parts.month)) : std::nullopt;
    case AxisKind::kMonth:
      return parts.month ? std::optional(Period{Frequency::kMonth, *year, *parts.month, 1}) : std::nullopt;
    case AxisKind::kQuarter:
      return parts.month ? std::optional(Period{Frequency::kQuarter, *year, (*parts.month + 2) / 3, 1}) : std::nullopt;
    case AxisKind::kWeek:
      if (!parts.week) return std::nullopt;
      return *year == kNoYear ? std::optional(Period{Frequency::kWeek, kNoYear, *parts.week, 1})
                              : InYear({Frequency::kWeek, *year, *parts.week, 1}, *year);
    case AxisKind::kDate:
      return DatePeriod(*year, parts);
    case AxisKind::kAgeBand:
    case AxisKind::kText:
      return std::nullopt;
  }
  return std::nullopt;
}

std::optional<AxisValue> AxisReader::ReadByFormats(std::string_view plain) const {
  std::optional<AxisValue> best;
  for (const AxisFormat& format : formats_) {
    AxisScanner scanner(plain);
    const auto parts = format.Read(scanner, near_year_);
    const auto period = parts ? PeriodOf(*parts) : std::nullopt;
    if (!period || (best && scanner.rest().size() >= best->rest.size())) continue;
    best = AxisValue{
        .text = base::ToText(*period), .period = period, .format = format.text(), .rest = std::string(scanner.rest())};
    if (best->rest.empty()) break;
  }
  return best;
}

// Puts the year in that stands beside; false where there is no such period.
bool AxisReader::Complete(AxisValue& value) const {
  if (value.needs_year() && !year_elsewhere_) {
    value.period = year_ ? InYear(*value.period, *year_) : std::nullopt;
    if (!value.period) return false;
  }
  if (value.period) value.text = base::ToText(*value.period);
  return !value.text.empty();
}

std::optional<AxisValue> AxisReader::ReadByKind(std::string_view plain) const {
  AxisScanner scanner(plain);
  AxisValue value;
  const bool yearless = year_elsewhere_ || year_.has_value();
  switch (kind_) {
    case AxisKind::kQuarter:
      value.period = ReadQuarter(scanner, yearless);
      break;
    case AxisKind::kFiscalYear:
      value.period = ReadFiscalYear(scanner);
      break;
    case AxisKind::kWeek:
      value.period = ReadWeek(scanner, yearless);
      break;
    case AxisKind::kAgeBand:
      value.text = ReadAgeBand(scanner).value_or("");
      break;
    default:
      break;
  }
  if (!Complete(value)) return std::nullopt;
  value.format = ToText(kind_);
  value.rest = scanner.rest();
  return value;
}

std::optional<AxisValue> AxisReader::Read(std::string_view text) const {
  std::string collapsed;
  if (!map_.empty()) {
    collapsed = base::CollapseSpace(text);
    if (const auto mapped = map_.find(collapsed); mapped != map_.end()) collapsed = mapped->second;
    text = collapsed;
  }
  if (kind_ == AxisKind::kText) {
    std::string whole = base::CollapseSpace(text);
    if (whole.empty()) return std::nullopt;
    return AxisValue{.text = std::move(whole), .period = {}, .format = "text", .rest = {}};
  }
  const std::string plain = PlainText(text);
  auto best = ReadByFormats(plain);
  if (!formats_only_ && !best) best = ReadByKind(plain);
  return best;
}

std::optional<AxisValue> AxisReader::ReadDate(base::Date date, bool whole) const {
  if (formats_only_) return std::nullopt;
  const year_month_day day{date};
  AxisValue value{.text = {}, .period = {}, .format = std::string(kDateCell), .rest = {}};
  const int month = static_cast<int>(static_cast<unsigned>(day.month()));
  switch (kind_) {
    case AxisKind::kDate:
      if (whole) value.period = DayPeriod(day);
      break;
    case AxisKind::kMonth:
      if (!whole) value.period = Period{Frequency::kMonth, static_cast<int>(day.year()), month, 1};
      break;
    case AxisKind::kQuarter:
      if (!whole) value.period = Period{Frequency::kQuarter, static_cast<int>(day.year()), (month + 2) / 3, 1};
      break;
    default:
      break;
  }
  if (!value.period) return std::nullopt;
  value.text = base::ToText(*value.period);
  return value;
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
