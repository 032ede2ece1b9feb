// SPDX-License-Identifier: Apache-2.0
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include "tidemill/base/text.h"

#include "automations.h"

namespace tidemill::orchestrator {
namespace {

struct Placeholder {
  std::string_view path;       // "event.resource.id"
  std::string_view otherwise;  // of default(…)
  bool sound = false;
};

bool IsPath(std::string_view text) {
  if (text.empty()) return false;
  for (const char c : text) {
    const bool fits =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.' || c == '-';
    if (!fits) return false;
  }
  return true;
}

// What stands between the braces.
Placeholder ReadPlaceholder(std::string_view inside) {
  constexpr std::string_view kDefault = "default(";
  Placeholder found;
  const std::size_t bar = inside.find('|');
  found.path = base::Trim(inside.substr(0, bar));
  found.sound = IsPath(found.path);
  if (bar == std::string_view::npos) return found;
  std::string_view rest = base::Trim(inside.substr(bar + 1));
  found.sound = found.sound && rest.starts_with(kDefault) && rest.ends_with(')');
  if (!found.sound) return found;
  rest = base::Trim(rest.substr(kDefault.size(), rest.size() - kDefault.size() - 1));
  const bool quoted = rest.size() >= 2 && (rest.front() == '\'' || rest.front() == '"') && rest.back() == rest.front();
  found.otherwise = quoted ? rest.substr(1, rest.size() - 2) : rest;
  return found;
}

// The longest member's name that the path begins with counts: names of labels hold dots themselves.
const json::value* FindPath(const json::object& object, std::string_view path) {
  for (std::size_t end = path.size(); end != std::string_view::npos && end > 0; end = path.rfind('.', end - 1)) {
    const json::value* found = Find(object, path.substr(0, end));
    if (found == nullptr) continue;
    if (end == path.size()) return found;
    if (!found->is_object()) continue;
    if (const json::value* below = FindPath(found->get_object(), path.substr(end + 1))) return below;
  }
  return nullptr;
}

std::string Shown(const json::value* value, std::string_view otherwise) {
  if (value == nullptr) return std::string(otherwise);
  if (value->is_string()) return std::string(value->get_string());
  return json::serialize(*value);
}

}  // namespace

std::string FillTemplate(std::string_view text, const json::object& values) {
  std::string filled;
  while (true) {
    const std::size_t begin = text.find("{{");
    const std::size_t end = begin == std::string_view::npos ? begin : text.find("}}", begin);
    if (end == std::string_view::npos) break;
    filled += text.substr(0, begin);
    const Placeholder placeholder = ReadPlaceholder(text.substr(begin + 2, end - begin - 2));
    if (placeholder.sound) filled += Shown(FindPath(values, placeholder.path), placeholder.otherwise);
    text.remove_prefix(end + 2);
  }
  return filled += text;
}

std::string BadPlaceholder(std::string_view text) {
  if (text.find("{%") != std::string_view::npos) return "{%";
  while (true) {
    const std::size_t begin = text.find("{{");
    if (begin == std::string_view::npos) return {};
    const std::size_t end = text.find("}}", begin);
    if (end == std::string_view::npos) return std::string(text.substr(begin));
    const std::string_view inside = text.substr(begin + 2, end - begin - 2);
    if (!ReadPlaceholder(inside).sound) return "{{" + std::string(inside) + "}}";
    text.remove_prefix(end + 2);
  }
}

json::value FillTexts(const json::value& value, const json::object& values) {
  if (value.is_string()) return json::string(FillTemplate(std::string_view(value.get_string()), values));
  if (value.is_array()) {
    json::array list;
    for (const json::value& one : value.get_array()) list.push_back(FillTexts(one, values));
    return list;
  }
  if (!value.is_object()) return value;
  json::object object;
  for (const auto& [key, member] : value.get_object()) object[key] = FillTexts(member, values);
  return object;
}

}  // namespace tidemill::orchestrator
