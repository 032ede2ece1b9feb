// SPDX-License-Identifier: Apache-2.0
#include "delta_schema.h"

#include <optional>
#include <utility>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include "tidemill/base/text.h"

#include "json_members.h"

namespace tidemill::dataset {

namespace json = boost::json;

namespace {

using frame::ColumnKind;

// Nothing for a type that only later versions of the protocol know: times without a zone are a feature of reader 3.
std::optional<std::string> DeltaTypeOf(const frame::Column& column) {
  switch (column.kind) {
    case ColumnKind::kText:
    case ColumnKind::kPlainText:
      return "string";
    case ColumnKind::kInt16:
      return "short";
    case ColumnKind::kInt32:
      return "integer";
    case ColumnKind::kInt64:
      return "long";
    case ColumnKind::kFloat32:
      return "float";
    case ColumnKind::kFloat64:
      return "double";
    case ColumnKind::kDate32:
      return "date";
    case ColumnKind::kDecimal:
      return fmt::format("decimal({},{})", column.precision, column.scale);
    case ColumnKind::kTimestampNs:
      break;
  }
  return std::nullopt;
}

json::object MetadataToJson(const frame::Column& column) {
  json::object object;
  for (const auto& [key, value] : column.metadata) object[key] = value;
  return object;
}

DeltaField ToDeltaField(const json::object& object) {
  DeltaField field;
  field.name = TextOr(object, "name");
  if (const json::value* type = object.if_contains("type")) {
    const json::string* text = type->if_string();
    field.type = text != nullptr ? std::string(text->c_str(), text->size()) : json::serialize(*type);
  }
  field.nullable = BoolOr(object, "nullable", true);
  field.metadata = TextsMember(object, "metadata");
  return field;
}

}  // namespace

base::Result<std::string> ToSchemaString(const frame::Frame& rows) {
  json::array fields;
  for (const frame::Column& column : rows.columns) {
    const auto type = DeltaTypeOf(column);
    if (!type) {
      return base::Fail(base::ErrorCode::kUnsupported,
                        "column {} has times without a zone, expected a type that a Delta table of reader version 1 "
                        "knows (text, whole number, decimal, float, double, date)",
                        base::Quoted(column.name));
    }
    fields.push_back(
        json::object{{"name", column.name}, {"type", *type}, {"nullable", true}, {"metadata", MetadataToJson(column)}});
  }
  return json::serialize(json::object{{"type", "struct"}, {"fields", std::move(fields)}});
}

base::Result<std::vector<DeltaField>> ParseSchemaString(std::string_view text, std::string_view place) {
  TIDEMILL_ASSIGN(const json::value value, ParseJson(text, place));
  const json::array* fields = value.is_object() ? ArrayMember(value.get_object(), "fields") : nullptr;
  if (fields == nullptr) {
    return base::FailAt(base::ErrorCode::kMalformed, std::string(place), "schemaString is {}, expected a struct",
                        base::Quoted(text));
  }
  std::vector<DeltaField> result;
  for (const json::value& field : *fields) {
    result.push_back(field.is_object() ? ToDeltaField(field.get_object()) : DeltaField{});
    if (!result.back().name.empty() && !result.back().type.empty()) continue;
    return base::FailAt(base::ErrorCode::kMalformed, std::string(place),
                        "schemaString has the field {}, expected a name and a type",
                        base::Quoted(json::serialize(field)));
  }
  return result;
}

}  // namespace tidemill::dataset
