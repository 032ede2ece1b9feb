// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include "tidemill/base/clock.h"

#include "answer.h"

namespace tidemill::orchestrator {

namespace json = boost::json;

// Parses a request's body; nothing sent is null. Refuses (422) what is no JSON or nested deeper than 64.
Outcome<json::value> ParseBody(std::string_view bytes);

// The member, or null where it is absent or null: in reads and creates the two mean the same.
const json::value* Find(const json::object& object, std::string_view name);
const json::object* FindObject(const json::object& object, std::string_view name);
const json::object& EmptyObject();
std::optional<std::string> TextMember(const json::object& object, std::string_view name);

// Reads the members of an object. A member that is absent or null is nothing; one of a wrong type is remembered, and
// Check() refuses the request for the first of them. Unknown members are ignored, for clients old and new.
class Members {
 public:
  explicit Members(const json::value& body) : object_(body.is_object() ? body.get_object() : EmptyObject()) {
    if (!body.is_object() && !body.is_null()) wrong_ = "an object was expected";
  }
  explicit Members(const json::object& object) : object_(object) {}

  std::optional<std::string> Text(std::string_view name);
  std::optional<std::int64_t> Int(std::string_view name);
  std::optional<double> Number(std::string_view name);
  std::optional<bool> Bool(std::string_view name);
  std::optional<base::Time> Instant(std::string_view name);
  std::optional<std::string> Id(std::string_view name);  // a UUID in lower case with dashes
  const json::object* Object(std::string_view name);
  // The member as JSON text, or `otherwise`; must be an object, a list, a list of texts, a list of objects.
  std::string JsonObject(std::string_view name, std::string_view otherwise = "{}");
  std::string JsonList(std::string_view name, std::string_view otherwise = "[]");
  std::string JsonTexts(std::string_view name, std::string_view otherwise = "[]");
  std::string JsonObjects(std::string_view name, std::string_view otherwise = "[]");
  std::string RequiredText(std::string_view name);
  std::string RequiredId(std::string_view name);

  const json::object& object() const { return object_; }
  // Present, be it as null: a PATCH clears then.
  bool Has(std::string_view name) const { return object_.contains(name); }
  Outcome<void> Check() const;

 private:
  template <class T>
  std::optional<T> Wrong(std::string_view name, std::string_view expected) {
    Note(name, expected);
    return std::nullopt;
  }
  void Note(std::string_view name, std::string_view expected);
  std::string ListOf(std::string_view name, std::string_view otherwise, bool (*holds)(const json::value&),
                     std::string_view expected);

  const json::object& object_;
  std::string member_, wrong_;
};

// A UUID in any case, with or without dashes, as lower case with dashes; nothing for other texts.
std::optional<std::string> ParseId(std::string_view text);

}  // namespace tidemill::orchestrator
