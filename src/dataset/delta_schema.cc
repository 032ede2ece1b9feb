// SPDX-License-Identifier: Apache-2.0
#include "delta_schema.h"

#include <array>
#include <optional>
#include <utility>

#include <arrow/type.h>
#include <arrow/util/key_value_metadata.h>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include "tidemill/base/text.h"

#include "json_members.h"

namespace tidemill::dataset {

namespace json = boost::json;

namespace {

constexpr std::array kPrimitives = {
    std::pair{arrow::Type::STRING, "string"}, std::pair{arrow::Type::LARGE_STRING, "string"},
    std::pair{arrow::Type::INT8, "byte"},     std::pair{arrow::Type::INT16, "short"},
    std::pair{arrow::Type::INT32, "integer"}, std::pair{arrow::Type::INT64, "long"},
    std::pair{arrow::Type::FLOAT, "float"},   std::pair{arrow::Type::DOUBLE, "double"},
    std::pair{arrow::Type::BOOL, "boolean"},  std::pair{arrow::Type::BINARY, "binary"},
    std::pair{arrow::Type::DATE32, "date"},
};

std::optional<std::string> DeltaTypeOf(const arrow::DataType& type) {
  if (type.id() == arrow::Type::DICTIONARY) {
    const auto& values = *static_cast<const arrow::DictionaryType&>(type).value_type();
    return values.id() == arrow::Type::DICTIONARY ? std::nullopt : DeltaTypeOf(values);
  }
  if (type.id() == arrow::Type::TIMESTAMP) {
    // Without a zone it is timestamp_ntz, a feature of reader 3; Delta's instants have microseconds.
    const auto& timestamp = static_cast<const arrow::TimestampType&>(type);
    if (timestamp.timezone().empty() || timestamp.unit() == arrow::TimeUnit::NANO) return {};
    return "timestamp";
  }
  if (type.id() == arrow::Type::DECIMAL128) {
    const auto& decimal = static_cast<const arrow::Decimal128Type&>(type);
    return fmt::format("decimal({},{})", decimal.precision(), decimal.scale());
  }
  for (const auto& [id, name] : kPrimitives) {
    if (id == type.id()) return name;
  }
  return {};
}

json::object MetadataToJson(const arrow::Field& field) {
  json::object object;
  if (!field.metadata()) return object;
  for (std::int64_t i = 0; i < field.metadata()->size(); ++i) {
    if (field.metadata()->key(i) != "PARQUET:field_id") object[field.metadata()->key(i)] = field.metadata()->value(i);
  }
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

std::shared_ptr<arrow::DataType> DecimalOf(std::string_view type) {
  if (!type.starts_with("decimal(") || !type.ends_with(")")) return nullptr;
  const auto parts = base::Split(type.substr(8, type.size() - 9), ',');
  if (parts.size() != 2) return nullptr;
  const auto precision = base::ParseInt(base::Trim(parts[0]));
  const auto scale = base::ParseInt(base::Trim(parts[1]));
  if (!precision || !scale || *precision < 1 || *precision > 38 || *scale < 0 || *scale > *precision) return nullptr;
  return arrow::decimal128(static_cast<int>(*precision), static_cast<int>(*scale));
}

}  // namespace

base::Result<std::string> ToSchemaString(const arrow::Schema& schema) {
  json::array fields;
  for (const auto& field : schema.fields()) {
    const auto type = DeltaTypeOf(*field->type());
    if (!type) {
      return base::Fail(base::ErrorCode::kUnsupported,
                        "column {} has the type {}, expected one that a Delta table knows (text, whole number, float, "
                        "double, decimal, boolean, date, instant in UTC of microseconds)",
                        base::Quoted(field->name()), field->type()->ToString());
    }
    fields.push_back(json::object{{"name", field->name()},
                                  {"type", *type},
                                  {"nullable", field->nullable()},
                                  {"metadata", MetadataToJson(*field)}});
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

std::shared_ptr<arrow::DataType> ArrowTypeOf(const DeltaField& field) {
  if (field.type == "string") return arrow::utf8();
  if (field.type == "byte") return arrow::int8();
  if (field.type == "short") return arrow::int16();
  if (field.type == "integer") return arrow::int32();
  if (field.type == "long") return arrow::int64();
  if (field.type == "float") return arrow::float32();
  if (field.type == "double") return arrow::float64();
  if (field.type == "boolean") return arrow::boolean();
  if (field.type == "binary") return arrow::binary();
  if (field.type == "date") return arrow::date32();
  if (field.type == "timestamp") return arrow::timestamp(arrow::TimeUnit::MICRO, "UTC");
  if (field.type == "timestamp_ntz") return arrow::timestamp(arrow::TimeUnit::MICRO);
  return DecimalOf(field.type);
}

std::shared_ptr<arrow::Field> ToArrowField(const DeltaField& field, std::shared_ptr<arrow::DataType> type) {
  std::shared_ptr<arrow::KeyValueMetadata> metadata;
  if (!field.metadata.empty()) {
    metadata = std::make_shared<arrow::KeyValueMetadata>();
    for (const auto& [key, value] : field.metadata) metadata->Append(key, value);
  }
  return arrow::field(field.name, std::move(type), field.nullable, std::move(metadata));
}

}  // namespace tidemill::dataset
