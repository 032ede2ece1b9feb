// SPDX-License-Identifier: Apache-2.0
#include "flow_parameters.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <variant>

#include "tidemill/base/text.h"

namespace tidemill::app {
namespace {

namespace json = prefect::json;

using Texts = std::vector<std::string>;
using Place =
    std::variant<std::string RunOptions::*, Texts RunOptions::*, double RunOptions::*, int RunOptions::*,
                 std::string etl::Options::*, Texts etl::Options::*, bool etl::Options::*, int etl::Options::*>;

struct Parameter {
  std::string_view name, type, description;
  Place place;
};

const std::array<Parameter, 11>& Parameters() {
  static const std::array<Parameter, 11> kParameters{
      {{"store", "string", "folder of the datasets and workbooks", &RunOptions::store},
       {"page", "string", "another page than the recipe's", &etl::Options::page},
       {"files", "array", "workbooks to read, instead of what the recipe's source says", &RunOptions::files},
       {"min_year", "integer", "only editions from this year on", &RunOptions::min_year},
       {"pause", "number", "seconds between requests", &RunOptions::pause_seconds},
       {"force", "boolean", "download and read again what is held", &etl::Options::force},
       {"offline", "boolean", "read only what the store holds", &etl::Options::offline},
       {"all_versions", "boolean", "publish each state of the past as a version", &etl::Options::all_versions},
       {"retries", "integer", "of a request that may work later", &etl::Options::retries},
       {"contact", "string", "whom the publisher may write to", &RunOptions::contact},
       {"accept", "array", "findings that hold the version and may be published", &etl::Options::accept}}};
  return kParameters;
}

// The value of a parameter's type; nothing for another one.
bool Set(std::string& place, const json::value& value) {
  if (!value.is_string()) return false;
  place = prefect::AsText(value);
  return true;
}
bool Set(Texts& place, const json::value& value) {
  if (!value.is_array()) return false;
  place.clear();
  for (const json::value& item : value.get_array()) {
    if (!item.is_string()) return false;
    place.push_back(prefect::AsText(item));
  }
  return true;
}
bool Set(bool& place, const json::value& value) {
  if (!value.is_bool()) return false;
  place = value.get_bool();
  return true;
}
bool Set(double& place, const json::value& value) {
  if (!value.is_number()) return false;
  place = value.to_number<double>();
  return place >= 0 && place <= 3600;
}
bool Set(int& place, const json::value& value) {
  if (!value.is_int64() || value.get_int64() < 0 || value.get_int64() > 9999) return false;
  place = static_cast<int>(value.get_int64());
  return true;
}

bool SetAt(const Place& place, RunOptions& options, const json::value& value) {
  return std::visit(
      [&](auto member) {
        if constexpr (std::is_invocable_v<decltype(member), RunOptions&>) {
          return Set(std::invoke(member, options), value);
        } else {
          return Set(std::invoke(member, options.flow), value);
        }
      },
      place);
}

}  // namespace

json::object FlowParameterSchema() {
  json::object properties;
  std::int64_t position = 0;
  for (const Parameter& parameter : Parameters()) {
    json::object one{{"title", parameter.name},
                     {"description", parameter.description},
                     {"type", parameter.type},
                     {"position", position++}};
    if (parameter.type == "array") one["items"] = json::object{{"type", "string"}};
    properties[parameter.name] = std::move(one);
  }
  return {{"title", "Parameters"}, {"type", "object"}, {"properties", std::move(properties)}};
}

base::Status ApplyFlowParameters(const json::object& parameters, RunOptions& options) {
  for (const auto& [name, value] : parameters) {
    if (value.is_null()) continue;
    // What a run by hand tells of itself, in milliseconds; such a run may be started again by its server.
    if (name == "pause_ms" && value.is_number()) {
      options.pause_seconds = value.to_number<double>() / 1000;
      continue;
    }
    const auto& all = Parameters();
    const auto* found = std::find_if(
        all.begin(), all.end(), [&, key = std::string_view(name)](const Parameter& one) { return one.name == key; });
    if (found == all.end()) {
      std::vector<std::string_view> names;
      for (const Parameter& one : all) names.push_back(one.name);
      return base::Fail(base::ErrorCode::kInvalid, "unknown parameter {}{}", base::Quoted(std::string_view(name)),
                        base::DidYouMean(std::string_view(name), names));
    }
    if (!SetAt(found->place, options, value)) {
      return base::Fail(base::ErrorCode::kInvalid, "parameter '{}' is {}: expected a value of type {}", found->name,
                        base::Quoted(prefect::ToText(value)), found->type);
    }
  }
  return {};
}

}  // namespace tidemill::app
