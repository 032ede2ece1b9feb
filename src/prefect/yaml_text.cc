// SPDX-License-Identifier: Apache-2.0
#include "yaml_text.h"

#include <algorithm>
#include <array>

#include <boost/json/serialize.hpp>

#include "tidemill/base/text.h"

namespace tidemill::prefect {
namespace {

bool IsAlnum(char c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

// What other readers would take for a null, a truth value, a number or a date, by YAML 1.1 or 1.2.
bool LooksTyped(std::string_view text) {
  constexpr std::array<std::string_view, 11> kWords{"null", "true", "false", "yes", "no",  "on",
                                                    "off",  "y",    "n",     "~",   ".nan"};
  const std::string lower = base::Lower(text);
  if (std::find(kWords.begin(), kWords.end(), lower) != kWords.end()) return true;
  if (text.starts_with("0x") || text.starts_with("0o")) return true;
  return std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= '0' && c <= '9') || std::string_view("+-.eE:_xTZ").find(c) != std::string_view::npos;
  });
}

bool IsPlain(std::string_view text) {
  if (text.empty() || text.back() == ' ' || text.back() == ':' || LooksTyped(text)) return false;
  if (!IsAlnum(text.front()) && text.front() != '/' && text.front() != '_' && text.front() != '.') return false;
  if (text.find(": ") != std::string_view::npos || text.find(" #") != std::string_view::npos) return false;
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) >= 0x20 && c != 0x7F; });
}

std::string ScalarOf(const json::value& value) {
  if (value.is_string()) return YamlScalar(std::string_view(value.get_string()));
  if (value.is_object()) return "{}";
  if (value.is_array()) return "[]";
  if (value.is_double()) {
    std::string number = base::ShortestDouble(value.get_double());
    if (number.find_first_of(".eE") == std::string::npos) number += ".0";
    return number;
  }
  return json::serialize(value);
}

bool IsEmpty(const json::value& value) {
  return (value.is_object() && value.get_object().empty()) || (value.is_array() && value.get_array().empty());
}

void AppendItems(std::string& out, const json::array& items, std::size_t level) {
  for (const json::value& item : items) {
    out.append(2 * level, ' ');
    if (item.is_object() && !item.get_object().empty()) {
      std::string block;
      for (const auto& [name, value] : item.get_object()) {
        AppendYamlMember(block, std::string_view(name), value, level + 1);
      }
      out += "- " + block.substr(2 * (level + 1));
    } else if (item.is_array() && !item.get_array().empty()) {
      out += "-\n";
      AppendItems(out, item.get_array(), level + 1);
    } else {
      out += "- " + ScalarOf(item) + "\n";
    }
  }
}

}  // namespace

std::string YamlScalar(std::string_view text) {
  if (IsPlain(text)) return std::string(text);
  const bool control =
      std::any_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; });
  if (control) return base::JsonString(text);
  std::string out = "'";
  for (const char c : text) out.append(c == '\'' ? 2 : 1, c);
  return out + "'";
}

void AppendYamlMember(std::string& out, std::string_view name, const json::value& value, std::size_t level) {
  out.append(2 * level, ' ');
  out += YamlScalar(name) + ":";
  if (value.is_object() && !IsEmpty(value)) {
    out += "\n";
    for (const auto& [key, member] : value.get_object()) {
      AppendYamlMember(out, std::string_view(key), member, level + 1);
    }
  } else if (value.is_array() && !IsEmpty(value)) {
    out += "\n";
    AppendItems(out, value.get_array(), level);
  } else {
    out += " " + ScalarOf(value) + "\n";
  }
}

}  // namespace tidemill::prefect
