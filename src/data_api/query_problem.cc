// SPDX-License-Identifier: Apache-2.0
#include "query_problem.h"

#include "tidemill/base/json_writer.h"
#include "tidemill/base/text.h"

namespace tidemill::data_api {
namespace {

std::string ToJson(const std::vector<std::string>& words) {
  base::JsonWriter json;
  json.BeginArray();
  for (const std::string& word : words) json.String(word);
  return json.EndArray().Take();
}

}  // namespace

Problem ToProblem(const query::QueryError& error, const LoadedDataset& dataset) {
  const ProblemType* type = FindProblemType(error.type);
  Problem problem{type == nullptr ? "internal" : type->name, error.error.message, {}};
  auto& members = problem.members;
  if (!error.parameter.empty()) {
    members.emplace_back("parameter", base::JsonString(error.parameter));
    members.emplace_back("value", base::JsonString(error.value));
  }
  if (error.offset) members.emplace_back("offset", std::to_string(*error.offset));
  if (!error.nearest.empty()) members.emplace_back("nearest", ToJson(error.nearest));
  if (error.type == "unknown-code" && !error.dimension.empty()) {
    members.emplace_back("valid", base::JsonString("/v1/datasets/" + dataset.id + "/dimensions/" + error.dimension));
  } else if (!error.valid.empty()) {
    const bool one = error.type == "bad-value" || error.type == "conflicting-parameters";
    const std::string_view name = error.type == "bad-value" ? "expected" : one ? "with" : "valid";
    members.emplace_back(name, one ? base::JsonString(error.valid.front()) : ToJson(error.valid));
  }
  return problem;
}

Problem ToProblem(const base::Error& error) {
  switch (error.code) {
    case base::ErrorCode::kTooLarge:
      return {"too-large", error.message, {}};
    case base::ErrorCode::kNotFound:
      return {"not-found", error.message, {}};
    default:
      return {"internal", "the answer could not be made", {}};
  }
}

}  // namespace tidemill::data_api
