// SPDX-License-Identifier: Apache-2.0
#include <string>

#include <boost/json/serialize.hpp>

#include "body.h"
#include "instant.h"
#include "searchables.h"
#include "stores.h"

namespace tidemill::orchestrator {
namespace {

constexpr std::string_view kNoArtifact = "Artifact not found.";
constexpr std::string_view kKeyLetters = "abcdefghijklmnopqrstuvwxyz0123456789-";
// Of the artifacts of one key the newest.
constexpr std::string_view kLatest =
    " AND a.key IS NOT NULL AND a.number = (SELECT max(x.number) FROM artifact x WHERE x.key = a.key)";

}  // namespace

Outcome<Answer> CreateArtifact(Call& call) {
  Members members(call.body);
  const std::string id = members.Id("id").value_or(call.NewId());
  const json::value* data = Find(members.object(), "data");
  Cells cells{{"id", id},
              {"created", Micros(call.now)},
              {"updated", Micros(call.now)},
              {"key", db::OrNull(members.Text("key"))},
              {"type", db::OrNull(members.Text("type"))},
              {"description", db::OrNull(members.Text("description"))},
              {"data", data != nullptr ? db::Value(json::serialize(*data)) : db::Value()},
              {"metadata", db::TextOrNull(members.JsonObject("metadata_", ""))},
              {"flow_run_id", db::OrNull(members.Id("flow_run_id"))},
              {"task_run_id", db::OrNull(members.Id("task_run_id"))}};
  TIDEMILL_CHECK(members.Check());
  if (members.Text("key").value_or("").find_first_not_of(kKeyLetters) != std::string::npos)
    return RefuseMember("key", "a key of lower-case letters, digits and - was expected");
  TIDEMILL_CHECK(Insert(call, "artifact", cells));
  return AnswerOne(call, kArtifacts.entity, {.where = "a.id = ?2", .arguments = {id}}, kNoArtifact, 201);
}

Outcome<Answer> GetArtifact(Call& call) {
  return AnswerOne(call, kArtifacts.entity, {.where = "a.id = ?2", .arguments = {call.path.at(0)}}, kNoArtifact);
}

Outcome<Answer> GetLatestArtifact(Call& call) {
  return AnswerOne(call, kArtifacts.entity,
                   {.where = "a.key = ?2", .order = "a.number DESC", .arguments = {call.path.at(0)}}, kNoArtifact);
}

Outcome<Answer> PatchArtifact(Call& call) {
  Members members(call.body);
  Cells cells;
  if (const json::value* data = members.object().if_contains("data"))
    cells.emplace_back("data", json::serialize(*data));
  if (members.Has("description")) cells.emplace_back("description", db::OrNull(members.Text("description")));
  if (members.Has("metadata_")) cells.emplace_back("metadata", db::TextOrNull(members.JsonObject("metadata_", "")));
  TIDEMILL_CHECK(members.Check());
  TIDEMILL_ASSIGN(const std::int64_t count, Update(call, "artifact", call.path.at(0), cells));
  if (count == 0) return Refuse(404, kNoArtifact);
  return NoContent();
}

Outcome<Answer> DeleteArtifact(Call& call) {
  return DeleteByPath(call, "artifact", kNoArtifact);
}
Outcome<Answer> FilterArtifacts(Call& call) {
  return AnswerFilter(call, kArtifacts);
}
Outcome<Answer> CountArtifacts(Call& call) {
  return AnswerFilterCount(call, kArtifacts);
}

Outcome<Answer> FilterLatestArtifacts(Call& call) {
  TIDEMILL_ASSIGN(Selection selection, ReadSearch(kLatestArtifacts, call.body));
  selection.where += kLatest;
  return AnswerList(call, kLatestArtifacts.entity, selection);
}

Outcome<Answer> CountLatestArtifacts(Call& call) {
  TIDEMILL_ASSIGN(Selection selection, ReadConditions(kArtifacts, call.body));
  selection.where += kLatest;
  return AnswerCount(call, kArtifacts.entity, selection);
}

}  // namespace tidemill::orchestrator
