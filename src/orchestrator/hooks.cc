// SPDX-License-Identifier: Apache-2.0
#include "hooks.h"

#include <array>

#include <boost/json/array.hpp>

#include "entity.h"
#include "events.h"
#include "flows.h"
#include "instant.h"

namespace tidemill::orchestrator {
namespace {

constexpr std::array kHookColumns{
    Column{"id", "h.id"}, Column{"created", "h.created", Kind::kInstant},
    Column{"updated", "h.updated", Kind::kInstant}, Column{"name", "h.name"},
    Column{"last_received",
           "(SELECT max(e.occurred) FROM event e WHERE e.resource_id = 'tidemill.hook.' || "
           "h.name)",
           Kind::kInstant}};
constexpr Entity kHook{"Hook", "hook h", kHookColumns};

}  // namespace

bool IsHookPath(std::string_view method, std::string_view path) {
  constexpr std::string_view kPrefix = "/hooks/";
  return method == "POST" && path.starts_with(kPrefix) && path.size() > kPrefix.size();
}

Outcome<Answer> CreateHook(Call& call) {
  Members members(call.body);
  const std::string name = members.RequiredText("name");
  TIDEMILL_CHECK(members.Check());
  TIDEMILL_CHECK(CheckName(name));
  const std::string id = call.NewId();
  TIDEMILL_CHECK(
      Insert(call, "hook", {{"id", id}, {"created", Micros(call.now)}, {"updated", Micros(call.now)}, {"name", name}}));
  return AnswerOne(call, kHook, {.where = "h.id = ?2", .arguments = {id}}, "", 201);
}

Outcome<Answer> ListHooks(Call& call) {
  return AnswerList(call, kHook, {.order = "h.name"});
}

Outcome<Answer> DeleteHook(Call& call) {
  return DeleteByPath(call, "hook", "Hook not found");
}

Outcome<Answer> TakeHook(Call& call) {
  TIDEMILL_ASSIGN(const db::Value name, SelectValue(call, "SELECT name FROM hook WHERE id = ?1", {call.path.at(0)}));
  if (db::IsNull(name)) return Refuse(404, "Not Found");
  Event event{.id = call.NewIdAt(),
              .occurred = call.now,
              .name = "tidemill.hook.received",
              .resource_id = "tidemill.hook." + db::TextOf(name)};
  event.resource = {{"prefect.resource.id", event.resource_id}, {"prefect.resource.name", db::TextOf(name)}};
  event.payload = {{"body", call.body}};
  TIDEMILL_CHECK(StoreEvent(call, event));
  return Answer{.status = 202, .body = "null"};
}

}  // namespace tidemill::orchestrator
