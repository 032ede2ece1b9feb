// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <numeric>

#include "tidemill/base/period.h"
#include "tidemill/base/text.h"

#include "output.h"

namespace tidemill::transform {
namespace {

using base::ErrorCode;
using recipe::ColumnSpec;
using recipe::Role;

constexpr std::int64_t kNanosecondsPerDay = 86'400'000'000'000;
constexpr int kFirstYearBefore = 2015;

base::Result<const Column*> FindRole(const Frame& stacked, const recipe::Spec& spec, Role role, std::string_view word) {
  const auto at = std::ranges::find(spec.columns, role, &ColumnSpec::role);
  const Column* column = at == spec.columns.end() ? nullptr : stacked.Find(at->name);
  if (column == nullptr) {
    return base::Fail(ErrorCode::kInvalid, "compat = \"deaths-data-v1\" needs a bound column with role = \"{}\"", word);
  }
  return column;
}

struct Months {
  std::vector<base::Period> of_word;
};

base::Result<Months> ParseMonths(const Column& period) {
  Months months;
  for (const std::string& word : period.words) {
    const auto parsed = base::ParsePeriod(word);
    if (!parsed || parsed->frequency != base::Frequency::kMonth) {
      return base::Fail(ErrorCode::kInvalid, "compat = \"deaths-data-v1\" needs months, found {}", base::Quoted(word));
    }
    months.of_word.push_back(*parsed);
  }
  return months;
}

// Year, month, then the order of the file. "as-before" leaves out what the old pipeline never wrote.
std::vector<std::size_t> OrderOf(const Frame& stacked, const Column& code, const Column& period, const Months& months,
                                 bool as_before) {
  std::vector<base::Period> ranked = months.of_word;
  std::ranges::sort(ranked);
  std::vector<std::size_t> rank_of_word;
  for (const base::Period& month : months.of_word) {
    rank_of_word.push_back(static_cast<std::size_t>(std::ranges::lower_bound(ranked, month) - ranked.begin()));
  }
  const auto word_of = [&](std::size_t row) { return static_cast<std::size_t>(period.codes[row]); };
  const auto left_out = [&](std::size_t row) {
    const bool single = !code.IsNull(row) && code.TextAt(row).find('_') == std::string_view::npos;
    return as_before && (!single || months.of_word[word_of(row)].year < kFirstYearBefore);
  };
  // The first place of each month: rows keep their order within it.
  std::vector<std::size_t> place(ranked.size() + 1);
  for (std::size_t row = 0; row < stacked.rows; ++row) {
    if (!left_out(row)) ++place[rank_of_word[word_of(row)] + 1];
  }
  std::partial_sum(place.begin(), place.end(), place.begin());
  std::vector<std::size_t> order(place.back());
  for (std::size_t row = 0; row < stacked.rows; ++row) {
    if (!left_out(row)) order[place[rank_of_word[word_of(row)]]++] = row;
  }
  return order;
}

// A text column with other words, at the rows of `order`. Words that have become equal (120 months, 12 names) are one:
// Arrow refuses a dictionary that holds a word twice.
Column WithWords(const Column& column, std::string name, const std::vector<std::string>& words,
                 const std::vector<std::size_t>& order) {
  frame::WordList distinct;
  std::vector<std::int32_t> codes;
  for (const std::string& word : words) codes.push_back(distinct.Add(word));
  Column result{.name = std::move(name), .kind = ColumnKind::kPlainText};
  result.codes.resize(order.size());
  for (std::size_t i = 0; i < order.size(); ++i) {
    const std::int32_t code = column.codes[order[i]];
    result.codes[i] = code < 0 ? code : codes[static_cast<std::size_t>(code)];
  }
  result.words = std::move(distinct).Take();
  return result;
}

// A number of each month, spread over the rows of `order`.
template <class NumberOf>
Column OfMonths(const Column& period, const Months& months, std::string name, ColumnKind kind,
                const NumberOf& number_of, const std::vector<std::size_t>& order) {
  std::vector<std::int64_t> numbers;
  for (const base::Period& month : months.of_word) numbers.push_back(number_of(month));
  Column result{.name = std::move(name), .kind = kind, .ints = std::vector<std::int64_t>(order.size())};
  for (std::size_t i = 0; i < order.size(); ++i) {
    result.ints[i] = numbers[static_cast<std::size_t>(period.codes[order[i]])];
  }
  return result;
}

base::Result<Column> ToFloat32(const Column& value, const std::vector<std::size_t>& order) {
  Column result{.name = "deaths", .kind = ColumnKind::kFloat32, .doubles = std::vector<double>(order.size())};
  if (!value.valid.empty()) result.valid.resize(order.size());
  for (std::size_t i = 0; i < order.size(); ++i) {
    const std::size_t row = order[i];
    const double number = value.is_float() ? value.doubles[row] : static_cast<double>(value.ints[row]);
    const auto narrow = static_cast<float>(number);
    if (!value.IsNull(row) && static_cast<double>(narrow) != number) {
      return base::Fail(ErrorCode::kInvalid,
                        "compat = \"deaths-data-v1\": {} in row {} cannot be held by float32 exactly",
                        base::ShortestDouble(number), row + 1);
    }
    result.doubles[i] = static_cast<double>(narrow);
    if (!value.valid.empty()) result.valid[i] = value.valid[row];
  }
  return result;
}

std::string PandasColumn(std::string_view name, std::string_view pandas_type, std::string_view numpy_type) {
  return fmt::format(
      R"({{"name": "{0}", "field_name": "{0}", "pandas_type": "{1}", "numpy_type": "{2}", "metadata": null}})", name,
      pandas_type, numpy_type);
}

// What pandas writes for a frame with a range index, so that no index column appears on reading.
std::string PandasMetadata(std::size_t rows) {
  const std::vector<std::string> columns = {
      PandasColumn("geo_code", "unicode", "object"), PandasColumn("place_name", "unicode", "object"),
      PandasColumn("month", "unicode", "object"),    PandasColumn("deaths", "float32", "float32"),
      PandasColumn("year", "int64", "int64"),        PandasColumn("datetime", "datetime", "datetime64[ns]")};
  return fmt::format(
      R"({{"index_columns": [{{"kind": "range", "name": null, "start": 0, "stop": {}, "step": 1}}], )"
      R"("column_indexes": [{{"name": null, "field_name": null, "pandas_type": "unicode", "numpy_type": "object", )"
      R"("metadata": {{"encoding": "UTF-8"}}}}], "columns": [{}], "creator": {{"library": "tidemill", "version": "1"}}, )"
      R"("pandas_version": "2.0.0"}})",
      rows, base::Join(columns, ", "));
}

}  // namespace

base::Result<Frame> MakeDeathsDataV1(const Frame& stacked, const recipe::OutputSpec& output, const recipe::Spec& spec) {
  TIDEMILL_ASSIGN(const Column* code, FindRole(stacked, spec, Role::kCode, "code"));
  TIDEMILL_ASSIGN(const Column* label, FindRole(stacked, spec, Role::kLabel, "label"));
  TIDEMILL_ASSIGN(const Column* period, FindRole(stacked, spec, Role::kAxis, "axis"));
  TIDEMILL_ASSIGN(const Column* value, FindRole(stacked, spec, Role::kValue, "value"));
  TIDEMILL_ASSIGN(const Months months, ParseMonths(*period));
  const std::vector<std::size_t> order = OrderOf(stacked, *code, *period, months, output.rows == "as-before");

  std::vector<std::string> names;
  for (const std::string& name : label->words) names.push_back(base::Lower(base::Trim(name)));
  std::vector<std::string> month_names;
  for (const base::Period& month : months.of_word) {
    month_names.push_back(base::Lower(base::MonthName(static_cast<unsigned>(month.part))));
  }
  TIDEMILL_ASSIGN(Column deaths, ToFloat32(*value, order));
  Frame made{.rows = order.size(), .columns = {}, .metadata = {}};
  made.columns.push_back(WithWords(*code, "geo_code", code->words, order));
  made.columns.push_back(WithWords(*label, "place_name", names, order));
  made.columns.push_back(WithWords(*period, "month", month_names, order));
  made.columns.push_back(std::move(deaths));
  made.columns.push_back(OfMonths(
      *period, months, "year", ColumnKind::kInt64, [](const base::Period& month) { return month.year; }, order));
  made.columns.push_back(OfMonths(
      *period, months, "datetime", ColumnKind::kTimestampNs,
      [](const base::Period& month) {
        return base::BusinessEndOf(month).time_since_epoch().count() * kNanosecondsPerDay;
      },
      order));
  made.metadata["pandas"] = PandasMetadata(made.rows);
  return made;
}

}  // namespace tidemill::transform
