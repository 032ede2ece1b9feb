// SPDX-License-Identifier: Apache-2.0
#include "events.h"

#include <algorithm>
#include <array>
#include <utility>

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include "tidemill/base/json_writer.h"
#include "tidemill/base/sha256.h"
#include "tidemill/base/text.h"

#include "entity.h"
#include "event_filter.h"
#include "instant.h"
#include "query_text.h"

namespace tidemill::orchestrator {
namespace {

constexpr std::int64_t kMostOfPage = 50;
constexpr std::size_t kMostName = 1024;
constexpr std::size_t kMostRelated = 500;
constexpr std::string_view kNoToken = "the token of a page of ours was expected";

std::string BodyOf(const Event& event, base::Time received) {
  base::JsonWriter json;
  json.BeginObject().Key("id").String(event.id).Key("occurred").String(InstantText(event.occurred));
  json.Key("event").String(event.name).Key("resource").Raw(json::serialize(event.resource));
  json.Key("related").Raw(json::serialize(event.related)).Key("payload").Raw(json::serialize(event.payload));
  json.Key("follows");
  if (event.follows) {
    json.String(*event.follows);
  } else {
    json.Null();
  }
  return json.Key("received").String(InstantText(received)).EndObject().Take();
}

// Where a page ends and what it was asked with: the token of the next.
std::string TokenOf(const json::object& filter, std::int64_t limit, std::int64_t offset) {
  return base::ToHex(json::serialize(json::object{{"filter", filter}, {"limit", limit}, {"offset", offset}}));
}

// The bytes of hexadecimal digits, or nothing.
std::string FromHex(std::string_view digits) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string bytes;
  for (std::size_t i = 0; i + 1 < digits.size(); i += 2) {
    const std::size_t high = kDigits.find(digits[i]);
    const std::size_t low = kDigits.find(digits[i + 1]);
    if (high == std::string_view::npos || low == std::string_view::npos) return {};
    bytes += static_cast<char>(high << 4U | low);
  }
  return bytes;
}

// Whether of each resource only the first event, in the order that is asked for, is wanted.
bool IsDistinct(const json::object& filter) {
  const json::object* resource = FindObject(filter, "resource");
  const json::value* distinct = resource != nullptr ? Find(*resource, "distinct") : nullptr;
  return distinct != nullptr && *distinct == json::value(true);
}

Outcome<Answer> Page(Call& call, const json::object& filter, std::int64_t limit, std::int64_t offset) {
  Selection selection;
  TIDEMILL_CHECK(AddEventFilter(filter, selection));
  const bool rising = TextMember(filter, "order") == "ASC";
  selection.order = rising ? "e.occurred, e.number" : "e.occurred DESC, e.number DESC";
  if (IsDistinct(filter)) {
    selection.where = fmt::format(
        "e.number IN (SELECT n FROM (SELECT e.number AS n, row_number() OVER (PARTITION BY "
        "e.resource_id ORDER BY {}) AS place FROM event e WHERE {}) WHERE place = 1)",
        selection.order, selection.where);
  }
  TIDEMILL_ASSIGN(const Answer total, AnswerCount(call, kEvent, selection));
  selection.limit = limit;
  selection.offset = offset;
  TIDEMILL_ASSIGN(const auto ids, SelectIds(call, kEvent, "e.body", selection));
  const std::int64_t end = offset + static_cast<std::int64_t>(ids.size());
  std::string next = "null";
  if (limit > 0 && end < base::ParseInt(total.body).value_or(0)) {
    next = base::JsonString(
        fmt::format("http://{}/api/events/filter/next?page-token={}", call.host, TokenOf(filter, limit, end)));
  }
  return Answer{
      .status = 200,
      .body = fmt::format(R"({{"events":[{}],"total":{},"next_page":{}}})", base::Join(ids, ","), total.body, next)};
}

constexpr std::string_view kRunFacts =
    "SELECT r.name, r.run_count, r.tags, f.id, f.name, d.id, d.name, q.id, q.name, p.id, p.name, p.type FROM flow_run "
    "r "
    "JOIN flow f ON f.id = r.flow_id LEFT JOIN deployment d ON d.id = r.deployment_id LEFT JOIN work_queue q ON q.id = "
    "r.work_queue_id LEFT JOIN work_pool p ON p.id = q.work_pool_id WHERE r.id = ?1";

json::array RelatedOfRun(const db::Row& row) {
  json::array related;
  const auto add = [&](std::string_view role, std::size_t at) {
    if (db::IsNull(row[at])) return;
    related.push_back(
        RelatedResource(fmt::format("prefect.{}.{}", role, db::TextOf(row[at])), role, db::TextOf(row[at + 1])));
  };
  add("flow", 3);
  add("deployment", 5);
  add("work-queue", 7);
  add("work-pool", 9);
  if (!db::IsNull(row[11])) related.back().get_object()["prefect.work-pool.type"] = db::TextOf(row[11]);
  const json::value tags = json::parse(db::TextOf(row[2]));
  for (const json::value& tag : tags.as_array()) {
    if (tag.is_string()) {
      related.push_back(RelatedResource("prefect.tag." + std::string(tag.get_string()), "tag"));
    }
  }
  return related;
}

json::object ShortState(const State& state) {
  return {{"type", std::string(flow::ToText(state.type))}, {"name", state.name}};
}

json::object PayloadOfChange(const std::optional<State>& from, const State& to) {
  json::object intended{{"from", nullptr}, {"to", std::string(flow::ToText(to.type))}};
  json::object payload{{"initial_state", nullptr}, {"validated_state", ShortState(to)}};
  if (to.message) payload["validated_state"].get_object()["message"] = *to.message;
  if (from) {
    intended["from"] = std::string(flow::ToText(from->type));
    payload["initial_state"] = ShortState(*from);
  }
  payload["intended"] = std::move(intended);
  return payload;
}

}  // namespace

std::string TextOf(const json::object& object, std::string_view name) {
  return TextMember(object, name).value_or("");
}

json::object RelatedResource(std::string_view id, std::string_view role, std::string_view name) {
  json::object resource{{"prefect.resource.id", std::string(id)}, {"prefect.resource.role", std::string(role)}};
  if (!name.empty()) resource["prefect.resource.name"] = std::string(name);
  return resource;
}

std::optional<std::string> RelatedId(const Event& event, std::string_view role, std::string_view prefix) {
  for (const json::value& one : event.related) {
    if (!one.is_object() || TextOf(one.get_object(), "prefect.resource.role") != role) continue;
    const std::string id = TextOf(one.get_object(), "prefect.resource.id");
    if (id.starts_with(prefix)) return id.substr(prefix.size());
  }
  return std::nullopt;
}

Outcome<Event> ParseEvent(const json::value& value, const Call& call) {
  Members members(value);
  Event event{.id = members.Id("id").value_or(std::string()),
              .occurred = members.Instant("occurred").value_or(call.now),
              .name = members.RequiredText("event"),
              .follows = members.Id("follows")};
  const json::object* resource = members.Object("resource");
  const json::value* related = Find(members.object(), "related");
  const json::object* payload = members.Object("payload");
  TIDEMILL_CHECK(members.Check());
  if (event.name.empty() || event.name.size() > kMostName) return RefuseMember("event", "a short name was expected");
  if (resource == nullptr || TextOf(*resource, "prefect.resource.id").empty())
    return RefuseMember("resource", "an object with prefect.resource.id was expected");
  if (related != nullptr && (!related->is_array() || related->get_array().size() > kMostRelated))
    return RefuseMember("related", "a list of at most 500 resources was expected");
  if (event.id.empty()) event.id = call.NewIdAt();
  event.resource = *resource;
  event.resource_id = TextOf(*resource, "prefect.resource.id");
  if (related != nullptr) event.related = related->get_array();
  if (payload != nullptr) event.payload = *payload;
  return event;
}

Outcome<void> StoreEvent(Call& call, const Event& event) {
  TIDEMILL_ASSIGN(const std::int64_t fresh, Insert(call, "event",
                                                   {{"id", event.id},
                                                    {"occurred", Micros(event.occurred)},
                                                    {"received", Micros(call.now)},
                                                    {"name", event.name},
                                                    {"resource_id", event.resource_id},
                                                    {"body", BodyOf(event, call.now)}},
                                                   "ON CONFLICT(id) DO NOTHING"));
  if (call.noted != nullptr) call.noted->events = true;
  if (fresh == 0) return {};
  return RecordTaskRun(call, event);
}

Outcome<void> EmitFlowRunEvent(Call& call, const std::string& run_id, const std::optional<State>& from,
                               const State& to) {
  TIDEMILL_ASSIGN(const db::Rows rows, call.db.Query(kRunFacts, {run_id}));
  if (rows.empty()) return {};
  const db::Row& row = rows.front();
  Event event{.id = to.id,
              .occurred = to.at,
              .name = "prefect.flow-run." + to.name,
              .resource_id = "prefect.flow-run." + run_id,
              .related = RelatedOfRun(row),
              .payload = PayloadOfChange(from, to)};
  event.resource = {{"prefect.resource.id", event.resource_id},
                    {"prefect.resource.name", db::TextOf(row[0])},
                    {"prefect.run-count", std::to_string(db::IntOf(row[1]))},
                    {"prefect.state-message", to.message.value_or("")},
                    {"prefect.state-name", to.name},
                    {"prefect.state-timestamp", InstantText(to.at)},
                    {"prefect.state-type", std::string(flow::ToText(to.type))}};
  if (from) event.follows = from->id;
  return StoreEvent(call, event);
}

Outcome<Answer> PostEvents(Call& call) {
  if (!call.body.is_array()) return RefuseMember("", "a list of events was expected");
  for (const json::value& one : call.body.get_array()) {
    TIDEMILL_ASSIGN(const Event event, ParseEvent(one, call));
    TIDEMILL_CHECK(StoreEvent(call, event));
  }
  return NoContent();
}

Outcome<Answer> FilterEvents(Call& call) {
  Members members(call.body);
  const std::int64_t limit = members.Int("limit").value_or(kMostOfPage);
  const json::object* filter = members.Object("filter");
  TIDEMILL_CHECK(members.Check());
  if (limit < 0 || limit > kMostOfPage) return RefuseMember("limit", "a number from 0 to 50 was expected");
  return Page(call, filter != nullptr ? *filter : EmptyObject(), limit, 0);
}

Outcome<Answer> NextEvents(Call& call) {
  const auto sent = QueryValue(call.query, "page-token");
  if (!sent) return RefuseMember("page-token", "field required");
  const auto token = ParseBody(FromHex(*sent));
  if (!token) return Refuse(403, kNoToken);
  Members members(*token);
  const json::object* filter = members.Object("filter");
  const std::int64_t limit = members.Int("limit").value_or(0);
  const std::int64_t offset = members.Int("offset").value_or(0);
  if (!members.Check() || filter == nullptr || limit < 1 || limit > kMostOfPage || offset < 0)
    return Refuse(403, kNoToken);
  return Page(call, *filter, limit, offset);
}

}  // namespace tidemill::orchestrator
