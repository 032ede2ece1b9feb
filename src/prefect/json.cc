// SPDX-License-Identifier: Apache-2.0
#include "tidemill/prefect/json.h"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "tidemill/base/text.h"

namespace tidemill::prefect {
namespace {

constexpr std::size_t kDeepest = 64;

void Indent(std::string& out, std::size_t level) {
  out += '\n';
  out.append(2 * level, ' ');
}

void Append(std::string& out, const json::value& value, std::size_t level) {
  if (value.is_object() && !value.get_object().empty()) {
    out += '{';
    bool first = true;
    for (const auto& [name, member] : value.get_object()) {
      if (!std::exchange(first, false)) out += ',';
      Indent(out, level + 1);
      base::AppendJsonString(out, name);
      out += ": ";
      Append(out, member, level + 1);
    }
    Indent(out, level);
    out += '}';
  } else if (value.is_array() && !value.get_array().empty()) {
    out += '[';
    bool first = true;
    for (const json::value& item : value.get_array()) {
      if (!std::exchange(first, false)) out += ',';
      Indent(out, level + 1);
      Append(out, item, level + 1);
    }
    Indent(out, level);
    out += ']';
  } else {
    out += json::serialize(value);
  }
}

}  // namespace

base::Result<json::value> ParseJson(std::string_view text, std::string_view what) {
  json::parse_options options;
  options.max_depth = kDeepest;
  json::error_code error;
  json::value value = json::parse(json::string_view(text.data(), text.size()), error, {}, options);
  if (error) {
    return base::Fail(base::ErrorCode::kMalformed, "{}: expected JSON, found {}", what, base::Quoted(text));
  }
  return value;
}

std::string ToText(const json::value& value) {
  return json::serialize(value);
}

std::string ToIndentedText(const json::value& value) {
  std::string out;
  Append(out, value, 0);
  return out + "\n";
}

const json::value* Find(const json::object& of, std::string_view path) {
  const json::object* object = &of;
  for (;;) {
    const std::size_t dot = path.find('.');
    const json::value* found = object->if_contains(json::string_view(path.data(), std::min(dot, path.size())));
    if (found == nullptr || found->is_null()) return nullptr;
    if (dot == std::string_view::npos) return found;
    object = found->if_object();
    if (object == nullptr) return nullptr;
    path.remove_prefix(dot + 1);
  }
}

const json::value* Find(const json::value& of, std::string_view path) {
  return of.is_object() ? Find(of.get_object(), path) : nullptr;
}

std::string AsText(const json::value& value) {
  if (value.is_null()) return {};
  if (value.is_string()) return std::string(value.get_string());
  return json::serialize(value);
}

std::string TextIn(const json::object& of, std::string_view path) {
  const json::value* found = Find(of, path);
  return found != nullptr ? AsText(*found) : std::string();
}

std::string TextIn(const json::value& of, std::string_view path) {
  return of.is_object() ? TextIn(of.get_object(), path) : std::string();
}

const json::object& AsObject(const json::value& value) {
  static const json::object kEmpty;
  return value.is_object() ? value.get_object() : kEmpty;
}

const json::array& AsArray(const json::value& value) {
  static const json::array kEmpty;
  return value.is_array() ? value.get_array() : kEmpty;
}

const json::object& ObjectIn(const json::object& of, std::string_view path) {
  static const json::value kNone;
  const json::value* found = Find(of, path);
  return AsObject(found != nullptr ? *found : kNone);
}

const json::object& ObjectIn(const json::value& of, std::string_view path) {
  return ObjectIn(AsObject(of), path);
}

const json::array& ArrayIn(const json::object& of, std::string_view path) {
  static const json::value kNone;
  const json::value* found = Find(of, path);
  return AsArray(found != nullptr ? *found : kNone);
}

const json::array& ArrayIn(const json::value& of, std::string_view path) {
  return ArrayIn(AsObject(of), path);
}

json::value TextOrNull(std::string_view text) {
  if (text.empty()) return nullptr;
  return json::string(text.data(), text.size());
}

json::value JsonOrText(std::string_view text) {
  auto parsed = ParseJson(text, "value");
  if (parsed) return *std::move(parsed);
  return json::string(text.data(), text.size());
}

}  // namespace tidemill::prefect
