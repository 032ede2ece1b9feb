// SPDX-License-Identifier: Apache-2.0
#include "json_members.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

namespace tidemill::dataset {

namespace json = boost::json;

base::Result<json::value> ParseJson(std::string_view text, std::string_view place) {
  json::error_code error;
  json::value value = json::parse({text.data(), text.size()}, error);
  if (error) {
    return base::FailAt(base::ErrorCode::kMalformed, std::string(place), "broken JSON ({}): {}", error.message(),
                        base::Quoted(text));
  }
  return value;
}

const json::object* ObjectMember(const json::object& object, std::string_view name) {
  const json::value* member = object.if_contains({name.data(), name.size()});
  return member == nullptr ? nullptr : member->if_object();
}

const json::array* ArrayMember(const json::object& object, std::string_view name) {
  const json::value* member = object.if_contains({name.data(), name.size()});
  return member == nullptr ? nullptr : member->if_array();
}

std::optional<std::string> TextMember(const json::object& object, std::string_view name) {
  const json::value* member = object.if_contains({name.data(), name.size()});
  if (member == nullptr || !member->is_string()) return {};
  const json::string& text = member->get_string();
  return std::string(text.data(), text.size());
}

std::string TextOr(const json::object& object, std::string_view name, std::string_view otherwise) {
  return TextMember(object, name).value_or(std::string(otherwise));
}

std::int64_t IntOr(const json::object& object, std::string_view name, std::int64_t otherwise) {
  const json::value* member = object.if_contains({name.data(), name.size()});
  if (member == nullptr || !member->is_number()) return otherwise;
  json::error_code error;
  const auto number = member->to_number<std::int64_t>(error);
  return error ? otherwise : number;
}

bool BoolOr(const json::object& object, std::string_view name, bool otherwise) {
  const json::value* member = object.if_contains({name.data(), name.size()});
  return member != nullptr && member->is_bool() ? member->get_bool() : otherwise;
}

std::map<std::string, std::string> TextsMember(const json::object& object, std::string_view name) {
  std::map<std::string, std::string> texts;
  const json::object* members = ObjectMember(object, name);
  if (members == nullptr) return texts;
  for (const auto& member : *members) {
    const json::value& value = member.value();
    if (value.is_null()) continue;
    texts.emplace(std::string(member.key()), value.is_string()
                                                 ? std::string(value.get_string().c_str(), value.get_string().size())
                                                 : json::serialize(value));
  }
  return texts;
}

std::vector<std::string> TextListMember(const json::object& object, std::string_view name) {
  std::vector<std::string> texts;
  const json::array* members = ArrayMember(object, name);
  if (members == nullptr) return texts;
  for (const json::value& value : *members) {
    if (value.is_string()) texts.emplace_back(value.get_string().c_str(), value.get_string().size());
  }
  return texts;
}

json::object ToJson(const std::map<std::string, std::string>& texts) {
  json::object object;
  for (const auto& [name, text] : texts) object[name] = text;
  return object;
}

json::array ToJson(const std::vector<std::string>& texts) {
  json::array array;
  for (const auto& text : texts) array.emplace_back(text);
  return array;
}

}  // namespace tidemill::dataset
