// SPDX-License-Identifier: Apache-2.0
// /v1/datasets/{dataset}/dimensions and …/dimensions/{dimension}.
#include <algorithm>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "tidemill/base/json_writer.h"
#include "tidemill/base/text.h"
#include "tidemill/query/run_query.h"

#include "answer.h"
#include "list_answer.h"
#include "page.h"
#include "query_problem.h"
#include "read_query.h"

namespace tidemill::data_api {
namespace {

using base::JsonWriter;
using query::CodeCount;
using query::CodeList;
using query::Cube;

std::string NameOf(const Cube& cube, int column) {
  return column < 0 ? std::string() : cube.columns[static_cast<std::size_t>(column)].name;
}

void WriteDimension(JsonWriter& json, const LoadedDataset& dataset, const Cube& cube, const CodeList& list) {
  const query::CubeColumn& column = cube.columns[list.column];
  json.BeginObject().Key("name").String(column.name);
  if (const query::Column* stored = query::FindColumn(dataset.snapshot->columns, column.name)) {
    json.Stated("title", stored->title);
  }
  json.Stated("codes", column.codes).Stated("label_column", NameOf(cube, list.label_column));
  json.Stated("type_column", NameOf(cube, list.type_column));
  json.Stated("parent_column", NameOf(cube, list.parent_column));
  json.Key("count").Int(static_cast<std::int64_t>(list.codes.size()));
  if (list.type_column >= 0 && column.codes == "gss") {
    std::set<std::string_view> types;
    for (const std::string& code : list.codes) types.insert(query::AreaTypeOf(code));
    json.Key("types").BeginArray();
    for (const std::string_view type : types) json.String(type);
    json.EndArray();
  }
  json.Key("url").String("/v1/datasets/" + dataset.id + "/dimensions/" + column.name).EndObject();
}

std::string LabelOf(const CodeList& list, std::uint32_t code) {
  return code < list.labels.size() ? list.labels[code] : std::string();
}

// 0 where code or label begins with the text, 1 where either has it, 2 where neither.
int MatchOf(const CodeList& list, std::uint32_t code, const std::string& lower) {
  const std::string own = base::Lower(list.codes[code]);
  const std::string label = base::Lower(LabelOf(list, code));
  if (own.starts_with(lower) || label.starts_with(lower)) return 0;
  return own.find(lower) != std::string::npos || label.find(lower) != std::string::npos ? 1 : 2;
}

enum class Order { kCode, kLabel, kCount };

std::optional<Order> OrderNamed(std::string_view name) {
  if (name.empty() || name == "code") return Order::kCode;
  if (name == "label") return Order::kLabel;
  if (name == "-count") return Order::kCount;
  return std::nullopt;
}

struct Codes {
  std::vector<CodeCount> counts;  // in the order of the answer
  std::vector<std::uint32_t> ids;
};

Codes FindCodes(const CodeList& list, std::vector<CodeCount> counts, std::string_view q, Order order) {
  const std::string lower = base::Lower(q);
  std::vector<int> match(list.codes.size(), 0);
  if (!q.empty()) {
    for (std::uint32_t i = 0; i < match.size(); ++i) match[i] = MatchOf(list, i, lower);
    std::erase_if(counts, [&](const CodeCount& count) { return match[count.code] == 2; });
  }
  std::stable_sort(counts.begin(), counts.end(), [&](const CodeCount& a, const CodeCount& b) {
    if (match[a.code] != match[b.code]) return match[a.code] < match[b.code];
    if (order == Order::kCount) return a.rows > b.rows;
    if (order == Order::kLabel) return LabelOf(list, a.code) < LabelOf(list, b.code);
    return a.code < b.code;
  });
  Codes codes{std::move(counts), {}};
  for (const CodeCount& count : codes.counts) codes.ids.push_back(count.code);
  return codes;
}

// The code that one lies in, or lay in last: by the dataset's own column where it has one, else for areas by the
// register; empty where that does not know it.
std::string ParentOf(const Question& question, const Cube& cube, const CodeList& list, std::uint32_t place) {
  if (list.parent_column >= 0) return list.parents[place];
  if (cube.columns[list.column].codes != "gss") return {};
  const std::string& code = list.codes[place];
  const auto states = question.options.find_area ? question.options.find_area(code) : std::vector<AreaState>();
  return states.empty() ? std::string() : states.back().parent;
}

void WriteCode(JsonWriter& json, const Question& question, const Cube& cube, const CodeList& list,
               const CodeCount& count) {
  const std::string& code = list.codes[count.code];
  json.BeginObject().Key("code").String(code);
  json.Stated("label", LabelOf(list, count.code));
  if (cube.columns[list.column].codes == "gss") json.Key("type").String(query::AreaTypeOf(code));
  json.Stated("parent", ParentOf(question, cube, list, count.code));
  json.Key("count").Int(static_cast<std::int64_t>(count.rows));
  if (!cube.times.empty() && count.first_time < cube.times.size()) {
    json.Key("first").String(base::ToText(cube.times[count.first_time]));
    json.Key("last").String(base::ToText(cube.times[count.last_time]));
  }
  json.EndObject();
}

// What follows filters in the canonical query.
std::string ExtraOf(const ReadQueryResult& read) {
  std::string extra;
  for (const std::string_view name : {"q", "sort"}) {
    const std::string_view value = read.Value(name);
    if (value.empty() || (name == "sort" && value == "code")) continue;
    extra += (extra.empty() ? "" : "&") + std::string(name) + "=" + query::EncodeValue(value);
  }
  return extra;
}

std::string Joined(const std::string& a, const std::string& b) {
  return a.empty() || b.empty() ? a + b : a + "&" + b;
}

http::Response NoSuchDimension(const Question& question, const Cube& cube, const std::string& name) {
  std::vector<std::string> names;
  for (const CodeList& list : cube.dimensions) names.push_back(cube.columns[list.column].name);
  const auto nearest = query::NearestWords(name, names);
  JsonWriter json;
  json.BeginArray();
  for (const std::string& near : nearest) json.String(near);
  return ToResponse({"not-found",
                     fmt::format("{} is no dimension of {}; it has {}", base::Quoted(name), question.path_values[0],
                                 base::Join(names, ", ")),
                     {{"nearest", json.EndArray().Take()},
                      {"valid", base::JsonString("/v1/datasets/" + question.path_values[0] + "/dimensions")}}},
                    question.request.target);
}

}  // namespace

http::Response ListDimensions(const Question& question) {
  const auto newest = question.catalog.Share(question.path_values[0]);
  if (!newest) return NoSuchDataset(question, question.path_values[0]);
  const auto read = ReadQuery(question, newest, {.reserved = {}});
  if (!read) return ToResponse(read.error(), question.request.target);
  if (!read->query.filters.empty()) {
    const std::string& name = read->parameters.front().name;
    return ToResponse({"unknown-parameter",
                       fmt::format("{} is no parameter of the list of dimensions; …/dimensions/{{dimension}} takes "
                                   "filters",
                                   base::Quoted(name)),
                       {{"parameter", base::JsonString(name)}}},
                      question.request.target);
  }
  const ChosenVintage& vintage = read->vintage;
  const std::string path = "/v1/datasets/" + newest->id + "/dimensions";
  return AnswerJson(question, vintage, JoinTarget(path, vintage.canonical), [&] {
    JsonWriter json;
    json.BeginObject().Key("dimensions").BeginArray();
    for (const CodeList& list : vintage.cube->dimensions) WriteDimension(json, *newest, *vintage.cube, list);
    return json.EndArray().EndObject().Take();
  });
}

http::Response ListCodes(const Question& question) {
  const auto newest = question.catalog.Share(question.path_values[0]);
  if (!newest) return NoSuchDataset(question, question.path_values[0]);
  const auto refuse = [&](const Problem& problem) { return ToResponse(problem, question.request.target); };
  const auto read = ReadQuery(question, newest, {.reserved = {"limit", "cursor"}, .passed = {"q", "sort"}});
  if (!read) return refuse(read.error());
  const ChosenVintage& vintage = read->vintage;
  const Cube& cube = *vintage.cube;
  const CodeList* list = cube.FindDimension(question.path_values[1]);
  if (list == nullptr) return NoSuchDimension(question, cube, question.path_values[1]);
  const auto order = OrderNamed(read->Value("sort"));
  if (!order) {
    return refuse(
        {"bad-value",
         fmt::format("{} is no value for sort; expected code, label or -count", base::Quoted(read->Value("sort"))),
         {{"parameter", "\"sort\""}, {"value", base::JsonString(read->Value("sort"))}}});
  }
  query::Query query = read->query;
  std::erase_if(query.filters, [&](const query::Filter& filter) { return filter.column == list->column; });
  const std::string path = "/v1/datasets/" + newest->id + "/dimensions/" + question.path_values[1];
  const std::string extra = ExtraOf(*read);
  const auto target = [&](const query::Query& asked, const std::string& pin, query::Paging paging) {
    return JoinTarget(path, Joined(Joined(query::ToCanonical(asked, cube, {}, paging), extra), pin));
  };
  const Codes codes =
      FindCodes(*list, query::CountCodes(cube, *list, query::SelectRows(query, cube)), read->Value("q"), *order);
  const query::CursorScope scope{static_cast<std::uint32_t>(vintage.dataset->vintage),
                                 target(query, {}, query::Paging::kWithout)};
  const auto page = TakePage(codes.ids, query.limit, query.cursor, scope);
  if (!page) return refuse(ToProblem(page.error(), *newest));
  return AnswerJson(question, vintage, target(query, vintage.canonical, query::Paging::kWith), [&] {
    JsonWriter json;
    json.BeginObject().Key("dimension").String(question.path_values[1]);
    json.Key("total").Int(static_cast<std::int64_t>(codes.ids.size()));
    query.cursor = page->next;
    json.Key("next");
    if (page->next.empty()) {
      json.Null();
    } else {
      json.String(target(query, vintage.as_given, query::Paging::kWith));
    }
    json.Key("codes").BeginArray();
    for (std::size_t i = page->begin; i < page->end; ++i) WriteCode(json, question, cube, *list, codes.counts[i]);
    return json.EndArray().EndObject().Take();
  });
}

}  // namespace tidemill::data_api
