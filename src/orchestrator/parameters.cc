// SPDX-License-Identifier: Apache-2.0
#include "parameters.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <string_view>

#include <boost/json/array.hpp>
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

class Checker {
 public:
  explicit Checker(const json::object& schema) : root_(schema) {}

  // Why the value does not fit, or empty.
  std::string Check(const json::object& given, const json::value& value, const std::string& where, int depth) const {
    // What stands for a value (a block, a template) is filled in by the client.
    if (depth > kDeepestSchema || (value.is_object() && value.get_object().contains("__prefect_kind"))) return {};
    const json::object& schema = Resolve(given);
    for (const std::string_view word : {"anyOf", "oneOf"}) {
      const json::value* options = Find(schema, word);
      if (options == nullptr || !options->is_array()) continue;
      const auto fits = [&](const json::value& option) {
        return !option.is_object() || Check(option.get_object(), value, where, depth + 1).empty();
      };
      if (std::none_of(options->get_array().begin(), options->get_array().end(), fits))
        return where + " is none of what is allowed";
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
    if (const json::value* required = Find(schema, "required"); required != nullptr && required->is_array()) {
      for (const json::value& name : required->get_array()) {
        if (name.is_string() && !object.contains(name.get_string()))
          return fmt::format("{}{} is missing", where, base::Quoted(std::string_view(name.get_string())));
      }
    }
    if (properties == nullptr) return {};
    for (const auto& [name, value] : object) {
      const json::value* property = properties->if_contains(name);
      if (property == nullptr || !property->is_object()) continue;
      const std::string below = fmt::format("{}{}", where, base::Quoted(std::string_view(name)));
      if (auto why = Check(property->get_object(), value, below, depth + 1); !why.empty()) return why;
    }
    return {};
  }

 private:
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
    if (type != nullptr && type->is_string() && !IsOfType(value, std::string_view(type->get_string())))
      return fmt::format("{} is no {}", where, std::string_view(type->get_string()));
    const json::value* choices = Find(schema, "enum");
    if (choices != nullptr && choices->is_array() &&
        std::find(choices->get_array().begin(), choices->get_array().end(), value) == choices->get_array().end())
      return where + " is none of the choices";
    if (!value.is_number()) return {};
    const double number = value.to_number<double>();
    const auto bound = [&](std::string_view name, double otherwise) {
      const json::value* found = Find(schema, name);
      return found != nullptr && found->is_number() ? found->to_number<double>() : otherwise;
    };
    if (number < bound("minimum", number) || number > bound("maximum", number)) return where + " is out of bounds";
    return {};
  }

  const json::object& root_;
};

}  // namespace

Outcome<void> CheckParameters(const json::object& schema, const json::object& parameters) {
  std::string why = Checker(schema).CheckMembers(schema, parameters, "", 0);
  const json::object* properties = FindObject(schema, "properties");
  for (const auto& [name, value] : parameters) {
    if (why.empty() && (properties == nullptr || !properties->contains(name)))
      why = fmt::format("{} is no parameter", base::Quoted(std::string_view(name)));
  }
  if (!why.empty())
    return Refuse(409, fmt::format("Validation failed for field 'parameters'. Failure reason: {}", why));
  return {};
}

}  // namespace tidemill::orchestrator
