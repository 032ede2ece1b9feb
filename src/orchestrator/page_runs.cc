// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "tidemill/base/json_writer.h"
#include "tidemill/base/text.h"

#include "instant.h"
#include "pages.h"
#include "state.h"

namespace tidemill::orchestrator {
namespace {

constexpr std::int64_t kLimit = 50;
constexpr std::int64_t kMost = 200;
constexpr std::int64_t kLongestSeconds = std::int64_t{100} * 366 * 86'400;

// As conditions: "late" apart, else a type of state in lower case.
std::optional<std::string> StateCondition(std::string_view word) {
  if (word == "late") return "(r.state_type = 'SCHEDULED' AND r.state_name = 'Late')";
  for (int i = 0; i <= static_cast<int>(StateType::kCancelling); ++i) {
    const std::string_view type = flow::ToText(static_cast<StateType>(i));
    if (base::Lower(type) == word) return fmt::format("r.state_type = '{}'", type);
  }
  return std::nullopt;
}

Outcome<void> AddStates(const Call& call, Selection& selection) {
  const auto text = QueryText(call, "state");
  if (!text) return {};
  std::vector<std::string> conditions;
  for (const std::string_view word : base::Split(*text, ',')) {
    auto condition = StateCondition(word);
    if (!condition) return RefuseMember("state", base::Quoted(word) + ": late or a type of state was expected");
    conditions.push_back(*std::move(condition));
  }
  selection.where += " AND (" + base::Join(conditions, " OR ") + ")";
  return {};
}

// Runs up to now, newest first; or those to come, soonest first.
Outcome<void> AddTimes(const Call& call, bool upcoming, Selection& selection) {
  TIDEMILL_ASSIGN(const std::int64_t since, QueryInt(call, "since", 0, 0, kLongestSeconds));
  if (upcoming) {
    selection.where += " AND r.state_type = 'SCHEDULED' AND r.next_start > ?1 AND r.start IS NULL";
  } else {
    selection.where += fmt::format(" AND {} <= ?1", kRunCursor);
    if (since > 0) AddCondition(selection, fmt::format("{} >= {{}}", kRunCursor), Micros(call.now) - since * 1'000'000);
  }
  selection.order = upcoming ? fmt::format("{0}, r.id", kRunCursor) : fmt::format("{0} DESC, r.id DESC", kRunCursor);
  return {};
}

Outcome<void> AddCursor(const Call& call, bool upcoming, Selection& selection) {
  const auto text = QueryText(call, "after");
  if (!text) return {};
  const std::size_t dot = std::min(text->find('.'), text->size());
  const auto at = base::ParseInt(text->substr(0, dot));
  const auto id = dot < text->size() ? ParseId(text->substr(dot + 1)) : std::nullopt;
  if (!at || !id) return RefuseMember("after", base::Quoted(*text) + " is no cursor of this list");
  // The first condition is implied by the second; the index answers it.
  const std::string_view order = upcoming ? ">" : "<";
  AddCondition(selection, fmt::format("{} {}= {{}}", kRunCursor, order), *at);
  const std::size_t number = selection.arguments.size() + 1;
  AddCondition(selection, fmt::format("({}, r.id) {} (?{}, {{}})", kRunCursor, order, number), *id);
  return {};
}

std::string LikePattern(std::string_view words) {
  std::string pattern = "%";
  for (const char c : words) {
    if (c == '%' || c == '_' || c == '\\') pattern += '\\';
    pattern += c;
  }
  return pattern + "%";
}

void AddNames(const Call& call, Selection& selection) {
  if (const auto flow = QueryText(call, "flow"))
    AddCondition(selection, "r.flow_id = (SELECT x.id FROM flow x WHERE x.name = {})", *flow);
  if (const auto deployment = QueryText(call, "deployment")) {
    AddCondition(selection,
                 "r.deployment_id = (SELECT x.id FROM deployment x JOIN flow y ON y.id = x.flow_id WHERE y.name || '/' "
                 "|| x.name = {})",
                 *deployment);
  }
  if (const auto tag = QueryText(call, "tag"))
    AddCondition(selection, "EXISTS(SELECT 1 FROM json_each(r.tags) x WHERE x.value = {})", *tag);
  if (const auto words = QueryText(call, "q"))
    AddCondition(selection, "r.name LIKE {0} ESCAPE '\\' OR f.name LIKE {0} ESCAPE '\\'", LikePattern(*words));
}

// What the filters offer: names, the first 500.
Outcome<void> WriteChoices(Call& call, base::JsonWriter& json) {
  constexpr std::pair<std::string_view, std::string_view> kChoices[] = {
      {"flows", "SELECT json_group_array(name) FROM (SELECT name FROM flow ORDER BY name LIMIT 500)"},
      {"deployments",
       "SELECT json_group_array(name) FROM (SELECT f.name || '/' || d.name AS name FROM deployment d JOIN flow f ON "
       "f.id = d.flow_id ORDER BY 1 LIMIT 500)"},
      {"tags",
       "SELECT json_group_array(value) FROM (SELECT DISTINCT t.value FROM (SELECT tags FROM deployment UNION ALL "
       "SELECT tags FROM (SELECT tags FROM flow_run ORDER BY coalesce(start, expected_start) DESC LIMIT 500)) x, "
       "json_each(x.tags) t ORDER BY 1 LIMIT 500)"}};
  for (const auto& [name, sql] : kChoices) {
    TIDEMILL_ASSIGN(const db::Value list, SelectValue(call, sql, {}));
    json.Key(name).Raw(db::TextOf(list));
  }
  return {};
}

}  // namespace

Outcome<Answer> PageRuns(Call& call) {
  const bool upcoming = QueryText(call, "upcoming") == "true";
  TIDEMILL_ASSIGN(const std::int64_t limit, QueryInt(call, "limit", kLimit, 1, kMost));
  Selection selection;
  TIDEMILL_CHECK(AddStates(call, selection));
  TIDEMILL_CHECK(AddTimes(call, upcoming, selection));
  TIDEMILL_CHECK(AddCursor(call, upcoming, selection));
  AddNames(call, selection);
  TIDEMILL_ASSIGN(std::string page, PagedJson(call, kRunLine, std::move(selection), "runs", limit));
  base::JsonWriter json;
  json.BeginObject().Key("now").String(InstantText(call.now)).Key("page").Raw(page);
  TIDEMILL_CHECK(WriteChoices(call, json));
  return Answer{.status = 200, .body = json.EndObject().Take()};
}

}  // namespace tidemill::orchestrator
