// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include "tidemill/base/result.h"

// JSON as the wire has it, for the modules on the client's side: they take values, and ask for members by these
// functions, for which an absent member and a null are the same.
namespace tidemill::prefect {

namespace json = boost::json;

// kMalformed for what is no JSON or nested deeper than 64; `what` names it.
base::Result<json::value> ParseJson(std::string_view text, std::string_view what);
std::string ToText(const json::value& value);
// With two blanks a level, members in their order, a newline at the end.
std::string ToIndentedText(const json::value& value);

// The member, or null where it is absent, is null, or `of` is no object. Names may be dotted: "state.name".
const json::value* Find(const json::value& of, std::string_view path);
const json::value* Find(const json::object& of, std::string_view path);
// A text as it stands, anything else as JSON; empty where there is none.
std::string TextIn(const json::value& of, std::string_view path);
std::string TextIn(const json::object& of, std::string_view path);
std::string AsText(const json::value& value);
// An empty one where it is none.
const json::object& ObjectIn(const json::value& of, std::string_view path);
const json::object& ObjectIn(const json::object& of, std::string_view path);
const json::array& ArrayIn(const json::value& of, std::string_view path);
const json::array& ArrayIn(const json::object& of, std::string_view path);
const json::object& AsObject(const json::value& value);
const json::array& AsArray(const json::value& value);

// A text or null.
json::value TextOrNull(std::string_view text);
// What was typed: JSON where it is some, else the text itself.
json::value JsonOrText(std::string_view text);

}  // namespace tidemill::prefect
