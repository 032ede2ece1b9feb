// SPDX-License-Identifier: Apache-2.0
// /v1/geographies/{code}: what area a code means, by the register and by the datasets that have it.
#include <fmt/format.h>

#include "tidemill/base/json_writer.h"
#include "tidemill/base/text.h"
#include "tidemill/query/query.h"

#include "answer.h"
#include "etag.h"
#include "problem.h"
#include "routes.h"

namespace tidemill::data_api {
namespace {

using base::JsonWriter;

std::vector<AreaState> StatesOf(const Question& question, std::string_view code) {
  return question.options.find_area ? question.options.find_area(code) : std::vector<AreaState>();
}

// The areas that it lies in, the nearest first.
void WriteParents(JsonWriter& json, const Question& question, std::string parent) {
  constexpr int kMostLevels = 8;
  json.Key("parents").BeginArray();
  for (int level = 0; level < kMostLevels && !parent.empty(); ++level) {
    const auto states = StatesOf(question, parent);
    json.BeginObject().Key("code").String(parent);
    if (!states.empty()) json.Key("name").String(states.back().name);
    json.Key("type").String(query::AreaTypeOf(parent)).EndObject();
    parent = states.empty() ? std::string() : states.back().parent;
  }
  json.EndArray();
}

void WriteStates(JsonWriter& json, const std::vector<AreaState>& states) {
  json.Key("states").BeginArray();
  for (const AreaState& state : states) {
    json.BeginObject().Key("name").String(state.name).Stated("parent", state.parent);
    json.Key("start").String(state.from).Stated("end", state.to).EndObject();
  }
  json.EndArray();
}

void WriteRegister(JsonWriter& json, const Question& question, const std::vector<AreaState>& states) {
  const AreaState& last = states.back();
  json.Key("name").String(last.name);
  json.Key("status").String(last.to.empty() ? "live" : "ended");
  json.Key("start").String(states.front().from).Stated("end", last.to);
  json.Key("successors").BeginArray();
  for (const std::string_view code : base::Split(last.successors, ' ')) {
    if (!code.empty()) json.String(code);
  }
  json.EndArray();
  WriteParents(json, question, last.parent);
  WriteStates(json, states);
}

struct Holder {
  std::string dataset, column;
};

// The datasets with the code in a dimension of GSS codes.
std::vector<Holder> HoldersOf(const Catalog& catalog, std::string_view code) {
  std::vector<Holder> holders;
  for (const auto& [id, dataset] : catalog.datasets) {
    const query::Cube& cube = *dataset->snapshot->cube;
    for (const query::CodeList& list : cube.dimensions) {
      const query::CubeColumn& column = cube.columns[list.column];
      if (column.codes == "gss" && query::Cube::PlaceOf(list, code)) holders.push_back({id, column.name});
    }
  }
  return holders;
}

// The code as one value of a filter: its commas do not separate.
std::string AsValue(std::string_view code) {
  std::string escaped;
  for (const char c : code) {
    if (c == ',') escaped += '\\';
    escaped += c;
  }
  return query::EncodeValue(escaped);
}

void WriteHolders(JsonWriter& json, const std::vector<Holder>& holders, std::string_view code) {
  json.Key("datasets").BeginArray();
  for (const Holder& holder : holders) {
    json.BeginObject().Key("id").String(holder.dataset).Key("dimension").String(holder.column);
    json.Key("data").String(fmt::format("/v1/datasets/{}/data?{}={}", holder.dataset, holder.column, AsValue(code)));
    json.EndObject();
  }
  json.EndArray();
}

}  // namespace

http::Response ShowGeography(const Question& question) {
  const std::string& code = question.path_values[0];
  const auto states = StatesOf(question, code);
  const auto holders = HoldersOf(question.catalog, code);
  if (states.empty() && holders.empty()) {
    return ToResponse({"not-found",
                       fmt::format("{} is no area: neither the register nor a dataset has it; expected a GSS code such "
                                   "as E08000007",
                                   base::Quoted(code)),
                       {{"valid", "\"/v1/datasets\""}}},
                      question.request.target);
  }
  JsonWriter json;
  json.BeginObject().Key("code").String(code).Key("type").String(query::AreaTypeOf(code));
  if (!states.empty()) WriteRegister(json, question, states);
  WriteHolders(json, holders, code);
  std::string etag = MakeETag(question.catalog.id, "/v1/geographies/" + code);
  return WithETag(question.request, Json(200, json.EndObject().Take(), kLive), std::move(etag));
}

}  // namespace tidemill::data_api
