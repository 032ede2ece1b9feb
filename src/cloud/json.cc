// SPDX-License-Identifier: Apache-2.0
#include "json.h"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include "tidemill/base/text.h"

namespace tidemill::cloud {

namespace json = boost::json;

namespace {

const json::value* Member(const json::object& object, std::string_view name) {
  return object.if_contains({name.data(), name.size()});
}

}  // namespace

base::Result<json::object> ParseObject(std::string_view text, const std::string& place) {
  json::error_code error;
  json::value value = json::parse({text.data(), text.size()}, error);
  if (error || !value.is_object()) {
    return base::FailAt(base::ErrorCode::kMalformed, place, "is no JSON object");
  }
  return std::move(value.get_object());
}

std::string Text(const json::object& object, std::string_view name) {
  const json::value* member = Member(object, name);
  const json::string* text = member == nullptr ? nullptr : member->if_string();
  return text == nullptr ? std::string() : std::string(text->data(), text->size());
}

std::int64_t Number(const json::object& object, std::string_view name, std::int64_t otherwise) {
  const json::value* member = Member(object, name);
  if (member == nullptr) return otherwise;
  if (const auto* number = member->if_int64()) return *number;
  return base::ParseInt(Text(object, name)).value_or(otherwise);
}

bool Flag(const json::object& object, std::string_view name) {
  const json::value* member = Member(object, name);
  return member != nullptr && member->is_bool() && member->get_bool();
}

const json::object& Object(const json::object& object, std::string_view name) {
  static const json::object kNone;
  const json::value* member = Member(object, name);
  const json::object* found = member == nullptr ? nullptr : member->if_object();
  return found == nullptr ? kNone : *found;
}

const json::array& Array(const json::object& object, std::string_view name) {
  static const json::array kNone;
  const json::value* member = Member(object, name);
  const json::array* found = member == nullptr ? nullptr : member->if_array();
  return found == nullptr ? kNone : *found;
}

}  // namespace tidemill::cloud
