// SPDX-License-Identifier: Apache-2.0
#include "openapi_data.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "tidemill/base/text.h"

namespace tidemill::data_api {
namespace {

using base::JsonWriter;
using query::Column;
using query::Role;

constexpr std::size_t kMostCodes = 50;  // that are listed

// A column as filters see it.
struct Filterable {
  std::string name, title;
  std::string_view type;                            // as in query::Column
  const std::vector<std::string>* codes = nullptr;  // where it is a dimension
  std::string example;                              // JSON
};

struct OperatorText {
  std::string_view suffix, meaning;
};
constexpr std::array kOrdering = {OperatorText{"__gt", "after"}, OperatorText{"__gte", "from"},
                                  OperatorText{"__lt", "before"}, OperatorText{"__lte", "up to"}};
constexpr std::array kTexts = {OperatorText{"__startswith", "begins with"}, OperatorText{"__contains", "contains"}};

bool IsText(const Filterable& column) {
  return column.type == "string" || column.codes != nullptr;
}
bool IsOrdered(const Filterable& column) {
  return column.type == "integer" || column.type == "number" || column.type == "date" || column.type == "datetime" ||
         column.type == "period";
}

std::string_view JsonType(const Filterable& column) {
  if (column.codes != nullptr) return "string";
  return column.type == "integer" || column.type == "number" || column.type == "boolean" ? column.type : "string";
}

// Codes that a list in a URL can hold as they are.
bool CanBeListed(const std::vector<std::string>& codes) {
  return !codes.empty() && codes.size() <= kMostCodes &&
         std::none_of(codes.begin(), codes.end(),
                      [](const std::string& code) { return code.find_first_of(",\\") != std::string::npos; });
}

void WriteValueSchema(JsonWriter& json, const Filterable& column) {
  json.BeginObject().Key("type").String(JsonType(column));
  if (column.codes != nullptr && CanBeListed(*column.codes)) {
    json.Key("enum").BeginArray();
    for (const std::string& code : *column.codes) json.String(code);
    json.EndArray();
  } else if (column.type == "period") {
    json.Key("pattern").String("^[0-9]{4}(-(Q[1-4]|W[0-5][0-9]|(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?))?$");
  } else if (column.type == "date") {
    json.Key("format").String("date");
  } else if (JsonType(column) == "string") {
    json.Key("minLength").Int(1);
  }
  json.EndObject();
}

JsonWriter& BeginParameter(JsonWriter& json, const std::string& name, const std::string& description) {
  return json.BeginObject().Key("name").String(name).Key("in").String("query").Key("description").String(description);
}

// Any of a list, or none of it.
void WriteList(JsonWriter& json, const Filterable& column, std::string_view suffix, std::string_view meaning) {
  BeginParameter(json, column.name + std::string(suffix), fmt::format("{}: {}", column.title, meaning));
  json.Key("style").String("form").Key("explode").Bool(false);
  json.Key("schema").BeginObject().Key("type").String("array").Key("minItems").Int(1).Key("items");
  WriteValueSchema(json, column);
  json.EndObject();
  if (!column.example.empty() && suffix.empty()) json.Key("example").Raw("[" + column.example + "]");
  json.EndObject();
}

void WriteOneValue(JsonWriter& json, const Filterable& column, const OperatorText& op) {
  BeginParameter(json, column.name + std::string(op.suffix), fmt::format("{}: {}", column.title, op.meaning));
  json.Key("schema");
  WriteValueSchema(json, column);
  json.EndObject();
}

void WriteFilters(JsonWriter& json, const Filterable& column) {
  WriteList(json, column, "", "any of these");
  WriteList(json, column, "__ne", "none of these");
  if (IsOrdered(column)) {
    for (const OperatorText& op : kOrdering) WriteOneValue(json, column, op);
  }
  if (IsText(column)) {
    const Filterable plain{
        .name = column.name, .title = column.title, .type = "string", .codes = nullptr, .example = {}};
    for (const OperatorText& op : kTexts) WriteOneValue(json, plain, op);
  }
  BeginParameter(json, column.name + "__isnull", column.title + ": whether it is blank");
  json.Key("schema").Raw(R"({"type":"boolean"})").EndObject();
}

// " (time, by quarters)": which column is taken for time is not seen in its name.
std::string TimeText(const query::Snapshot& snapshot) {
  if (!snapshot.period) return " (time)";
  switch (snapshot.period->frequency) {
    case base::Frequency::kYear:
      return " (time, by years)";
    case base::Frequency::kQuarter:
      return " (time, by quarters)";
    case base::Frequency::kMonth:
      return " (time, by months)";
    case base::Frequency::kWeek:
      return " (time, by weeks)";
    case base::Frequency::kDay:
      return " (time, by days)";
    default:
      return " (time)";
  }
}

Filterable ToFilterable(const Column& column, const query::Snapshot& snapshot) {
  Filterable result{.name = column.name,
                    .title = column.title.empty() ? column.name : column.title,
                    .type = column.type,
                    .codes = nullptr,
                    .example = {}};
  if (column.role == Role::kDimension) {
    const auto found = std::find_if(snapshot.dimensions.begin(), snapshot.dimensions.end(),
                                    [&](const auto& dimension) { return dimension.column == column.name; });
    if (found != snapshot.dimensions.end()) result.codes = &found->codes;
  }
  if (column.role == Role::kStatus) result.type = "status";  // a set of codes, so no text to search in
  if (column.role == Role::kDimension || column.role == Role::kTime) result.example = column.min;
  if (column.role == Role::kTime) result.title += TimeText(snapshot);
  return result;
}

// What a virtual column is to filters.
Filterable ToFilterable(const query::CubeColumn& column) {
  Filterable result{.name = column.name, .title = column.name, .type = "string", .codes = nullptr, .example = {}};
  if (column.kind == query::Kind::kInteger) result.type = "integer";
  if (column.kind == query::Kind::kDate) result.type = "date";
  if (!column.of.empty()) {
    result.title = "Level of " + column.of;
    result.codes = &query::AreaTypes();
  }
  return result;
}

bool IsKey(Role role) {
  return role == Role::kDimension || role == Role::kTime;
}

}  // namespace

void WriteFilterParameters(JsonWriter& json, const LoadedDataset& dataset, FilteredColumns columns) {
  const query::Snapshot& snapshot = *dataset.snapshot;
  for (const Column& column : snapshot.columns) {
    if (column.role == Role::kLineage || column.type == "other") continue;
    if (columns == FilteredColumns::kAll || IsKey(column.role)) WriteFilters(json, ToFilterable(column, snapshot));
  }
  if (columns == FilteredColumns::kKey) return;
  for (const query::CubeColumn& column : snapshot.cube->columns) {
    if (column.is_virtual) WriteFilters(json, ToFilterable(column));
  }
}

void WriteReserved(JsonWriter& json, std::string_view names) {
  for (const std::string_view name : base::Split(names, ' ')) {
    json.BeginObject().Key("$ref").String(fmt::format("#/components/parameters/{}", name)).EndObject();
  }
}

}  // namespace tidemill::data_api
