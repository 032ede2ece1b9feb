// SPDX-License-Identifier: Apache-2.0
#include <functional>
#include <optional>

#include "tidemill/base/period.h"
#include "tidemill/base/text.h"
#include "tidemill/transform/register.h"

#include "output.h"

namespace tidemill::transform {
namespace {

using base::ErrorCode;
using base::Frequency;
using base::Period;
using Number = std::function<std::optional<std::int64_t>(const Period&)>;

std::optional<std::int64_t> MonthOf(const Period& period) {
  if (period.frequency != Frequency::kMonth && period.frequency != Frequency::kDay) return std::nullopt;
  return period.part;
}

std::optional<std::int64_t> QuarterOf(const Period& period) {
  if (period.frequency == Frequency::kQuarter) return period.part;
  const auto month = MonthOf(period);
  return month ? std::optional((*month + 2) / 3) : std::nullopt;
}

std::int64_t Days(base::Date date) {
  return date.time_since_epoch().count();
}

struct PeriodFunction {
  std::string_view name;
  ColumnKind kind;
  Number number;
};

const PeriodFunction* FindPeriodFunction(std::string_view name) {
  static const PeriodFunction kFunctions[] = {
      {"year", ColumnKind::kInt32, [](const Period& p) { return std::optional<std::int64_t>(p.year); }},
      {"month", ColumnKind::kInt32, MonthOf},
      {"quarter", ColumnKind::kInt32, QuarterOf},
      {"start", ColumnKind::kDate32, [](const Period& p) { return std::optional(Days(base::StartOf(p))); }},
      {"end", ColumnKind::kDate32, [](const Period& p) { return std::optional(Days(base::EndOf(p))); }},
      {"business_end", ColumnKind::kDate32,
       [](const Period& p) { return std::optional(Days(base::BusinessEndOf(p))); }},
  };
  for (const PeriodFunction& function : kFunctions) {
    if (function.name == name) return &function;
  }
  return nullptr;
}

// Evaluates once a word, then spreads the result over the rows.
Column OverPeriods(const PeriodFunction& function, const Column& argument, std::string name) {
  std::vector<std::optional<std::int64_t>> numbers;
  for (const std::string& word : argument.words) {
    const auto period = base::ParsePeriod(word);
    numbers.push_back(period ? function.number(*period) : std::nullopt);
  }
  Column result{.name = std::move(name), .kind = function.kind};
  bool nulls = false;
  for (const std::int32_t code : argument.codes) {
    const auto number = code < 0 ? std::nullopt : numbers[static_cast<std::size_t>(code)];
    result.ints.push_back(number.value_or(0));
    result.valid.push_back(number ? 1 : 0);
    nulls |= !number;
  }
  if (!nulls) result.valid.clear();
  return result;
}

// The same for functions from text to text; an empty text is null.
template <class Function>
Column OverTexts(const Function& function, const Column& argument, std::string name) {
  WordList words;
  std::vector<std::int32_t> codes;
  for (const std::string& word : argument.words) {
    const std::string text(function(word));
    codes.push_back(text.empty() ? -1 : words.Add(text));
  }
  Column result{.name = std::move(name)};
  for (const std::int32_t code : argument.codes) {
    result.codes.push_back(code < 0 ? -1 : codes[static_cast<std::size_t>(code)]);
  }
  result.words = std::move(words).Take();
  return result;
}

std::string MonthNameOf(std::string_view word) {
  const auto period = base::ParsePeriod(word);
  const auto month = period ? MonthOf(*period) : std::nullopt;
  return month ? std::string(base::MonthName(static_cast<unsigned>(*month))) : std::string();
}

}  // namespace

base::Result<Column> ApplyFunction(std::string_view function, const Column& argument, std::string name) {
  if (!argument.is_text()) {
    return base::Fail(ErrorCode::kInvalid, "output column {} = {}({}): {} is no text or period", name, function,
                      argument.name, argument.name);
  }
  Column result;
  if (const PeriodFunction* over_periods = FindPeriodFunction(function)) {
    result = OverPeriods(*over_periods, argument, std::move(name));
  } else if (function == "month_name") {
    result = OverTexts(MonthNameOf, argument, std::move(name));
  } else if (function == "lower") {
    result = OverTexts([](std::string_view word) { return base::Lower(word); }, argument, std::move(name));
  } else if (function == "geo_type") {
    result = OverTexts(GeoType, argument, std::move(name));
  } else {
    return base::Fail(ErrorCode::kInternal, "output column {} = {}({}): no function of columns alone", name, function,
                      argument.name);
  }
  result.metadata["tidemill.role"] = "attribute";
  result.metadata["tidemill.of"] = argument.name;
  return result;
}

}  // namespace tidemill::transform
