// SPDX-License-Identifier: Apache-2.0
#include "tidemill/query/snapshot.h"

#include <algorithm>
#include <cmath>
#include <deque>
#include <exception>
#include <limits>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include <arrow/table.h>

#include "tidemill/base/text.h"

#include "column_values.h"

namespace tidemill::query {
namespace {

using std::chrono::year_month_day;

constexpr std::int64_t kNoInteger = std::numeric_limits<std::int64_t>::min();

base::Date DateOf(std::int32_t day) {
  return base::Date(std::chrono::days(day));
}
std::int32_t DayOf(base::Date date) {
  return static_cast<std::int32_t>(date.time_since_epoch().count());
}

// The columns that are read once and used for several purposes.
struct Read {
  const arrow::Table& table;
  std::unordered_map<const Column*, Texts> texts;

  const arrow::ChunkedArray& Values(const Column& column) const { return *table.column(column.index); }
};

// Numbers from 0, one for each combination of dimension codes that has rows; how many there are.
std::int64_t NumberSeries(const std::vector<const Texts*>& dimensions, std::vector<std::int32_t>& series) {
  std::int32_t count = series.empty() ? 0 : 1;
  for (const Texts* dimension : dimensions) {
    std::unordered_map<std::uint64_t, std::int32_t> numbers;
    for (std::size_t i = 0; i < series.size(); ++i) {
      const auto left = static_cast<std::uint64_t>(static_cast<std::uint32_t>(series[i]));
      const std::uint64_t pair = left << 32U | static_cast<std::uint32_t>(dimension->rows[i]);
      series[i] = numbers.try_emplace(pair, static_cast<std::int32_t>(numbers.size())).first->second;
    }
    count = static_cast<std::int32_t>(numbers.size());
  }
  return count;
}

// Time of each row: the day that stands for it, and its period.
struct Times {
  base::Frequency frequency = base::Frequency::kMonth;
  std::vector<std::int32_t> days;  // kNoDay: none
  std::optional<Span> span;
};

void Widen(std::optional<Span>& span, base::Frequency frequency, const base::Period& period) {
  if (!span) span = Span{frequency, period, period};
  span->first = std::min(span->first, period);
  span->last = std::max(span->last, period);
}

Times TimesOfPeriods(const Texts& texts) {
  Times times;
  std::vector<std::int32_t> day_of(texts.values.size(), kNoDay);
  for (std::size_t i = 0; i < texts.values.size(); ++i) {
    const auto period = base::ParsePeriod(texts.values[i]);
    if (!period) continue;
    if (!times.span) times.frequency = period->frequency;
    if (period->frequency != times.frequency) continue;
    day_of[i] = DayOf(base::BusinessEndOf(*period));
    Widen(times.span, times.frequency, *period);
  }
  times.days.reserve(texts.rows.size());
  for (const std::int32_t row : texts.rows) {
    times.days.push_back(row < 0 ? kNoDay : day_of[static_cast<std::size_t>(row)]);
  }
  return times;
}

base::Period PeriodOf(std::int32_t day, base::Frequency frequency) {
  const year_month_day date(DateOf(day));
  const int month = static_cast<int>(static_cast<unsigned>(date.month()));
  base::Period period{.frequency = frequency, .year = static_cast<int>(date.year())};
  if (frequency == base::Frequency::kMonth || frequency == base::Frequency::kDay) period.part = month;
  if (frequency == base::Frequency::kQuarter) period.part = (month + 2) / 3;
  if (frequency == base::Frequency::kDay) period.day = static_cast<int>(static_cast<unsigned>(date.day()));
  return period;
}

// Dates are months where no series has two in one month.
bool AreMonths(const std::vector<std::int32_t>& days, const std::vector<std::int32_t>& series) {
  std::unordered_set<std::uint64_t> seen;
  for (std::size_t i = 0; i < days.size(); ++i) {
    if (days[i] == kNoDay) continue;
    const base::Period month = PeriodOf(days[i], base::Frequency::kMonth);
    const auto left = static_cast<std::uint64_t>(static_cast<std::uint32_t>(series[i]));
    if (!seen.insert(left << 32U | static_cast<std::uint32_t>(month.year * 12 + month.part)).second) return false;
  }
  return true;
}

Times TimesOfDates(std::vector<std::int32_t> days, const std::string& stated, const std::vector<std::int32_t>& series) {
  Times times;
  times.days = std::move(days);
  if (stated == "A" || stated == "Q" || stated == "D") {
    times.frequency = static_cast<base::Frequency>(stated.front());
  } else if (stated != "M" && !AreMonths(times.days, series)) {
    times.frequency = base::Frequency::kDay;
  }
  for (const std::int32_t day : times.days) {
    if (day != kNoDay) Widen(times.span, times.frequency, PeriodOf(day, times.frequency));
  }
  return times;
}

Times ReadTimes(const Column* column, Read& read, const std::vector<std::int32_t>& series) {
  if (column == nullptr) return {};
  const arrow::ChunkedArray& values = read.Values(*column);
  if (HoldsText(*values.type())) return TimesOfPeriods(read.texts[column]);
  return TimesOfDates(ReadDays(values), column->frequency, series);
}

std::vector<std::int64_t> ReadYears(const std::vector<Column>& columns, const Read& read, const Times& times) {
  if (const Column* column = FindColumn(columns, "year")) {
    auto years = ReadIntegers(read.Values(*column), kNoInteger);
    if (!years.empty()) return years;
  }
  std::vector<std::int64_t> years;
  years.reserve(times.days.size());
  for (const std::int32_t day : times.days) {
    years.push_back(day == kNoDay ? kNoInteger : static_cast<int>(year_month_day(DateOf(day)).year()));
  }
  return years;
}

std::unique_ptr<const SeedIndex> MakeSeed(const std::vector<Column>& columns, Read& read, const Times& times) {
  const Column* code = FindColumn(columns, "geo_code");
  const Column* deaths = FindColumn(columns, "deaths");
  const bool fits = code != nullptr && deaths != nullptr && code->role == Role::kDimension && code->type == "string" &&
                    deaths->role == Role::kMeasure && HoldsNumbers(*read.Values(*deaths).type()) &&
                    times.frequency == base::Frequency::kMonth && times.span;
  if (!fits) return nullptr;
  const Texts& codes = read.texts[code];
  const auto values = ReadNumbers(read.Values(*deaths));
  const auto years = ReadYears(columns, read, times);
  std::vector<SeedIndex::Row> rows;
  rows.reserve(values.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (codes.rows[i] < 0 || times.days[i] == kNoDay || years[i] == kNoInteger) continue;
    rows.push_back({codes.rows[i], years[i], {times.days[i], static_cast<float>(values[i])}});
  }
  return std::make_unique<const SeedIndex>(codes.values, std::move(rows));
}

// "E08000007", or several of the kind together.
bool LooksGss(std::string_view code) {
  std::size_t in_part = 0;
  for (const char c : code) {
    if (c == ',' || c == '_' || c == ' ') {
      if (in_part != 9 && in_part != 0) return false;
      in_part = 0;
    } else {
      const bool fits = in_part == 0 ? c >= 'A' && c <= 'Z' : c >= '0' && c <= '9';
      if (!fits || ++in_part > 9) return false;
    }
  }
  return in_part == 9;
}

void ProfileTexts(Column& column, const Texts& texts) {
  column.nulls = std::count(texts.rows.begin(), texts.rows.end(), -1);
  column.distinct = static_cast<std::int64_t>(texts.values.size());
  if (texts.values.empty()) return;
  column.min = base::JsonString(texts.values.front());
  column.max = base::JsonString(texts.values.back());
  const bool gss = column.role == Role::kDimension && std::all_of(texts.values.begin(), texts.values.end(), LooksGss);
  if (gss && column.codes.empty()) column.codes = "gss";
}

// Nulls, distinct values, least and greatest of a sequence where `null` says which are missing.
template <class T, class IsNull, class ToJson>
void ProfileValues(Column& column, const std::vector<T>& values, IsNull is_null, ToJson to_json) {
  std::unordered_set<T> distinct;
  std::optional<std::pair<T, T>> bounds;
  column.nulls = 0;
  for (const T value : values) {
    if (is_null(value)) {
      ++column.nulls;
      continue;
    }
    distinct.insert(value);
    if (!bounds) bounds.emplace(value, value);
    bounds->first = std::min(bounds->first, value);
    bounds->second = std::max(bounds->second, value);
  }
  column.distinct = static_cast<std::int64_t>(distinct.size());
  if (!bounds) return;
  column.min = to_json(bounds->first);
  column.max = to_json(bounds->second);
}

void Profile(Column& column, const Read& read) {
  if (column.role == Role::kLineage) return;
  const arrow::ChunkedArray& values = read.Values(column);
  if (const auto texts = read.texts.find(&column); texts != read.texts.end()) {
    ProfileTexts(column, texts->second);
  } else if (HoldsIntegers(*values.type())) {
    ProfileValues(
        column, ReadIntegers(values, kNoInteger), [](std::int64_t v) { return v == kNoInteger; },
        [](std::int64_t v) { return std::to_string(v); });
  } else if (HoldsNumbers(*values.type())) {
    ProfileValues(
        column, ReadNumbers(values), [](double v) { return !std::isfinite(v); },
        [](double v) { return base::ShortestDouble(v); });
  } else if (HoldsDates(*values.type())) {
    ProfileValues(
        column, ReadDays(values), [](std::int32_t v) { return v == kNoDay; },
        [](std::int32_t v) { return base::JsonString(base::ToText(DateOf(v))); });
  }
}

// "p,r" counts as both.
void AddStatuses(std::vector<std::string>& statuses, const Texts& texts) {
  for (const std::string& value : texts.values) {
    for (const std::string_view code : base::Split(value, ',')) {
      if (!code.empty()) statuses.emplace_back(code);
    }
  }
  std::sort(statuses.begin(), statuses.end());
  statuses.erase(std::unique(statuses.begin(), statuses.end()), statuses.end());
}

base::Result<std::shared_ptr<const Snapshot>> Build(const arrow::Table& table, const RoleOverrides& overrides) {
  auto snapshot = std::make_shared<Snapshot>();
  snapshot->rows = table.num_rows();
  snapshot->columns = FindColumns(table, overrides);
  Read read{table, {}};
  std::deque<Texts> numbered;  // dimensions of integers
  std::vector<const Texts*> dimensions;
  for (const Column& column : snapshot->columns) {
    const arrow::ChunkedArray& values = read.Values(column);
    const bool is_dimension = column.role == Role::kDimension;
    const Texts* texts = nullptr;
    if (HoldsText(*values.type()) && column.role != Role::kLineage) {
      texts = &(read.texts[&column] = ReadTexts(values));
    } else if (HoldsIntegers(*values.type()) && is_dimension) {
      texts = &numbered.emplace_back(ToTexts(ReadIntegers(values, kNoInteger), kNoInteger));
    }
    if (texts != nullptr && column.role == Role::kStatus) AddStatuses(snapshot->statuses, *texts);
    if (texts == nullptr || !is_dimension) continue;
    dimensions.push_back(texts);
    snapshot->dimensions.push_back({column.name, texts->values});
  }
  std::vector<std::int32_t> series(static_cast<std::size_t>(table.num_rows()));
  snapshot->series = NumberSeries(dimensions, series);
  const Times times = ReadTimes(FindRole(snapshot->columns, Role::kTime), read, series);
  snapshot->period = times.span;
  snapshot->seed = MakeSeed(snapshot->columns, read, times);
  for (Column& column : snapshot->columns) Profile(column, read);
  TIDEMILL_ASSIGN(snapshot->cube, MakeCube(table, snapshot->columns));
  return snapshot;
}

}  // namespace

base::Result<std::shared_ptr<const Snapshot>> MakeSnapshot(const arrow::Table& table, const RoleOverrides& overrides) {
  if (table.num_rows() > std::numeric_limits<std::int32_t>::max()) {
    return base::Fail(base::ErrorCode::kTooLarge, "the table has {} rows; at most {} can be served", table.num_rows(),
                      std::numeric_limits<std::int32_t>::max());
  }
  if (const auto valid = table.Validate(); !valid.ok()) {
    return base::Fail(base::ErrorCode::kMalformed, "the table is broken: {}", valid.message());
  }
  try {
    return Build(table, overrides);
  } catch (const std::exception& exception) {
    return base::Fail(base::ErrorCode::kInternal, "the table cannot be loaded: {}", exception.what());
  }
}

}  // namespace tidemill::query
