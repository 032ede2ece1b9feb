// SPDX-License-Identifier: Apache-2.0
#include "vintage_choice.h"

#include <algorithm>
#include <limits>
#include <set>

#include <fmt/format.h>

#include "tidemill/base/date.h"
#include "tidemill/base/text.h"

namespace tidemill::data_api {
namespace {

using query::Parameter;
using query::QueryError;

QueryError Bad(const char* type, const Parameter& parameter, const std::string& expected) {
  return {.type = type,
          .error = {.code = base::ErrorCode::kMalformed,
                    .message = fmt::format("{} is no value for {}; expected {}", base::Quoted(parameter.value),
                                           parameter.name, expected)},
          .parameter = parameter.name,
          .value = parameter.value,
          .offset = parameter.value_offset,
          .valid = {expected}};
}

QueryError Conflict(const std::string& name, const std::string& with, const std::string& why) {
  return {.type = "conflicting-parameters",
          .error = {.code = base::ErrorCode::kMalformed,
                    .message = fmt::format("{} cannot go with {}: {}", name, with, why)},
          .parameter = name,
          .valid = {with}};
}

std::optional<QueryError> Read(const Parameter& parameter, VintageWish& wish, bool& has_clock) {
  if (parameter.name == "vintage") {
    const auto number = base::ParseInt(parameter.value);
    if (!number || *number < 0 || *number > std::numeric_limits<std::int32_t>::max()) {
      return Bad("bad-value", parameter, "a version's number, such as 41");
    }
    wish.number = *number;
  } else if (parameter.name == "as_of") {
    if (!base::ParseDate(parameter.value) && !base::ParseRfc3339(parameter.value)) {
      return Bad("bad-value", parameter, "a date such as 2023-06-30");
    }
    wish.as_of = parameter.value;
  } else if (parameter.name == "as_of_by") {
    if (parameter.value != "released" && parameter.value != "recorded") {
      return Bad("bad-value", parameter, "released or recorded");
    }
    wish.by_recorded = parameter.value == "recorded";
    has_clock = true;
  } else if (parameter.name == "vintages") {
    if (parameter.value != "all") return Bad("bad-value", parameter, "all");
    wish.all = true;
  }
  return std::nullopt;
}

}  // namespace

tl::expected<VintageWish, QueryError> ParseVintageWish(const std::vector<Parameter>& parameters) {
  VintageWish wish;
  bool has_clock = false;
  std::set<std::string_view> seen;
  for (const Parameter& parameter : parameters) {
    const auto& names = kVintageParameters;
    if (std::find(names.begin(), names.end(), parameter.name) == names.end()) continue;
    if (!seen.insert(parameter.name).second) {
      QueryError error = Bad("repeated-parameter", parameter, "one value");
      error.error.message = parameter.name + " is given twice";
      return tl::unexpected(std::move(error));
    }
    if (auto error = Read(parameter, wish, has_clock)) return tl::unexpected(*std::move(error));
  }
  if (!wish.as_of.empty() && wish.number) return tl::unexpected(Conflict("as_of", "vintage", "both name a version"));
  if (!wish.as_of.empty() && wish.all) {
    return tl::unexpected(Conflict("as_of", "vintages", "one asks for a version, the other for all"));
  }
  if (has_clock && wish.as_of.empty() && !wish.all) {
    return tl::unexpected(Conflict("as_of_by", "no as_of", "it says which clock as_of and vintages=all go by"));
  }
  if (!wish.by_recorded && !wish.as_of.empty() && !base::ParseDate(wish.as_of)) {
    return tl::unexpected(
        Conflict("as_of", "as_of_by=released", "releases have dates; instants need as_of_by=recorded"));
  }
  return wish;
}

}  // namespace tidemill::data_api
