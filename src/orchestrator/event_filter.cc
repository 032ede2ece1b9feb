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

namespace tidemill::orchestrator {
namespace {

// Prefect's clients send empty lists for what they do not ask.
const json::value* FindList(const json::object& filter, std::string_view name) {
  const json::value* found = Find(filter, name);
  return found != nullptr && found->is_array() && found->get_array().empty() ? nullptr : found;
}

// One text or several as a list, for json_each.
Outcome<std::string> TextList(std::string_view member, const json::value& value) {
  json::array list;
  if (value.is_array()) {
    list = value.get_array();
  } else {
    list.push_back(value);
  }
  for (const json::value& text : list) {
    if (!text.is_string()) return RefuseMember(member, "a text or a list of texts was expected");
  }
  return json::serialize(list);
}

// A text equals one of the list, where '*' at the end of one stands for any rest and "!" before it for the opposite.
std::string Likeness(std::string_view text, std::string_view list) {
  return fmt::format(
      "EXISTS(SELECT 1 FROM json_each({1}) w WHERE {0} = w.value OR (w.value LIKE '%*' AND "
      "substr({0}, 1, length(w.value) - 1) = substr(w.value, 1, length(w.value) - 1)) OR (w.value LIKE '!%' AND "
      "{0} <> substr(w.value, 2)))",
      text, list);
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
Outcome<std::string> LabelsCondition(const json::object& labels, std::string_view object, Selection& selection) {
  std::string condition;
  for (const auto& [key, value] : labels) {
    TIDEMILL_ASSIGN(std::string list, TextList("labels", value));
    const std::string name = Mark(selection, std::string(key.data(), key.size()));
    const std::string mark = Mark(selection, std::move(list));
    condition += fmt::format(" AND EXISTS(SELECT 1 FROM json_each({}) l WHERE l.key = {} AND {})", object, name,
                             Likeness("l.value", mark));
  }
  return condition;
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
  if (const json::object* labels = FindObject(filter, "labels")) {
    TIDEMILL_ASSIGN(const std::string more, LabelsCondition(*labels, object, selection));
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
      TIDEMILL_ASSIGN(std::string text, TextList("id", *list));
      selection.where +=
          fmt::format(" AND e.id IN (SELECT value FROM json_each({}))", Mark(selection, std::move(text)));
    }
  }
  if (const json::object* text = FindObject(filter, "text")) {
    const std::string wanted = TextMember(*text, "query").value_or("");
    if (!wanted.empty())
      selection.where += fmt::format(" AND instr(lower(e.body), lower({})) > 0", Mark(selection, wanted));
  }
  return {};
}

Outcome<void> AddEventNames(const json::value& names, Selection& selection) {
  TIDEMILL_ASSIGN(std::string list, TextList("expect", names));
  if (list.size() > 2) selection.where += " AND " + Likeness("e.name", Mark(selection, std::move(list)));
  return {};
}

Outcome<void> AddResourceLabels(const json::object& labels, Selection& selection) {
  TIDEMILL_ASSIGN(const std::string condition,
                  LabelsCondition(labels, "json_extract(e.body, '$.resource')", selection));
  selection.where += condition;
  return {};
}

Outcome<void> AddRelatedLabels(const json::object& labels, Selection& selection) {
  if (labels.empty()) return {};
  TIDEMILL_ASSIGN(const std::string condition, LabelsCondition(labels, "x.value", selection));
  selection.where += fmt::format(" AND EXISTS(SELECT 1 FROM json_each(e.body, '$.related') x WHERE 1{})", condition);
  return {};
}

}  // namespace tidemill::orchestrator
