// SPDX-License-Identifier: Apache-2.0
#include "python_json.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <map>
#include <set>
#include <string_view>
#include <vector>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <fmt/format.h>

#include "tidemill/base/sha256.h"

#include "body.h"

namespace tidemill::orchestrator {
namespace {

namespace json = boost::json;

// The code point at `at`, which moves behind it. The text is valid: it came through the JSON parser.
char32_t TakeCodePoint(std::string_view text, std::size_t& at) {
  const auto lead = static_cast<unsigned char>(text[at++]);
  if (lead < 0x80) return lead;
  const std::size_t more = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : 1;
  char32_t point = lead & (0x3FU >> more);
  for (std::size_t i = 0; i < more && at < text.size(); ++i) {
    point = point << 6U | (static_cast<unsigned char>(text[at++]) & 0x3FU);
  }
  return point;
}

void AppendEscaped(std::string& out, char32_t point) {
  constexpr std::string_view kShort = "\"\\\b\f\n\r\t";
  constexpr std::string_view kNames = "\"\\bfnrt";
  const std::size_t found = point < 0x80 ? kShort.find(static_cast<char>(point)) : std::string_view::npos;
  if (found != std::string_view::npos) {
    out += '\\';
    out += kNames[found];
  } else if (point >= 0x20 && point < 0x7F) {
    out += static_cast<char>(point);
  } else if (point < 0x10000) {
    out += fmt::format("\\u{:04x}", static_cast<unsigned>(point));
  } else {
    const unsigned rest = static_cast<unsigned>(point) - 0x10000U;
    out += fmt::format("\\u{:04x}\\u{:04x}", 0xD800U + (rest >> 10U), 0xDC00U + (rest & 0x3FFU));
  }
}

void AppendText(std::string& out, std::string_view text) {
  out += '"';
  for (std::size_t at = 0; at < text.size();) AppendEscaped(out, TakeCodePoint(text, at));
  out += '"';
}

// Python's repr: the shortest digits; an exponent from 1e16 on and below 1e-4.
std::string PythonDouble(double value) {
  std::array<char, 32> buffer{};
  const double size = std::abs(value);
  const bool scientific = size != 0 && (size >= 1e16 || size < 1e-4);
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value,
                                 scientific ? std::chars_format::scientific : std::chars_format::fixed)
                       .ptr;
  std::string text(buffer.data(), end);
  if (!scientific && text.find('.') == std::string::npos) text += ".0";
  return text;
}

void Append(std::string& out, const json::value& value);

void AppendObject(std::string& out, const json::object& object) {
  std::map<std::string_view, const json::value*> sorted;
  for (const auto& [key, value] : object) sorted.emplace(std::string_view(key.data(), key.size()), &value);
  out += '{';
  bool first = true;
  for (const auto& [key, value] : sorted) {
    if (!first) out += ", ";
    first = false;
    AppendText(out, key);
    out += ": ";
    Append(out, *value);
  }
  out += '}';
}

void AppendArray(std::string& out, const json::array& array) {
  out += '[';
  for (std::size_t i = 0; i < array.size(); ++i) {
    if (i > 0) out += ", ";
    Append(out, array[i]);
  }
  out += ']';
}

void Append(std::string& out, const json::value& value) {
  switch (value.kind()) {
    case json::kind::null:
      out += "null";
      return;
    case json::kind::bool_:
      out += value.get_bool() ? "true" : "false";
      return;
    case json::kind::int64:
      out += std::to_string(value.get_int64());
      return;
    case json::kind::uint64:
      out += std::to_string(value.get_uint64());
      return;
    case json::kind::double_:
      out += PythonDouble(value.get_double());
      return;
    case json::kind::string:
      return AppendText(out, {value.get_string().data(), value.get_string().size()});
    case json::kind::array:
      return AppendArray(out, value.get_array());
    case json::kind::object:
      return AppendObject(out, value.get_object());
  }
}

void DropSecretFields(json::value& value) {
  if (auto* object = value.if_object()) {
    object->erase("secret_fields");
    for (auto& member : *object) DropSecretFields(member.value());
  } else if (auto* array = value.if_array()) {
    for (json::value& element : *array) DropSecretFields(element);
  }
}

// Names of the definitions that a value refers to, and what those refer to in turn.
void CollectReferences(const json::value& value, const json::object& definitions, std::set<std::string>& found) {
  if (const auto* array = value.if_array()) {
    for (const json::value& element : *array) CollectReferences(element, definitions, found);
    return;
  }
  const auto* object = value.if_object();
  if (object == nullptr) return;
  for (const auto& [key, member] : *object) {
    constexpr std::string_view kPrefix = "#/definitions/";
    const auto* text = key == "$ref" ? member.if_string() : nullptr;
    if (text == nullptr) {
      CollectReferences(member, definitions, found);
      continue;
    }
    const std::string_view target(text->data(), text->size());
    if (!target.starts_with(kPrefix)) continue;
    const std::string name(target.substr(kPrefix.size()));
    const json::value* definition = definitions.if_contains(name);
    if (definition != nullptr && found.insert(name).second) CollectReferences(*definition, definitions, found);
  }
}

void KeepUsedDefinitions(json::object& fields) {
  const json::value* present = fields.if_contains("definitions");
  if (present == nullptr) return;
  const json::object definitions = present->is_object() ? present->get_object() : json::object();
  json::object rest = fields;
  rest.erase("definitions");
  std::set<std::string> used;
  CollectReferences(rest, definitions, used);
  json::object kept;
  for (const std::string& name : used) {
    const auto* definition = definitions.at(name).if_object();
    if (definition != nullptr && !definition->empty() && !definition->contains("block_type_slug"))
      kept[name] = *definition;
  }
  fields = std::move(rest);
  if (!kept.empty()) fields["definitions"] = kept;
}

}  // namespace

std::string PythonJson(const json::value& value) {
  std::string out;
  Append(out, value);
  return out;
}

std::string BlockChecksum(const json::object& fields) {
  json::value counted = fields;
  DropSecretFields(counted);
  KeepUsedDefinitions(counted.get_object());
  return "sha256:" + base::Sha256Hex("[[" + PythonJson(counted) + "], {}]");
}

}  // namespace tidemill::orchestrator
