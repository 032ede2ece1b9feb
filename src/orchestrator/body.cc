// SPDX-License-Identifier: Apache-2.0
#include "body.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include "tidemill/base/text.h"

#include "instant.h"

namespace tidemill::orchestrator {
namespace {

constexpr std::size_t kDeepestBody = 64;
constexpr double kMostWhole = 9.0e15;

std::string Text(const json::string& text) {
  return {text.data(), text.size()};
}

}  // namespace

Outcome<json::value> ParseBody(std::string_view bytes) {
  if (base::Trim(bytes).empty()) return json::value();
  boost::system::error_code error;
  json::parse_options options;
  options.max_depth = kDeepestBody;
  json::value value = json::parse({bytes.data(), bytes.size()}, error, {}, options);
  if (error) return RefuseMember("", fmt::format("the body is no JSON: {}", error.message()));
  return value;
}

const json::value* Find(const json::object& object, std::string_view name) {
  const json::value* found = object.if_contains({name.data(), name.size()});
  return found == nullptr || found->is_null() ? nullptr : found;
}

const json::object* FindObject(const json::object& object, std::string_view name) {
  const json::value* found = Find(object, name);
  return found == nullptr ? nullptr : found->if_object();
}

const json::object& EmptyObject() {
  static const json::object kEmpty;
  return kEmpty;
}

std::optional<std::string> TextMember(const json::object& object, std::string_view name) {
  const json::value* found = Find(object, name);
  if (found == nullptr || !found->is_string()) return std::nullopt;
  return Text(found->get_string());
}

void Members::Note(std::string_view name, std::string_view expected) {
  if (!wrong_.empty()) return;
  member_ = name;
  wrong_ = expected;
}

std::optional<std::string> Members::Text(std::string_view name) {
  const json::value* found = Find(object_, name);
  if (found == nullptr) return std::nullopt;
  if (!found->is_string()) return Wrong<std::string>(name, "a text was expected");
  return orchestrator::Text(found->get_string());
}

std::optional<double> Members::Number(std::string_view name) {
  const json::value* found = Find(object_, name);
  if (found == nullptr) return std::nullopt;
  if (!found->is_number()) return Wrong<double>(name, "a number was expected");
  return found->to_number<double>();
}

std::optional<std::int64_t> Members::Int(std::string_view name) {
  const auto number = Number(name);
  if (!number) return std::nullopt;
  if (std::abs(*number) > kMostWhole || *number != std::floor(*number)) {
    return Wrong<std::int64_t>(name, "a whole number was expected");
  }
  return static_cast<std::int64_t>(*number);
}

std::optional<bool> Members::Bool(std::string_view name) {
  const json::value* found = Find(object_, name);
  if (found == nullptr) return std::nullopt;
  if (!found->is_bool()) return Wrong<bool>(name, "true or false was expected");
  return found->get_bool();
}

std::optional<base::Time> Members::Instant(std::string_view name) {
  const auto text = Text(name);
  if (!text) return std::nullopt;
  const auto time = ParseInstant(*text);
  if (!time) return Wrong<base::Time>(name, "an instant such as 2026-01-31T12:00:00Z was expected");
  return time;
}

std::optional<std::string> Members::Id(std::string_view name) {
  const auto text = Text(name);
  if (!text) return std::nullopt;
  auto id = ParseId(*text);
  if (!id) return Wrong<std::string>(name, "a UUID was expected");
  return id;
}

const json::object* Members::Object(std::string_view name) {
  const json::value* found = Find(object_, name);
  if (found == nullptr) return nullptr;
  if (!found->is_object()) Note(name, "an object was expected");
  return found->if_object();
}

std::string Members::JsonObject(std::string_view name, std::string_view otherwise) {
  const json::value* found = Find(object_, name);
  if (found == nullptr) return std::string(otherwise);
  if (!found->is_object()) Note(name, "an object was expected");
  return json::serialize(*found);
}

std::string Members::ListOf(std::string_view name, std::string_view otherwise, bool (*holds)(const json::value&),
                            std::string_view expected) {
  const json::value* found = Find(object_, name);
  if (found == nullptr) return std::string(otherwise);
  const json::array* list = found->if_array();
  if (list == nullptr || !std::all_of(list->begin(), list->end(), holds)) {
    Note(name, expected);
    return std::string(otherwise);
  }
  return json::serialize(*found);
}

std::string Members::JsonList(std::string_view name, std::string_view otherwise) {
  return ListOf(name, otherwise, [](const json::value& /*any*/) { return true; }, "a list was expected");
}

std::string Members::JsonTexts(std::string_view name, std::string_view otherwise) {
  return ListOf(
      name, otherwise, [](const json::value& one) { return one.is_string(); }, "a list of texts was expected");
}

std::string Members::JsonObjects(std::string_view name, std::string_view otherwise) {
  return ListOf(
      name, otherwise, [](const json::value& one) { return one.is_object(); }, "a list of objects was expected");
}

std::string Members::RequiredText(std::string_view name) {
  auto text = Text(name);
  if (!text) Note(name, "field required");
  return text.value_or("");
}

std::string Members::RequiredId(std::string_view name) {
  auto id = Id(name);
  if (!id) Note(name, "field required");
  return id.value_or("");
}

Outcome<void> Members::Check() const {
  if (!wrong_.empty()) return RefuseMember(member_, wrong_);
  return {};
}

std::optional<std::string> ParseId(std::string_view text) {
  constexpr std::size_t kDigits = 32;
  std::string id;
  std::size_t digits = 0;
  for (const char c : text) {
    if (c == '-') continue;
    const bool lower = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
    const bool upper = c >= 'A' && c <= 'F';
    if ((!lower && !upper) || ++digits > kDigits) return std::nullopt;
    if (digits == 9 || digits == 13 || digits == 17 || digits == 21) id += '-';
    id += upper ? static_cast<char>(c - 'A' + 'a') : c;
  }
  if (digits != kDigits || (text.size() != kDigits && text.size() != id.size())) return std::nullopt;
  return id;
}

}  // namespace tidemill::orchestrator
