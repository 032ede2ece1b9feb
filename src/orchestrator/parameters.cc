// SPDX-License-Identifier: Apache-2.0
#include "parameters.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <string_view>

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <fmt/format.h>

#include "tidemill/base/text.h"

#include "body.h"

namespace tidemill::orchestrator {
namespace {

constexpr int kDeepestSchema = 20;

bool IsOfType(const json::value& value, std::string_view type) {
  if (type == "string") return value.is_string();
  if (type == "boolean") return value.is_bool();
  if (type == "null") return value.is_null();
  if (type == "array") return value.is_array();
  if (type == "object") return value.is_object();
  if (type == "number") return value.is_number();
  if (type != "integer") return true;
  return value.is_int64() || value.is_uint64() ||
         (value.is_double() && std::floor(value.get_double()) == value.get_double());
}

bool IsOneOf(const json::value& value, const json::value& types) {
  if (types.is_string()) return IsOfType(value, std::string_view(types.get_string()));
  if (!types.is_array()) return true;
  const auto& list = types.get_array();
  return std::any_of(list.begin(), list.end(), [&](const json::value& type) {
    return type.is_string() && IsOfType(value, std::string_view(type.get_string()));
  });
}

std::string Below(const std::string& where, std::string_view name) {
  return where.empty() ? std::string(name) : fmt::format("{}.{}", where, name);
}

class Checker {
 public:
  Checker(const json::object& schema, Required required) : root_(schema), required_(required) {}

  // Why the value does not fit, or empty.
  std::string Check(const json::object& given, const json::value& value, const std::string& where, int depth) const {
    if (depth > kDeepestSchema) return {};
    const json::object& schema = Resolve(given);
    for (const std::string_view word : {"anyOf", "oneOf"}) {
      const json::value* options = Find(schema, word);
      if (options == nullptr || !options->is_array()) continue;
      const auto fits = [&](const json::value& option) {
        return !option.is_object() || Check(option.get_object(), value, where, depth + 1).empty();
      };
      if (std::none_of(options->get_array().begin(), options->get_array().end(), fits))
        return Why(where, fmt::format("{} is not valid under any of the given schemas", Shown(value)));
    }
    if (const json::value* all = Find(schema, "allOf"); all != nullptr && all->is_array()) {
      for (const json::value& one : all->get_array()) {
        if (!one.is_object()) continue;
        if (auto why = Check(one.get_object(), value, where, depth + 1); !why.empty()) return why;
      }
    }
    if (auto why = CheckOne(schema, value, where); !why.empty()) return why;
    if (value.is_object()) return CheckMembers(schema, value.get_object(), where, depth);
    const json::object* items = FindObject(schema, "items");
    if (items == nullptr || !value.is_array()) return {};
    for (const json::value& item : value.get_array()) {
      if (auto why = Check(*items, item, where + "[]", depth + 1); !why.empty()) return why;
    }
    return {};
  }

  std::string CheckMembers(const json::object& schema, const json::object& object, const std::string& where,
                           int depth) const {
    const json::object* properties = FindObject(schema, "properties");
    if (auto why = CheckRequired(schema, object, where); !why.empty()) return why;
    const json::value* others = Find(schema, "additionalProperties");
    const bool closed = others != nullptr && *others == json::value(false);
    for (const auto& [name, value] : object) {
      const json::value* property = properties != nullptr ? properties->if_contains(name) : nullptr;
      if (property == nullptr && closed) {
        return Why(where, fmt::format("Additional properties are not allowed ({} was unexpected)",
                                      Quote(std::string_view(name))));
      }
      if (property == nullptr || !property->is_object()) continue;
      if (value.is_null() && !IsRequired(schema, name)) continue;  // what is left out may be null
      if (auto why = Check(property->get_object(), value, Below(where, std::string_view(name)), depth + 1);
          !why.empty())
        return why;
    }
    return {};
  }

 private:
  static std::string Why(const std::string& where, const std::string& reason) {
    return where.empty() ? fmt::format("Validation failed. Failure reason: {}", reason)
                         : fmt::format("Validation failed for field '{}'. Failure reason: {}", where, reason);
  }
  static std::string Quote(std::string_view text) { return fmt::format("'{}'", text); }
  static std::string Shown(const json::value& value) {
    return value.is_string() ? Quote(std::string_view(value.get_string())) : json::serialize(value);
  }

  static bool IsRequired(const json::object& schema, json::string_view name) {
    const json::value* required = Find(schema, "required");
    if (required == nullptr || !required->is_array()) return false;
    const auto& list = required->get_array();
    return std::find(list.begin(), list.end(), json::value(name)) != list.end();
  }

  std::string CheckRequired(const json::object& schema, const json::object& object, const std::string& where) const {
    const json::value* required = Find(schema, "required");
    if (required_ == Required::kIgnored || required == nullptr || !required->is_array()) return {};
    for (const json::value& name : required->get_array()) {
      if (name.is_string() && !object.contains(name.get_string()))
        return Why(where, Quote(std::string_view(name.get_string())) + " is a required property");
    }
    return {};
  }

  const json::object& Resolve(const json::object& schema) const {
    const std::string path = TextMember(schema, "$ref").value_or("");
    if (!path.starts_with("#/")) return schema;
    const json::object* at = &root_;
    for (const std::string_view part : base::Split(std::string_view(path).substr(2), '/')) {
      at = FindObject(*at, part);
      if (at == nullptr) return EmptyObject();
    }
    return *at;
  }

  static std::string CheckOne(const json::object& schema, const json::value& value, const std::string& where) {
    const json::value* type = Find(schema, "type");
    if (type != nullptr && !IsOneOf(value, *type))
      return Why(where, fmt::format("{} is not of type {}", Shown(value), Shown(*type)));
    const json::value* choices = Find(schema, "enum");
    if (choices != nullptr && choices->is_array() &&
        std::find(choices->get_array().begin(), choices->get_array().end(), value) == choices->get_array().end())
      return Why(where, fmt::format("{} is not one of {}", Shown(value), json::serialize(*choices)));
    if (!value.is_number()) return {};
    const double number = value.to_number<double>();
    const auto bound = [&](std::string_view name, double otherwise) {
      const json::value* found = Find(schema, name);
      return found != nullptr && found->is_number() ? found->to_number<double>() : otherwise;
    };
    if (number < bound("minimum", number) || number > bound("maximum", number))
      return Why(where, fmt::format("{} is out of bounds", Shown(value)));
    return {};
  }

  const json::object& root_;
  const Required required_;
};

bool IsKnownType(const json::value& type) {
  constexpr std::array<std::string_view, 7> kTypes{"string", "boolean", "null", "array", "object", "number", "integer"};
  return type.is_string() &&
         std::find(kTypes.begin(), kTypes.end(), std::string_view(type.get_string())) != kTypes.end();
}

}  // namespace

std::string WhyUnfit(const json::object& schema, const json::object& values, Required required) {
  return Checker(schema, required).CheckMembers(schema, values, "", 0);
}

std::string WhyNoSchema(const json::object& schema) {
  const json::value* type = Find(schema, "type");
  if (type != nullptr && !type->is_array() && !IsKnownType(*type))
    return fmt::format("Invalid schema: {} is no type", json::serialize(*type));
  const json::object* properties = FindObject(schema, "properties");
  if (properties == nullptr) return {};
  for (const auto& [name, property] : *properties) {
    if (!property.is_object()) return fmt::format("Invalid schema: {} is no object", json::serialize(property));
    if (auto why = WhyNoSchema(property.get_object()); !why.empty()) return why;
  }
  return {};
}

Outcome<void> CheckParameters(const json::object& schema, const json::object& parameters) {
  std::string why = WhyUnfit(schema, parameters, Required::kAsked);
  const json::object* properties = FindObject(schema, "properties");
  for (const auto& [name, value] : parameters) {
    if (why.empty() && (properties == nullptr || !properties->contains(name)))
      why = fmt::format("Validation failed for field 'parameters'. Failure reason: '{}' is no parameter",
                        std::string_view(name));
  }
  if (!why.empty()) return Refuse(409, why);
  return {};
}

}  // namespace tidemill::orchestrator
