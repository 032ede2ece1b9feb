// SPDX-License-Identifier: Apache-2.0
#include "read_query.h"

#include <algorithm>
#include <utility>

#include "query_problem.h"

namespace tidemill::data_api {
namespace {

std::string_view ValueOf(const std::vector<query::Parameter>& parameters, std::string_view name) {
  const auto found = std::find_if(parameters.begin(), parameters.end(),
                                  [&](const query::Parameter& parameter) { return parameter.name == name; });
  return found == parameters.end() ? std::string_view() : std::string_view(found->value);
}

// A parameter that the route reads itself may come once, and says something.
std::optional<query::QueryError> CheckPassed(const std::vector<query::Parameter>& parameters,
                                             const std::vector<std::string_view>& names) {
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    const query::Parameter& parameter = parameters[i];
    if (std::find(names.begin(), names.end(), parameter.name) == names.end()) continue;
    const bool again = std::any_of(parameters.begin(), parameters.begin() + static_cast<std::ptrdiff_t>(i),
                                   [&](const query::Parameter& other) { return other.name == parameter.name; });
    if (!again && !parameter.value.empty()) continue;
    return query::QueryError{.type = again ? "repeated-parameter" : "bad-value",
                             .error = {.code = base::ErrorCode::kMalformed,
                                       .message = parameter.name + (again ? " is given twice" : " has no value")},
                             .parameter = parameter.name,
                             .value = parameter.value,
                             .offset = parameter.offset};
  }
  return std::nullopt;
}

}  // namespace

std::string_view ReadQueryResult::Value(std::string_view name) const {
  return ValueOf(parameters, name);
}

tl::expected<ReadQueryResult, Problem> ReadQuery(const Question& question,
                                                 const std::shared_ptr<const LoadedDataset>& newest,
                                                 const QueryRules& rules) {
  const auto refuse = [&](const query::QueryError& error) { return tl::unexpected(ToProblem(error, *newest)); };
  auto parameters = query::SplitQuery(question.request.query);
  if (!parameters) return refuse(parameters.error());
  if (const auto error = CheckPassed(*parameters, rules.passed)) return refuse(*error);
  const auto wish = ParseVintageWish(*parameters);
  if (!wish) return refuse(wish.error());
  auto vintage = ChooseVintage(newest, *wish, ValueOf(*parameters, "cursor"));
  if (!vintage) return tl::unexpected(std::move(vintage).error());
  query::ParseOptions options{
      .newest = newest->snapshot->cube.get(), .reserved = rules.reserved, .passed = rules.passed};
  for (const std::string_view name : kVintageParameters) {
    if (name != "vintages" || rules.takes_vintages) options.passed.push_back(name);
  }
  auto query = query::ParseQuery(*parameters, *vintage->cube, options);
  if (!query) return refuse(query.error());
  return ReadQueryResult{*std::move(parameters), *std::move(vintage), *std::move(query)};
}

}  // namespace tidemill::data_api
