// SPDX-License-Identifier: Apache-2.0
#include "event_filter.h"

#include <array>
#include <string>
#include <utility>

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include "filter.h"
#include "instant.h"
#include "text_search.h"

namespace tidemill::orchestrator {
namespace {

// Prefect's clients send empty lists for what they do not ask.
const json::value* FindList(const json::object& filter, std::string_view name) {
  const json::value* found = Find(filter, name);
  return found != nullptr && found->is_array() && found->get_array().empty() ? nullptr : found;
}

// One text or several.
Outcome<json::array> TextsOf(std::string_view member, const json::value& value) {
  json::array list;
  if (value.is_array()) {
    list = value.get_array();
  } else {
    list.push_back(value);
  }
  for (const json::value& text : list) {
    if (!text.is_string()) return RefuseMember(member, "a text or a list of texts was expected");
  }
  return list;
}

// The same as JSON, for json_each.
Outcome<std::string> TextList(std::string_view member, const json::value& value) {
  TIDEMILL_ASSIGN(const json::array list, TextsOf(member, value));
  return json::serialize(list);
}

// Whose patterns these are: '*' and '?' stand for letters in both, "[abc]" and "[!abc]" for one letter in a trigger's.
enum class Pattern : std::uint8_t { kOfFilter, kOfTrigger };

// Where the class of letters that begins at `at` ends, or npos: a ']' in its first place is one of them.
std::size_t EndOfClass(std::string_view pattern, std::size_t at) {
  std::size_t first = at + 1;
  if (first < pattern.size() && pattern[first] == '!') ++first;
  return first + 1 < pattern.size() ? pattern.find(']', first + 1) : std::string_view::npos;
}

std::string GlobOf(std::string_view pattern, Pattern kind) {
  std::string glob;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    const std::size_t end = pattern[i] == '[' && kind == Pattern::kOfTrigger ? EndOfClass(pattern, i) : pattern.npos;
    if (end != std::string_view::npos) {
      std::string letters(pattern.substr(i, end - i + 1));
      if (letters[1] == '!') letters[1] = '^';
      glob += letters;
      i = end;
    } else if (pattern[i] == '[') {
      glob += "[[]";
    } else {
      glob += pattern[i];
    }
  }
  return glob;
}

// A text is like one of the patterns, or, of one with "!" before it, not like the rest of it.
Outcome<std::string> Likeness(std::string_view text, std::string_view member, const json::value& patterns, Pattern kind,
                              Selection& selection) {
  TIDEMILL_ASSIGN(const json::array list, TextsOf(member, patterns));
  json::array like, unlike;
  for (const json::value& one : list) {
    const std::string_view pattern = one.get_string();
    if (pattern.starts_with('!')) {
      unlike.emplace_back(GlobOf(pattern.substr(1), kind));
    } else {
      like.emplace_back(GlobOf(pattern, kind));
    }
  }
  std::string condition = fmt::format("(EXISTS(SELECT 1 FROM json_each({}) w WHERE {} GLOB w.value)",
                                      Mark(selection, json::serialize(like)), text);
  if (!unlike.empty()) {
    condition += fmt::format(" OR EXISTS(SELECT 1 FROM json_each({}) w WHERE {} NOT GLOB w.value)",
                             Mark(selection, json::serialize(unlike)), text);
  }
  return condition + ")";
}

constexpr std::string_view kHasPrefix =
    "EXISTS(SELECT 1 FROM json_each({1}) w WHERE substr({0}, 1, length(w.value)) = w.value)";

// A text of the event against the lists `name` and `prefix` and their opposites.
Outcome<void> AddNameFilter(const json::object& filter, Selection& selection) {
  for (const auto& [key, value] : filter) {
    if (value.is_null()) continue;
    const std::string_view name(key.data(), key.size());
    const bool prefix = name.ends_with("prefix");
    if (!prefix && !name.ends_with("name")) continue;
    TIDEMILL_ASSIGN(std::string list, TextList("event", value));
    if (list.size() == 2) continue;  // "[]"
    const std::string mark = Mark(selection, std::move(list));
    const std::string condition = prefix ? fmt::format(fmt::runtime(kHasPrefix), "e.name", mark)
                                         : fmt::format("e.name IN (SELECT value FROM json_each({}))", mark);
    selection.where += name.starts_with("exclude_") ? " AND NOT " + condition : " AND " + condition;
  }
  return {};
}

// `object` is SQL of a JSON object of labels.
Outcome<std::string> LabelsCondition(const json::object& labels, std::string_view object, Pattern kind,
                                     Selection& selection) {
  if (labels.size() > kMostConditions)
    return RefuseMember("labels", fmt::format("{} at most were expected", kMostConditions));
  std::string condition;
  for (const auto& [key, value] : labels) {
    const std::string name = Mark(selection, std::string(key.data(), key.size()));
    TIDEMILL_ASSIGN(const std::string likeness, Likeness("l.value", "labels", value, kind, selection));
    condition +=
        fmt::format(" AND EXISTS(SELECT 1 FROM json_each({}) l WHERE l.key = {} AND {})", object, name, likeness);
  }
  return condition;
}

// [["port.1", "origin"]]: ids of resources with their roles.
Outcome<std::string> PairList(const json::value& pairs) {
  constexpr std::string_view kExpected = "a list of pairs of an id and a role was expected";
  if (!pairs.is_array()) return RefuseMember("related.resources_in_roles", kExpected);
  for (const json::value& pair : pairs.get_array()) {
    const json::array* both = pair.if_array();
    if (both == nullptr || both->size() != 2 || !both->at(0).is_string() || !both->at(1).is_string())
      return RefuseMember("related.resources_in_roles", kExpected);
  }
  return json::serialize(pairs);
}

// The conditions of a resource filter on the object `object` whose id is `id`.
Outcome<std::string> ResourceCondition(const json::object& filter, std::string_view id, std::string_view object,
                                       Selection& selection) {
  std::string condition = "1";
  if (const json::value* ids = FindList(filter, "id")) {
    TIDEMILL_ASSIGN(std::string list, TextList("resource.id", *ids));
    condition += fmt::format(" AND {} IN (SELECT value FROM json_each({}))", id, Mark(selection, std::move(list)));
  }
  if (const json::value* prefixes = FindList(filter, "id_prefix")) {
    TIDEMILL_ASSIGN(std::string list, TextList("resource.id_prefix", *prefixes));
    condition += " AND " + fmt::format(fmt::runtime(kHasPrefix), id, Mark(selection, std::move(list)));
  }
  if (const json::value* roles = FindList(filter, "role")) {
    TIDEMILL_ASSIGN(std::string list, TextList("related.role", *roles));
    condition +=
        fmt::format(" AND json_extract({}, '$.\"prefect.resource.role\"') IN (SELECT value FROM json_each({}))", object,
                    Mark(selection, std::move(list)));
  }
  if (const json::value* pairs = FindList(filter, "resources_in_roles")) {
    TIDEMILL_ASSIGN(const std::string list, PairList(*pairs));
    condition += fmt::format(
        " AND EXISTS(SELECT 1 FROM json_each({}) w WHERE json_extract(w.value, '$[0]') = {} AND json_extract(w.value, "
        "'$[1]') = json_extract({}, '$.\"prefect.resource.role\"'))",
        Mark(selection, list), id, object);
  }
  if (const json::object* labels = FindObject(filter, "labels")) {
    TIDEMILL_ASSIGN(const std::string more, LabelsCondition(*labels, object, Pattern::kOfFilter, selection));
    condition += more;
  }
  return condition;
}

constexpr std::string_view kRelatedId = "json_extract(x.value, '$.\"prefect.resource.id\"')";

Outcome<std::string> OneResource(const json::object& filter, Selection& selection) {
  return ResourceCondition(filter, "e.resource_id", "json_extract(e.body, '$.resource')", selection);
}

Outcome<std::string> OneRelated(const json::object& filter, Selection& selection) {
  TIDEMILL_ASSIGN(const std::string condition, ResourceCondition(filter, kRelatedId, "x.value", selection));
  if (condition == "1") return condition;  // asks nothing: an event without related resources will do too
  return fmt::format("EXISTS(SELECT 1 FROM json_each(e.body, '$.related') x WHERE {})", condition);
}

Outcome<std::string> AnyResource(const json::object& filter, Selection& selection) {
  TIDEMILL_ASSIGN(const std::string own, OneResource(filter, selection));
  TIDEMILL_ASSIGN(const std::string related, OneRelated(filter, selection));
  return fmt::format("(({}) OR {})", own, related);
}

// A filter or a list of them that all must hold.
Outcome<void> AddEach(const json::object& filter, std::string_view name, Selection& selection,
                      Outcome<std::string> (*condition_of)(const json::object&, Selection&)) {
  const json::value* found = Find(filter, name);
  if (found == nullptr) return {};
  json::array list;
  if (found->is_array()) {
    list = found->get_array();
  } else {
    list.push_back(*found);
  }
  if (list.size() > kMostConditions)
    return RefuseMember(name, fmt::format("{} at most were expected", kMostConditions));
  for (const json::value& one : list) {
    if (!one.is_object()) return RefuseMember(name, "an object was expected");
    TIDEMILL_ASSIGN(const std::string condition, condition_of(one.get_object(), selection));
    selection.where += fmt::format(" AND ({})", condition);
  }
  return {};
}

Outcome<void> AddOccurred(const json::object& filter, Selection& selection) {
  Members members(filter);
  const auto since = members.Instant("since");
  const auto until = members.Instant("until");
  TIDEMILL_CHECK(members.Check());
  if (since) selection.where += " AND e.occurred >= " + Mark(selection, Micros(*since));
  if (until) selection.where += " AND e.occurred <= " + Mark(selection, Micros(*until));
  return {};
}

Outcome<std::string> IdList(const json::value& value) {
  json::array ids;
  TIDEMILL_ASSIGN(const json::array list, TextsOf("id", value));
  for (const json::value& one : list) {
    const auto id = ParseId(one.get_string());
    if (!id) return RefuseMember("id", "UUIDs were expected");
    ids.emplace_back(*id);
  }
  return json::serialize(ids);
}

constexpr std::array kEventColumns{Column{"event", "e.body", Kind::kJson}};

}  // namespace

const Entity kEvent{"Event", "event e", kEventColumns};

Outcome<void> AddEventFilter(const json::object& filter, Selection& selection) {
  if (const json::object* occurred = FindObject(filter, "occurred")) TIDEMILL_CHECK(AddOccurred(*occurred, selection));
  if (const json::object* names = FindObject(filter, "event")) TIDEMILL_CHECK(AddNameFilter(*names, selection));
  TIDEMILL_CHECK(AddEach(filter, "resource", selection, OneResource));
  TIDEMILL_CHECK(AddEach(filter, "related", selection, OneRelated));
  TIDEMILL_CHECK(AddEach(filter, "any_resource", selection, AnyResource));
  if (const json::object* ids = FindObject(filter, "id")) {
    if (const json::value* list = FindList(*ids, "id")) {
      TIDEMILL_ASSIGN(std::string text, IdList(*list));
      selection.where +=
          fmt::format(" AND e.id IN (SELECT value FROM json_each({}))", Mark(selection, std::move(text)));
    }
  }
  return AddTextSearch(filter,
                       "(e.name || ' ' || json_extract(e.body, '$.resource') || ' ' || json_extract(e.body, "
                       "'$.related') || ' ' || json_extract(e.body, '$.payload'))",
                       selection);
}

Outcome<void> AddEventNames(const json::value& names, Selection& selection) {
  if (names.is_array() && names.get_array().empty()) return {};
  TIDEMILL_ASSIGN(const std::string likeness, Likeness("e.name", "expect", names, Pattern::kOfTrigger, selection));
  selection.where += " AND " + likeness;
  return {};
}

Outcome<void> AddResourceLabels(const json::object& labels, Selection& selection) {
  TIDEMILL_ASSIGN(const std::string condition,
                  LabelsCondition(labels, "json_extract(e.body, '$.resource')", Pattern::kOfTrigger, selection));
  selection.where += condition;
  return {};
}

Outcome<void> AddRelatedLabels(const json::object& labels, Selection& selection) {
  if (labels.empty()) return {};
  TIDEMILL_ASSIGN(const std::string condition, LabelsCondition(labels, "x.value", Pattern::kOfTrigger, selection));
  selection.where += fmt::format(" AND EXISTS(SELECT 1 FROM json_each(e.body, '$.related') x WHERE 1{})", condition);
  return {};
}

}  // namespace tidemill::orchestrator
