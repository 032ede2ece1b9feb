// SPDX-License-Identifier: Apache-2.0
#include <array>

#include <boost/json/array.hpp>
#include <fmt/format.h>

#include "tidemill/base/text.h"

#include "body.h"
#include "entity.h"
#include "flow_runs.h"
#include "instant.h"

namespace tidemill::orchestrator {
namespace {

constexpr std::array kInputColumns{Column{"id", "i.id"},
                                   Column{"created", "i.created", Kind::kInstant},
                                   Column{"updated", "i.updated", Kind::kInstant},
                                   Column{"flow_run_id", "i.flow_run_id"},
                                   Column{"key", "i.key"},
                                   Column{"value", "i.value"},
                                   Column{"sender", "i.sender"}};
constexpr Entity kInput{"Flow run input", "flow_run_input i", kInputColumns};

}  // namespace

Outcome<Answer> CreateFlowRunInput(Call& call) {
  Members members(call.body);
  const std::string key = members.RequiredText("key");
  const json::value* sent = Find(members.object(), "value");
  const auto sender = members.Text("sender");
  TIDEMILL_CHECK(members.Check());
  // Clients send the value as a text in base64 or as JSON text.
  if (sent == nullptr || !sent->is_string()) return RefuseMember("value", "a text was expected");
  const std::string value(sent->get_string().data(), sent->get_string().size());
  TIDEMILL_ASSIGN(const db::Value run, SelectValue(call, "SELECT id FROM flow_run WHERE id = ?1", {call.path.at(0)}));
  if (db::IsNull(run)) return Refuse(404, "Flow run not found");
  TIDEMILL_ASSIGN(const std::int64_t made, Insert(call, "flow_run_input",
                                                  {{"flow_run_id", call.path.at(0)},
                                                   {"key", key},
                                                   {"id", call.NewId()},
                                                   {"created", Micros(call.now)},
                                                   {"updated", Micros(call.now)},
                                                   {"value", value},
                                                   {"sender", sender ? db::Value(*sender) : db::Value()}},
                                                  "ON CONFLICT DO NOTHING"));
  if (made == 0) return Refuse(409, "A flow run input with this key already exists.");
  return Answer{.status = 201, .body = "null"};
}

Outcome<Answer> FilterFlowRunInput(Call& call) {
  Members members(call.body);
  const std::string prefix = members.Text("prefix").value_or("");
  const std::int64_t limit = members.Int("limit").value_or(1);
  const json::value* exclude = Find(members.object(), "exclude_keys");
  TIDEMILL_CHECK(members.Check());
  Selection selection{.where = "i.flow_run_id = ?2 AND substr(i.key, 1, length(?3)) = ?3",
                      .order = "i.created, i.key",
                      .arguments = {call.path.at(0), prefix}};
  if (exclude != nullptr && exclude->is_array()) {
    selection.where += " AND i.key NOT IN (SELECT value FROM json_each(?4))";
    selection.arguments.emplace_back(members.JsonTexts("exclude_keys"));
  }
  selection.limit = limit < 0 || limit > 200 ? 200 : limit;
  return AnswerList(call, kInput, selection);
}

Outcome<Answer> GetFlowRunInput(Call& call) {
  TIDEMILL_ASSIGN(const db::Value value,
                  SelectValue(call, "SELECT value FROM flow_run_input WHERE flow_run_id = ?1 AND key = ?2",
                              {call.path.at(0), call.path.at(1)}));
  if (db::IsNull(value)) return Refuse(404, "Flow run input not found");
  return Answer{.status = 200, .body = db::TextOf(value)};  // the text itself: clients read JSON out of it
}

Outcome<Answer> DeleteFlowRunInput(Call& call) {
  TIDEMILL_ASSIGN(const std::int64_t count,
                  call.db.Change("DELETE FROM flow_run_input WHERE flow_run_id = ?1 AND key = ?2",
                                 {call.path.at(0), call.path.at(1)}));
  if (count == 0) return Refuse(404, "Flow run input not found");
  return NoContent();
}

}  // namespace tidemill::orchestrator
