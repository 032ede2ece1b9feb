// SPDX-License-Identifier: Apache-2.0
#include "parse_filter.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>

#include <arrow/array.h>
#include <fmt/format.h>

#include "tidemill/base/date.h"
#include "tidemill/base/text.h"

#include "status_codes.h"
#include "words.h"

namespace tidemill::query {
namespace {

using namespace std::string_view_literals;

constexpr std::size_t kMostValues = 10'000;

constexpr std::array kOperators = {
    std::pair{""sv, Operator::kIs},
    std::pair{"ne"sv, Operator::kNot},
    std::pair{"gt"sv, Operator::kGreater},
    std::pair{"gte"sv, Operator::kAtLeast},
    std::pair{"lt"sv, Operator::kLess},
    std::pair{"lte"sv, Operator::kAtMost},
    std::pair{"startswith"sv, Operator::kStartsWith},
    std::pair{"contains"sv, Operator::kContains},
    std::pair{"isnull"sv, Operator::kIsNull},
};

bool IsText(Kind kind) {
  return kind == Kind::kText || kind == Kind::kSet;
}
bool IsTime(Kind kind) {
  return kind == Kind::kDate || kind == Kind::kInstant || kind == Kind::kPeriod;
}
bool IsOrder(Operator op) {
  return op >= Operator::kGreater && op <= Operator::kAtMost;
}

bool Suits(Operator op, Kind kind) {
  if (IsOrder(op)) return kind == Kind::kInteger || kind == Kind::kNumber || IsTime(kind);
  if (op == Operator::kStartsWith || op == Operator::kContains) return kind == Kind::kText;
  return true;
}

std::vector<std::string> OperatorsOf(Kind kind) {
  std::vector<std::string> names;
  for (const auto& [name, op] : kOperators) {
    if (!name.empty() && Suits(op, kind)) names.emplace_back(name);
  }
  return names;
}

QueryError UnknownParameter(const Parameter& parameter, const Cube& cube, const ParseOptions& options) {
  std::vector<std::string> names;
  for (const CubeColumn& column : cube.columns) names.push_back(column.name);
  for (const auto& list : {options.reserved, options.passed}) names.insert(names.end(), list.begin(), list.end());
  QueryError error =
      MakeError("unknown-parameter", parameter,
                fmt::format("{} is neither a column nor a reserved parameter", base::Quoted(parameter.name)));
  const std::size_t mark = parameter.name.find("__");
  error.nearest = NearestWords(parameter.name.substr(0, mark), names);
  if (!error.nearest.empty()) error.error.message += "; nearest: " + base::Join(error.nearest, ", ");
  error.valid = std::move(names);
  return error;
}

QueryError UnknownOperator(const Parameter& parameter, const CubeColumn& column, const std::string& name) {
  QueryError error = MakeError("unknown-operator", parameter, {});
  error.valid = OperatorsOf(column.kind);
  error.nearest = NearestWords(name, error.valid);
  error.error.message = fmt::format("{} is no operator of {}; it takes {} or none", base::Quoted(name), column.name,
                                    base::Join(error.valid, ", "));
  if (name == "in" || name == "eq") error.error.message += fmt::format("; use {}={}", column.name, parameter.value);
  return error;
}

QueryError BadValue(const Parameter& parameter, const std::string& value, const std::string& expected) {
  QueryError error =
      MakeError("bad-value", parameter,
                fmt::format("{} is no value for {}; expected {}", base::Quoted(value), parameter.name, expected));
  error.value = value;
  error.valid = {expected};
  return error;
}

// "E08000007 (Stockport)"
std::string Described(const CodeList& list, const std::string& code) {
  const auto at = std::find(list.codes.begin(), list.codes.end(), code);
  const auto place = static_cast<std::size_t>(at - list.codes.begin());
  if (place >= list.labels.size() || list.labels[place].empty()) return code;
  return code + " (" + list.labels[place] + ")";
}

QueryError UnknownCode(const Parameter& parameter, const std::string& value, const CubeColumn& column,
                       const std::vector<std::string>& codes) {
  QueryError error =
      MakeError("unknown-code", parameter, fmt::format("{} is no code of {}", base::Quoted(value), column.name));
  error.value = value;
  error.nearest = NearestWords(value, codes);
  return error;
}

QueryError UnknownCodeOf(const Parameter& parameter, const std::string& value, const CubeColumn& column,
                         const CodeList& list) {
  QueryError error = UnknownCode(parameter, value, column, list.codes);
  for (const std::string& label : NearestWords(value, list.labels)) {
    const auto at = std::find(list.labels.begin(), list.labels.end(), label) - list.labels.begin();
    const std::string& code = list.codes[static_cast<std::size_t>(at)];
    const bool known = std::find(error.nearest.begin(), error.nearest.end(), code) != error.nearest.end();
    if (!known && error.nearest.size() < 5) error.nearest.push_back(code);
  }
  std::string described;
  for (const std::string& code : error.nearest) {
    described += (described.empty() ? "" : ", ") + Described(list, code);
  }
  if (!described.empty()) error.error.message += "; nearest: " + described;
  error.dimension = column.name;
  return error;
}

bool HasCode(const Cube& cube, const std::string& column, const std::string& code) {
  const CodeList* list = cube.FindDimension(column);
  return list != nullptr && std::find(list->codes.begin(), list->codes.end(), code) != list->codes.end();
}

bool HasWord(const CubeColumn& column, std::string_view word) {
  for (std::size_t i = 0; i < WordCount(*column.values); ++i) {
    if (WordAt(*column.values, i) == word) return true;
    if (column.kind != Kind::kSet) continue;
    for (const std::string_view part : base::Split(WordAt(*column.values, i), ',')) {
      if (part == word) return true;
    }
  }
  return false;
}

bool HasWord(const Cube& cube, std::string_view column, std::string_view word) {
  const int at = cube.Find(column);
  return at >= 0 && cube.columns[static_cast<std::size_t>(at)].kind == Kind::kText &&
         HasWord(cube.columns[static_cast<std::size_t>(at)], word);
}

std::vector<std::string> WordsOf(const CubeColumn& column) {
  std::vector<std::string> words;
  for (std::size_t i = 0; i < WordCount(*column.values); ++i) words.emplace_back(WordAt(*column.values, i));
  return words;
}

// A stored column may say the types too.
bool IsTypeOfAreas(const Cube& cube, const CubeColumn& column) {
  const auto at = static_cast<int>(&column - cube.columns.data());
  return column.kind == Kind::kText && std::any_of(cube.dimensions.begin(), cube.dimensions.end(),
                                                   [&](const CodeList& list) { return list.type_column == at; });
}

// Codes are known or refused: of dimensions, of area types and of statuses.
std::optional<QueryError> CheckCode(const Parameter& parameter, const std::string& value, const Cube& cube,
                                    const CubeColumn& column, const Cube* newest) {
  if (const CodeList* list = cube.FindDimension(column.name)) {
    if (HasCode(cube, column.name, value) || (newest != nullptr && HasCode(*newest, column.name, value))) return {};
    return UnknownCodeOf(parameter, value, column, *list);
  }
  const bool is_type = IsTypeOfAreas(cube, column);
  if (!is_type && column.kind != Kind::kSet) return {};
  if (HasWord(column, value) || (newest != nullptr && HasWord(*newest, column.name, value))) return {};
  const std::vector<std::string> known = !is_type ? StatusCodes() : column.is_virtual ? AreaTypes() : WordsOf(column);
  if (std::find(known.begin(), known.end(), value) != known.end()) return {};
  QueryError error = UnknownCode(parameter, value, column, known);
  error.valid = known;
  if (!error.nearest.empty()) error.error.message += "; nearest: " + base::Join(error.nearest, ", ");
  return error;
}

std::int64_t DayOf(base::Date date) {
  return date.time_since_epoch().count();
}

constexpr std::int64_t kMicrosecondsOfDay = 86'400'000'000;

// A period, a day or an instant as the span of the column's units that it covers.
std::optional<QueryError> AddTime(const Parameter& parameter, const std::string& value, const Cube& cube, Kind kind,
                                  Filter& filter) {
  const bool orders = IsOrder(filter.op);
  const std::int64_t unit = kind == Kind::kPeriod ? 1 : kMicrosecondsOfDay;
  if (kind == Kind::kInstant) {
    if (const auto instant = base::ParseRfc3339(value)) {
      const std::int64_t at =
          std::chrono::duration_cast<std::chrono::microseconds>(instant->time_since_epoch()).count();
      filter.ranges.push_back({at, at});
      filter.values.push_back(base::ToRfc3339(*instant));
      return {};
    }
  }
  const auto period = base::ParsePeriod(value);
  const std::string example =
      kind == Kind::kPeriod ? (cube.times.empty() ? "2018-01" : base::ToText(cube.times.back())) : "2018-01-31";
  if (!period) return BadValue(parameter, value, "a period such as " + example);
  const base::Frequency own = kind == Kind::kPeriod ? cube.frequency : base::Frequency::kDay;
  const bool same = period->frequency == own;
  const auto days = DayOf(base::EndOf(*period)) - DayOf(base::StartOf(*period));
  const auto own_days = cube.times.empty() || kind != Kind::kPeriod
                            ? 0
                            : DayOf(base::EndOf(cube.times.back())) - DayOf(base::StartOf(cube.times.back()));
  if (!same && (!orders || days <= own_days)) {
    std::string expected = "a period such as " + example;
    if (period->frequency == base::Frequency::kYear && cube.Find("year") >= 0) expected += "; use year=" + value;
    return BadValue(parameter, value, expected);
  }
  filter.ranges.push_back({DayOf(base::StartOf(*period)) * unit, (DayOf(base::EndOf(*period)) + 1) * unit - 1});
  filter.values.push_back(base::ToText(*period));
  return {};
}

std::optional<QueryError> AddNumber(const Parameter& parameter, const std::string& value, const CubeColumn& column,
                                    Filter& filter) {
  if (column.kind == Kind::kInteger) {
    const auto integer = base::ParseInt(value);
    if (!integer) return BadValue(parameter, value, "an integer");
    filter.ranges.push_back({*integer, *integer});
    filter.values.push_back(std::to_string(*integer));
    return {};
  }
  const auto number = base::ParseDouble(value);
  if (!number || !std::isfinite(*number)) return BadValue(parameter, value, "a number");
  filter.numbers.push_back(*number);
  filter.values.push_back(base::ShortestDouble(*number));
  return {};
}

std::optional<QueryError> AddBoolean(const Parameter& parameter, const std::string& value, Filter& filter) {
  if (value != "true" && value != "false") return BadValue(parameter, value, "true or false");
  const std::int64_t truth = value == "true" ? 1 : 0;
  filter.ranges.push_back({truth, truth});
  filter.values.push_back(value);
  return {};
}

std::optional<QueryError> AddValue(const Parameter& parameter, const std::string& value, const Cube& cube,
                                   const ParseOptions& options, Filter& filter) {
  const CubeColumn& column = cube.columns[filter.column];
  if (filter.op == Operator::kIsNull || column.kind == Kind::kBoolean) return AddBoolean(parameter, value, filter);
  if (IsTime(column.kind)) return AddTime(parameter, value, cube, column.kind, filter);
  if (filter.op == Operator::kIs || filter.op == Operator::kNot) {
    if (auto error = CheckCode(parameter, value, cube, column, options.newest)) return error;
  }
  if (!IsText(column.kind)) return AddNumber(parameter, value, column, filter);
  filter.values.push_back(value);
  return {};
}

// Values in byte order, each once; what belongs to them follows.
void Sort(Filter& filter) {
  std::vector<std::size_t> order(filter.values.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return filter.values[a] < filter.values[b]; });
  Filter sorted{.column = filter.column, .op = filter.op, .values = {}, .numbers = {}, .ranges = {}};
  for (const std::size_t i : order) {
    if (!sorted.values.empty() && sorted.values.back() == filter.values[i]) continue;
    sorted.values.push_back(filter.values[i]);
    if (!filter.numbers.empty()) sorted.numbers.push_back(filter.numbers[i]);
    if (!filter.ranges.empty()) sorted.ranges.push_back(filter.ranges[i]);
  }
  filter = std::move(sorted);
}

Filter& FilterOf(const FilterName& name, std::vector<Filter>& filters) {
  for (Filter& filter : filters) {
    if (filter.column == name.column && filter.op == name.op) return filter;
  }
  filters.push_back({.column = name.column, .op = name.op, .values = {}, .numbers = {}, .ranges = {}});
  return filters.back();
}

}  // namespace

std::string_view NameOf(Operator op) {
  for (const auto& [name, known] : kOperators) {
    if (known == op) return name;
  }
  return {};
}

QueryError MakeError(std::string type, const Parameter& parameter, std::string message) {
  return {.type = std::move(type),
          .error = {.code = base::ErrorCode::kMalformed, .message = std::move(message)},
          .parameter = parameter.name,
          .value = parameter.value,
          .offset = parameter.value_offset};
}

Checked<FilterName> ParseFilterName(const Parameter& parameter, const Cube& cube, const ParseOptions& options) {
  const std::string& name = parameter.name;
  const std::size_t mark = name.find("__");
  const int column = cube.Find(std::string_view(name).substr(0, mark));
  if (column < 0) {
    QueryError error = UnknownParameter(parameter, cube, options);
    error.offset = parameter.offset;
    return tl::unexpected(std::move(error));
  }
  const CubeColumn& found = cube.columns[static_cast<std::size_t>(column)];
  const std::string op = mark == std::string::npos ? std::string() : name.substr(mark + 2);
  for (const auto& [text, known] : kOperators) {
    const bool named = mark == std::string::npos ? text.empty() : !text.empty() && text == op;
    if (named && Suits(known, found.kind)) return FilterName{static_cast<std::size_t>(column), known};
  }
  QueryError error = UnknownOperator(parameter, found, op);
  error.offset = parameter.offset;
  return tl::unexpected(std::move(error));
}

std::optional<QueryError> AddFilter(const Parameter& parameter, const Cube& cube, const ParseOptions& options,
                                    std::vector<Filter>& filters) {
  const auto name = ParseFilterName(parameter, cube, options);
  if (!name) return name.error();
  const bool takes_list = name->op == Operator::kIs || name->op == Operator::kNot;
  const bool is_text = cube.columns[name->column].kind == Kind::kText;
  if (parameter.value.empty()) return BadValue(parameter, "", "a value; " + parameter.name + " with none says nothing");
  Filter& filter = FilterOf(*name, filters);
  if (!takes_list && !filter.values.empty()) {
    return MakeError("repeated-parameter", parameter, parameter.name + " is given twice; it takes one value");
  }
  const bool whole = !takes_list && is_text;
  const std::vector<std::string> values = SplitValues(parameter.value);
  if (!takes_list && !whole && values.size() > 1) return BadValue(parameter, parameter.value, "one value");
  if (values.size() > kMostValues) return BadValue(parameter, "…", "at most 10000 values");
  for (const std::string& value : values) {
    if (value.empty()) return BadValue(parameter, parameter.value, "no empty value in the list");
    if (auto error = AddValue(parameter, whole ? base::Join(values, ",") : value, cube, options, filter)) return error;
    if (whole) break;
  }
  Sort(filter);
  return std::nullopt;
}

}  // namespace tidemill::query
