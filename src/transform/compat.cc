// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>

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
  // As many buckets as months: rows keep their order within each.
  std::vector<std::vector<std::size_t>> buckets(ranked.size());
  for (std::size_t row = 0; row < stacked.rows; ++row) {
    const auto word = static_cast<std::size_t>(period.codes[row]);
    const bool single = !code.IsNull(row) && code.TextAt(row).find('_') == std::string_view::npos;
    if (as_before && (!single || months.of_word[word].year < kFirstYearBefore)) continue;
    buckets[rank_of_word[word]].push_back(row);
  }
  std::vector<std::size_t> order;
  order.reserve(stacked.rows);
  for (const auto& bucket : buckets) order.insert(order.end(), bucket.begin(), bucket.end());
  return order;
}

Column LowerTexts(const Column& column, std::string name) {
  Column result{.name = std::move(name), .kind = ColumnKind::kPlainText, .codes = column.codes};
  for (const std::string& word : column.words) result.words.push_back(base::Lower(base::Trim(word)));
  return result;
}

base::Result<Column> ToFloat32(const Column& value) {
  Column result{.name = "deaths", .kind = ColumnKind::kFloat32};
  result.valid = value.valid;
  const std::size_t size = value.is_float() ? value.doubles.size() : value.ints.size();
  for (std::size_t row = 0; row < size; ++row) {
    const double number = value.is_float() ? value.doubles[row] : static_cast<double>(value.ints[row]);
    const auto narrow = static_cast<float>(number);
    if (!value.IsNull(row) && static_cast<double>(narrow) != number) {
      return base::Fail(ErrorCode::kInvalid,
                        "compat = \"deaths-data-v1\": {} in row {} cannot be held by float32 exactly",
                        base::ShortestDouble(number), row + 1);
    }
    result.doubles.push_back(static_cast<double>(narrow));
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

  Column geo_code{.name = "geo_code", .kind = ColumnKind::kPlainText, .codes = code->codes, .words = code->words};
  Column month{.name = "month", .kind = ColumnKind::kPlainText, .codes = period->codes};
  for (const base::Period& one : months.of_word) {
    month.words.push_back(base::Lower(base::MonthName(static_cast<unsigned>(one.part))));
  }
  TIDEMILL_ASSIGN(Column deaths, ToFloat32(*value));
  Column year{.name = "year", .kind = ColumnKind::kInt64};
  Column datetime{.name = "datetime", .kind = ColumnKind::kTimestampNs};
  for (const std::int32_t at : period->codes) {
    const base::Period& one = months.of_word[static_cast<std::size_t>(at)];
    year.ints.push_back(one.year);
    datetime.ints.push_back(base::BusinessEndOf(one).time_since_epoch().count() * kNanosecondsPerDay);
  }
  Frame made;
  made.rows = order.size();
  for (const Column& column : {geo_code, LowerTexts(*label, "place_name"), month, deaths, year, datetime}) {
    made.columns.push_back(Gather(column, order));
  }
  made.metadata["pandas"] = PandasMetadata(made.rows);
  return made;
}

}  // namespace tidemill::transform
