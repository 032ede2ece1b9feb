// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <utility>

#include <boost/json/serialize.hpp>
#include <boost/json/string.hpp>
#include <fmt/format.h>

#include "tidemill/base/json_writer.h"
#include "tidemill/base/text.h"

#include "filter.h"
#include "instant.h"
#include "pages.h"
#include "state.h"

namespace tidemill::orchestrator {
namespace {

constexpr std::int64_t kRunsAPage = 50;
constexpr std::int64_t kMostRunsAPage = 200;
constexpr std::size_t kMostStateWords = 10;
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

// What is asked for, as far as it decides in which order the rows are found.
struct Wanted {
  bool upcoming = false;
  bool open = false;      // only states that are not final: these runs are few
  bool ended = false;     // only states that are
  bool named = false;     // of one flow or deployment
  bool searched = false;  // by words or a tag
};

constexpr std::array<std::string_view, 4> kFinal{"completed", "failed", "crashed", "cancelled"};

bool IsFinalWord(std::string_view word) {
  return std::find(kFinal.begin(), kFinal.end(), word) != kFinal.end();
}

// By what the list is ordered: what an index gives, where there is one; a sum with nothing is in none, so that the few
// open runs are found by their state and sorted.
std::string_view OrderOf(const Wanted& wanted) {
  if (wanted.upcoming) return kTimeOfState;
  if (wanted.open) return "+coalesce(r.start, r.expected_start)";
  if (wanted.searched) return "coalesce(r.start, r.expected_start)";
  if (wanted.named) return "r.expected_start";
  return wanted.ended ? kTimeOfState : "coalesce(r.start, r.expected_start)";
}

// What is searched is found along the index that holds all that the search looks at.
const Entity& EntityOf(const Wanted& wanted) {
  if (wanted.upcoming) return kUpcomingRunLine;
  return wanted.searched && !wanted.open ? kSearchedRunLine : kRunLine;
}

Outcome<void> AddStates(const Call& call, Wanted& wanted, Selection& selection) {
  const auto text = QueryText(call, "state");
  if (!text) return {};
  const auto words = base::Split(*text, ',');
  if (words.size() > kMostStateWords)
    return RefuseMember("state", fmt::format("at most {} were expected", kMostStateWords));
  wanted.open = std::none_of(words.begin(), words.end(), IsFinalWord);
  wanted.ended = std::all_of(words.begin(), words.end(), IsFinalWord);
  std::vector<std::string> conditions;
  for (const std::string_view word : words) {
    auto condition = StateCondition(word);
    if (!condition) return RefuseMember("state", base::Quoted(word) + ": late or a type of state was expected");
    conditions.push_back(*std::move(condition));
  }
  selection.where += " AND (" + base::Join(conditions, " OR ") + ")";
  return {};
}

// Runs up to now, newest first; or those to come, soonest first.
Outcome<void> AddTimes(const Call& call, const Wanted& wanted, Selection& selection) {
  TIDEMILL_ASSIGN(const std::int64_t since, QueryInt(call, "since", 0, 0, kLongestSeconds));
  const std::string_view order = OrderOf(wanted);
  if (wanted.upcoming) {
    selection.where += fmt::format(" AND r.state_type = 'SCHEDULED' AND {} > ?1 AND r.start IS NULL", order);
    selection.order = fmt::format("{}, r.id", order);
    return {};
  }
  selection.where += fmt::format(" AND {} <= ?1", order);
  if (since > 0) AddCondition(selection, fmt::format("{} >= {{}}", order), Micros(call.now) - since * 1'000'000);
  selection.order = fmt::format("{} DESC, r.id DESC", order);
  return {};
}

Outcome<void> AddCursor(Call& call, const Wanted& wanted, Selection& selection) {
  const auto text = QueryText(call, "after");
  if (!text) return {};
  const auto id = ParseId(*text);
  if (!id) return RefuseMember("after", base::Quoted(*text) + " is no cursor of this list");
  const std::string_view order = OrderOf(wanted);
  TIDEMILL_ASSIGN(const db::Value at,
                  SelectValue(call, fmt::format("SELECT {} FROM flow_run r WHERE r.id = ?1", order), {*id}));
  if (db::IsNull(at)) return RefuseMember("after", "the run with this cursor is no longer there: " + *id);
  // The first condition is implied by the second; an index answers it.
  const std::string_view sign = wanted.upcoming ? ">" : "<";
  AddCondition(selection, fmt::format("{} {}= {{}}", order, sign), at);
  const std::size_t number = selection.arguments.size() + 1;
  AddCondition(selection, fmt::format("({}, r.id) {} (?{}, {{}})", order, sign, number), *id);
  return {};
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
  if (const auto tag = QueryText(call, "tag")) {
    // The first condition is implied by the second, and cheap: most tags are not looked at one by one.
    AddCondition(selection, "instr(r.tags, {}) > 0", boost::json::serialize(boost::json::string(*tag)));
    AddCondition(selection, "EXISTS(SELECT 1 FROM json_each(r.tags) x WHERE x.value = {})", *tag);
  }
  if (const auto words = QueryText(call, "q"))
    AddCondition(
        selection,
        "r.name LIKE {0} ESCAPE '\\' OR r.flow_id IN (SELECT x.id FROM flow x WHERE x.name LIKE {0} ESCAPE '\\')",
        LikePattern(*words, true));
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
  Wanted wanted{.upcoming = QueryText(call, "upcoming") == "true",
                .named = QueryText(call, "flow") || QueryText(call, "deployment"),
                .searched = QueryText(call, "q") || QueryText(call, "tag")};
  TIDEMILL_ASSIGN(const std::int64_t limit, QueryInt(call, "limit", kRunsAPage, 1, kMostRunsAPage));
  Selection selection;
  TIDEMILL_CHECK(AddStates(call, wanted, selection));
  TIDEMILL_CHECK(AddTimes(call, wanted, selection));
  TIDEMILL_CHECK(AddCursor(call, wanted, selection));
  AddNames(call, selection);
  TIDEMILL_ASSIGN(std::string page, PagedJson(call, EntityOf(wanted), std::move(selection), "runs", limit));
  base::JsonWriter json;
  json.BeginObject().Key("now").String(InstantText(call.now)).Key("page").Raw(page);
  TIDEMILL_CHECK(WriteChoices(call, json));
  return Answer{.status = 200, .body = json.EndObject().Take()};
}

}  // namespace tidemill::orchestrator
