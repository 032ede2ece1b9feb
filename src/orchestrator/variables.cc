// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include <boost/json/serialize.hpp>

#include "body.h"
#include "instant.h"
#include "searchables.h"
#include "stores.h"

namespace tidemill::orchestrator {
namespace {

constexpr std::string_view kNoVariable = "Variable not found.";
constexpr std::size_t kLongestValue = 5000;  // as JSON

Outcome<void> CheckVariableName(const std::string& name) {
  constexpr std::string_view kAllowed = "abcdefghijklmnopqrstuvwxyz0123456789_-";
  if (name.empty() || name.size() > 255 || name.find_first_not_of(kAllowed) != std::string::npos) {
    return RefuseMember("name", "a name of lower-case letters, digits, _ and - was expected");
  }
  return {};
}

// As JSON text.
Outcome<std::string> ReadValue(const json::value* value) {
  std::string text = value != nullptr ? json::serialize(*value) : "null";
  if (text.size() > kLongestValue) return RefuseMember("value", "a value of 5000 letters at most was expected");
  return text;
}

Outcome<Answer> AnswerVariable(Call& call, std::string_view where, const std::string& value, int status = 200) {
  return AnswerOne(call, kVariables.entity, {.where = std::string(where), .arguments = {value}}, kNoVariable, status);
}

Outcome<Answer> Patch(Call& call, const std::string& id) {
  Members members(call.body);
  Cells cells;
  if (const auto name = members.Text("name")) {
    TIDEMILL_CHECK(CheckVariableName(*name));
    cells.emplace_back("name", *name);
  }
  if (members.Has("value")) {
    TIDEMILL_ASSIGN(std::string value, ReadValue(members.object().if_contains("value")));
    cells.emplace_back("value", std::move(value));
  }
  if (members.Has("tags")) cells.emplace_back("tags", members.JsonTexts("tags"));
  TIDEMILL_CHECK(members.Check());
  TIDEMILL_ASSIGN(const std::int64_t count, Update(call, "variable", id, cells));
  if (count == 0) return Refuse(404, kNoVariable);
  return NoContent();
}

Outcome<std::string> IdOfName(Call& call) {
  TIDEMILL_ASSIGN(const db::Value id, SelectValue(call, "SELECT id FROM variable WHERE name = ?1", {call.path.at(0)}));
  return db::TextOf(id);
}

}  // namespace

Outcome<Answer> CreateVariable(Call& call) {
  Members members(call.body);
  const std::string name = members.RequiredText("name");
  const std::string tags = members.JsonTexts("tags");
  TIDEMILL_CHECK(members.Check());
  if (!members.Has("value")) return RefuseMember("value", "field required");
  TIDEMILL_CHECK(CheckVariableName(name));
  TIDEMILL_ASSIGN(std::string value, ReadValue(members.object().if_contains("value")));
  TIDEMILL_ASSIGN(const std::int64_t made, Insert(call, "variable",
                                                  {{"id", call.NewId()},
                                                   {"created", Micros(call.now)},
                                                   {"updated", Micros(call.now)},
                                                   {"name", name},
                                                   {"value", std::move(value)},
                                                   {"tags", tags}},
                                                  "ON CONFLICT(name) DO NOTHING"));
  if (made == 0) return Refuse(409, "A variable with the name '" + name + "' already exists.");
  return AnswerVariable(call, "v.name = ?2", name, 201);
}

Outcome<Answer> GetVariable(Call& call) {
  return AnswerVariable(call, "v.id = ?2", call.path.at(0));
}
Outcome<Answer> GetVariableByName(Call& call) {
  return AnswerVariable(call, "v.name = ?2", call.path.at(0));
}
Outcome<Answer> PatchVariable(Call& call) {
  return Patch(call, call.path.at(0));
}
Outcome<Answer> PatchVariableByName(Call& call) {
  TIDEMILL_ASSIGN(const std::string id, IdOfName(call));
  return Patch(call, id);
}
Outcome<Answer> DeleteVariable(Call& call) {
  return DeleteByPath(call, "variable", kNoVariable);
}
Outcome<Answer> DeleteVariableByName(Call& call) {
  TIDEMILL_ASSIGN(const std::string id, IdOfName(call));
  TIDEMILL_ASSIGN(const std::int64_t count, Delete(call, "variable", id));
  if (count == 0) return Refuse(404, kNoVariable);
  return NoContent();
}
Outcome<Answer> FilterVariables(Call& call) {
  return AnswerFilter(call, kVariables);
}
Outcome<Answer> CountVariables(Call& call) {
  return AnswerFilterCount(call, kVariables);
}

}  // namespace tidemill::orchestrator
