// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <limits>
#include <set>

#include <fmt/format.h>

#include "tidemill/base/text.h"
#include "tidemill/query/query.h"
#include "tidemill/query/wide.h"

#include "parse_filter.h"
#include "transform_columns.h"

namespace tidemill::query {
namespace {

using namespace std::string_view_literals;
using Problem = std::optional<QueryError>;

constexpr std::array kFunctions = {
    std::pair{"count"sv, Function::kCount}, std::pair{"sum"sv, Function::kSum}, std::pair{"mean"sv, Function::kMean},
    std::pair{"min"sv, Function::kMin},     std::pair{"max"sv, Function::kMax}, std::pair{"first"sv, Function::kFirst},
    std::pair{"last"sv, Function::kLast},
};

std::string_view NameOf(Function function) {
  for (const auto& [name, known] : kFunctions) {
    if (known == function) return name;
  }
  return {};
}

class Parser {
 public:
  Parser(const Cube& cube, const ParseOptions& options) : cube_(cube), options_(options) {}

  Checked<Query> Parse(const std::vector<Parameter>& parameters) {
    if (auto error = Derive(parameters)) return tl::unexpected(*std::move(error));
    std::vector<const Parameter*> reserved;
    for (const Parameter& parameter : parameters) {
      if (Has(options_.passed, parameter.name)) continue;
      if (Has(options_.reserved, parameter.name)) {
        if (!seen_.insert(parameter.name).second) {
          return tl::unexpected(MakeError("repeated-parameter", parameter, parameter.name + " is given twice"));
        }
        reserved.push_back(&parameter);
      } else if (auto error = AddFilter(parameter, cube(), options_, query_.filters)) {
        return tl::unexpected(*std::move(error));
      }
    }
    SortFilters();
    for (const Parameter* parameter : reserved) {
      if (auto error = Reserved(*parameter)) return tl::unexpected(*std::move(error));
    }
    if (auto error = Finish(reserved)) return tl::unexpected(*std::move(error));
    return std::move(query_);
  }

 private:
  // All columns that the query can name.
  const Cube& cube() const { return query_.named ? *query_.named : cube_; }

  // First of all, for other parameters may name what it makes.
  Problem Derive(const std::vector<Parameter>& parameters) {
    if (!Has(options_.reserved, "transform")) return std::nullopt;
    const auto given = std::find_if(parameters.begin(), parameters.end(),
                                    [](const Parameter& parameter) { return parameter.name == "transform"; });
    if (given == parameters.end()) return std::nullopt;
    auto derived = ParseTransforms(*given, cube_);
    if (!derived) return std::move(derived).error();
    query_.derived = *std::move(derived);
    query_.named = NameDerived(cube_, query_.derived);
    query_.transform_text = given->value;
    return std::nullopt;
  }

  static bool Has(const std::vector<std::string_view>& names, std::string_view name) {
    return std::find(names.begin(), names.end(), name) != names.end();
  }

  void SortFilters() {
    std::sort(query_.filters.begin(), query_.filters.end(),
              [](const Filter& a, const Filter& b) { return std::pair(a.column, a.op) < std::pair(b.column, b.op); });
  }

  Problem Reserved(const Parameter& parameter) {
    const std::string& name = parameter.name;
    if (name == "select") return Select(parameter);
    if (name == "sort") return Sort(parameter);
    if (name == "limit") return Count(parameter, 0, query_.limit);
    if (name == "last") return Count(parameter, 1, query_.last);
    if (name == "group") return Group(parameter);
    if (name == "agg") return Aggregates(parameter);
    if (name == "partial") return Flag(parameter, query_.partial);
    if (name == "mixed") return Flag(parameter, query_.mixed);
    if (name == "labels") return Choose(parameter, {"both", "code", "name"}, query_.labels);
    if (name == "shape") return Choose(parameter, {"objects", "arrays", "columns", "bare", "wide"}, query_.shape);
    if (name == "cursor") {
      if (parameter.value.empty()) return Bad(parameter, parameter.value, "what next of the page before said");
      query_.cursor = parameter.value;
    }
    return std::nullopt;
  }

  static Problem Bad(const Parameter& parameter, const std::string& value, const std::string& expected) {
    QueryError error =
        MakeError("bad-value", parameter,
                  fmt::format("{} is no value for {}; expected {}", base::Quoted(value), parameter.name, expected));
    error.value = value;
    error.valid = {expected};
    return error;
  }

  Problem Count(const Parameter& parameter, std::int64_t least, std::optional<std::uint32_t>& count) {
    const auto number = base::ParseInt(parameter.value);
    const bool fits = number && *number >= least && *number <= std::numeric_limits<std::int32_t>::max();
    if (!fits) return Bad(parameter, parameter.value, fmt::format("a number from {} to 2147483647", least));
    count = static_cast<std::uint32_t>(*number);
    return std::nullopt;
  }

  static Problem Flag(const Parameter& parameter, bool& flag) {
    if (parameter.value != "allow") return Bad(parameter, parameter.value, "allow");
    flag = true;
    return std::nullopt;
  }

  template <class Enum>
  static Problem Choose(const Parameter& parameter, const std::vector<std::string>& names, Enum& chosen) {
    const auto found = std::find(names.begin(), names.end(), parameter.value);
    if (found == names.end()) return Bad(parameter, parameter.value, "one of " + base::Join(names, ", "));
    chosen = static_cast<Enum>(found - names.begin());
    return std::nullopt;
  }

  Checked<std::size_t> Column(const Parameter& parameter, const std::string& name) const {
    const int column = cube().Find(name);
    if (column >= 0) return static_cast<std::size_t>(column);
    QueryError error = MakeError("unknown-column", parameter,
                                 fmt::format("{} in {} is no column", base::Quoted(name), parameter.name));
    error.value = name;
    for (const CubeColumn& known : cube().columns) error.valid.push_back(known.name);
    error.nearest = NearestWords(name, error.valid);
    if (!error.nearest.empty()) error.error.message += "; nearest: " + base::Join(error.nearest, ", ");
    return tl::unexpected(std::move(error));
  }

  std::vector<std::size_t> Stored() const {
    std::vector<std::size_t> stored;
    for (std::size_t i = 0; i < cube().columns.size(); ++i) {
      if (!cube().columns[i].is_virtual && cube().columns[i].role != Role::kLineage) stored.push_back(i);
    }
    return stored;
  }

  void AddSelected(std::size_t column) {
    auto& select = query_.select;
    if (std::find(select.begin(), select.end(), column) == select.end()) select.push_back(column);
  }

  Problem Select(const Parameter& parameter) {
    query_.selects = true;
    query_.select_text = parameter.value;
    for (const std::string& name : SplitValues(parameter.value)) {
      if (name == "*") {
        for (const std::size_t column : Stored()) AddSelected(column);
        continue;
      }
      const auto column = Column(parameter, name);
      if (!column) return column.error();
      AddSelected(*column);
    }
    return std::nullopt;
  }

  Problem Sort(const Parameter& parameter) {
    query_.sort_text = parameter.value;
    for (std::string name : SplitValues(parameter.value)) {
      const bool descending = name.starts_with('-');
      if (descending) name.erase(0, 1);
      query_.sort.push_back({std::move(name), descending});
    }
    return std::nullopt;
  }

  Problem Group(const Parameter& parameter) {
    query_.grouped = true;
    for (const std::string& name : SplitValues(parameter.value)) {
      const auto column = Column(parameter, name);
      if (!column) return column.error();
      if (std::find(query_.group.begin(), query_.group.end(), *column) != query_.group.end()) {
        return Bad(parameter, name, "each column once");
      }
      query_.group.push_back(*column);
    }
    return std::nullopt;
  }

  Problem Aggregates(const Parameter& parameter) {
    query_.grouped = true;
    for (const std::string& text : SplitValues(parameter.value)) {
      if (auto error = AddAggregate(parameter, text)) return error;
    }
    return std::nullopt;
  }

  Problem AddAggregate(const Parameter& parameter, const std::string& text) {
    const std::size_t bracket = text.find('(');
    Aggregate aggregate;
    const auto known = std::find_if(kFunctions.begin(), kFunctions.end(),
                                    [&](const auto& function) { return function.first == text.substr(0, bracket); });
    if (bracket == std::string::npos || !text.ends_with(')') || known == kFunctions.end()) {
      return Bad(parameter, text, "count(), or count, sum, mean, min, max, first or last of a column: sum(column)");
    }
    aggregate.function = known->second;
    const std::string name = text.substr(bracket + 1, text.size() - bracket - 2);
    if (name.empty() && aggregate.function != Function::kCount) return Bad(parameter, text, "a column in brackets");
    if (!name.empty()) {
      const auto column = Column(parameter, name);
      if (!column) return column.error();
      aggregate.column = static_cast<int>(*column);
      if (auto error = CheckAggregate(parameter, text, aggregate)) return error;
    }
    for (const Aggregate& other : query_.aggregates) {
      if (other.function == aggregate.function && other.column == aggregate.column) {
        return Bad(parameter, text, "each aggregate once");
      }
    }
    query_.aggregates.push_back(aggregate);
    return std::nullopt;
  }

  Problem CheckAggregate(const Parameter& parameter, const std::string& text, const Aggregate& aggregate) const {
    const CubeColumn& column = cube().columns[static_cast<std::size_t>(aggregate.column)];
    const bool adds = aggregate.function == Function::kSum || aggregate.function == Function::kMean;
    const bool counts = aggregate.function == Function::kCount;
    const bool is_number = column.kind == Kind::kInteger || column.kind == Kind::kNumber;
    if (!counts && !is_number) return Bad(parameter, text, "a column of numbers; " + column.name + " has none");
    if (!adds || column.additive) return std::nullopt;
    QueryError error = MakeError("not-additive", parameter,
                                 fmt::format("{} cannot be added up: it is no additive measure", column.name));
    error.error.code = base::ErrorCode::kInvalid;
    return error;
  }

  Problem Conflict(const Parameter& parameter, const std::string& with) const {
    QueryError error =
        MakeError("conflicting-parameters", parameter, fmt::format("{} cannot go with {}", parameter.name, with));
    error.valid = {with};
    error.offset = parameter.offset;
    return error;
  }

  Problem Finish(const std::vector<const Parameter*>& reserved) {
    if (query_.grouped && query_.aggregates.empty()) query_.aggregates.push_back({});
    for (const Parameter* parameter : reserved) {
      const std::string& name = parameter->name;
      if (query_.grouped && (name == "select" || name == "labels")) return Conflict(*parameter, "group and agg");
      if (!query_.grouped && (name == "partial" || name == "mixed")) return Conflict(*parameter, "a query without agg");
      if (name == "sort") {
        if (auto error = CheckSort(*parameter)) return error;
      }
    }
    if (!query_.selects) query_.select = Stored();
    ApplyLabels();
    return query_.shape == kWide ? FinishWide(reserved) : std::nullopt;
  }

  Problem FinishWide(const std::vector<const Parameter*>& reserved) {
    const auto shape =
        *std::ranges::find(reserved, "shape", [](const Parameter* parameter) { return parameter->name; });
    if (query_.grouped) return Conflict(*shape, "group and agg");
    if (!query_.sort.empty()) return Conflict(*shape, "sort");
    const auto column = WideColumn(*shape, query_, cube());
    return column ? std::nullopt : Problem(column.error());
  }

  Problem CheckSort(const Parameter& parameter) const {
    std::vector<std::string> names;
    if (query_.grouped) {
      for (const std::size_t column : query_.group) names.push_back(cube().columns[column].name);
      for (const Aggregate& aggregate : query_.aggregates) names.push_back(aggregate.Name(cube()));
    } else {
      for (const CubeColumn& column : cube().columns) names.push_back(column.name);
    }
    for (const SortKey& key : query_.sort) {
      if (std::find(names.begin(), names.end(), key.column) != names.end()) continue;
      QueryError error = MakeError("unknown-column", parameter,
                                   fmt::format("{} in sort is no column of the answer", base::Quoted(key.column)));
      error.value = key.column;
      error.nearest = NearestWords(key.column, names);
      if (!error.nearest.empty()) error.error.message += "; nearest: " + base::Join(error.nearest, ", ");
      error.valid = std::move(names);
      return error;
    }
    return std::nullopt;
  }

  // labels=code drops label columns, labels=name puts them in the codes' place.
  void ApplyLabels() {
    if (query_.labels == Labels::kBoth) return;
    std::vector<std::size_t> kept;
    for (const std::size_t column : query_.select) {
      const CubeColumn& known = cube().columns[column];
      const CodeList* list = cube().FindDimension(known.name);
      const bool replaced = query_.labels == Labels::kName && list != nullptr && list->label_column >= 0;
      if (known.role == Role::kLabel) continue;
      kept.push_back(replaced ? static_cast<std::size_t>(list->label_column) : column);
    }
    query_.select = std::move(kept);
  }

  const Cube& cube_;
  const ParseOptions& options_;
  Query query_;
  std::set<std::string> seen_;
};

}  // namespace

std::string Aggregate::Name(const Cube& cube) const {
  std::string name(NameOf(function));
  if (column >= 0) name += "_" + cube.columns[static_cast<std::size_t>(column)].name;
  return name;
}

std::string Aggregate::Text(const Cube& cube) const {
  return fmt::format("{}({})", NameOf(function), column < 0 ? "" : cube.columns[static_cast<std::size_t>(column)].name);
}

Checked<Query> ParseQuery(const std::vector<Parameter>& parameters, const Cube& cube, const ParseOptions& options) {
  return Parser(cube, options).Parse(parameters);
}

}  // namespace tidemill::query
