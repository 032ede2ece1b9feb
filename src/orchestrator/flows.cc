// SPDX-License-Identifier: Apache-2.0
#include "flows.h"

#include "body.h"
#include "instant.h"
#include "searchables.h"

namespace tidemill::orchestrator {
namespace {

constexpr std::string_view kNoFlow = "Flow not found";

}  // namespace

Outcome<void> CheckName(std::string_view name) {
  if (name.empty() || name.find_first_of("/%&><") != std::string_view::npos) {
    return RefuseMember("name", "a name without / % & > < was expected");
  }
  return {};
}

Outcome<Answer> CreateFlow(Call& call) {
  Members members(call.body);
  const std::string name = members.RequiredText("name");
  const std::string tags = members.JsonTexts("tags");
  const std::string labels = members.JsonObject("labels");
  TIDEMILL_CHECK(members.Check());
  TIDEMILL_CHECK(CheckName(name));
  TIDEMILL_ASSIGN(const std::int64_t made, Insert(call, "flow",
                                                  {{"id", call.NewId()},
                                                   {"created", Micros(call.now)},
                                                   {"updated", Micros(call.now)},
                                                   {"name", name},
                                                   {"tags", tags},
                                                   {"labels", labels}},
                                                  "ON CONFLICT(name) DO NOTHING"));
  return AnswerOne(call, kFlows.entity, {.where = "f.name = ?2", .arguments = {name}}, kNoFlow, made > 0 ? 201 : 200);
}

Outcome<Answer> GetFlow(Call& call) {
  return AnswerOne(call, kFlows.entity, {.where = "f.id = ?2", .arguments = {call.path.at(0)}}, kNoFlow);
}

Outcome<Answer> GetFlowByName(Call& call) {
  return AnswerOne(call, kFlows.entity, {.where = "f.name = ?2", .arguments = {call.path.at(0)}}, kNoFlow);
}

Outcome<Answer> PatchFlow(Call& call) {
  Members members(call.body);
  Cells cells;
  if (members.Has("tags")) cells.emplace_back("tags", members.JsonTexts("tags"));
  TIDEMILL_CHECK(members.Check());
  TIDEMILL_ASSIGN(const std::int64_t count, Update(call, "flow", call.path.at(0), cells));
  if (count == 0) return Refuse(404, kNoFlow);
  return NoContent();
}

Outcome<Answer> DeleteFlow(Call& call) {
  return DeleteByPath(call, "flow", kNoFlow);
}

Outcome<Answer> FilterFlows(Call& call) {
  return AnswerFilter(call, kFlows);
}
Outcome<Answer> CountFlows(Call& call) {
  return AnswerFilterCount(call, kFlows);
}
Outcome<Answer> PageFlows(Call& call) {
  return AnswerPage(call, kFlows);
}

}  // namespace tidemill::orchestrator
