// SPDX-License-Identifier: Apache-2.0
#include "logs.h"

#include <boost/json/array.hpp>

#include "body.h"
#include "instant.h"
#include "searchables.h"
#include "text_search.h"

namespace tidemill::orchestrator {
namespace {

Outcome<void> CreateLog(Call& call, const json::value& line) {
  Members members(line);
  const auto at = members.Instant("timestamp");
  const Cells cells{{"id", call.NewIdAt()},
                    {"created", Micros(call.now)},
                    {"flow_run_id", db::OrNull(members.Id("flow_run_id"))},
                    {"task_run_id", db::OrNull(members.Id("task_run_id"))},
                    {"level", members.Int("level").value_or(0)},
                    {"at", Micros(at.value_or(call.now))},
                    {"name", members.RequiredText("name")},
                    {"message", members.Text("message").value_or("")}};
  TIDEMILL_CHECK(members.Check());
  TIDEMILL_CHECK(Insert(call, "log", cells));
  return {};
}

}  // namespace

Outcome<void> AddLogText(const json::object& filter, Selection& selection) {
  return AddTextSearch(filter, "(l.message || ' ' || l.name)", selection);
}

Outcome<Answer> CreateLogs(Call& call) {
  if (!call.body.is_array()) return RefuseMember("", "a list of log lines was expected");
  for (const json::value& line : call.body.get_array()) TIDEMILL_CHECK(CreateLog(call, line));
  if (call.noted != nullptr) call.noted->logs = true;
  return Answer{.status = 201, .body = "null"};
}

Outcome<Answer> FilterLogs(Call& call) {
  TIDEMILL_ASSIGN(Selection selection, ReadSearch(kLogs, call.body));
  Members members(call.body);
  if (const json::object* filter = members.Object("logs")) TIDEMILL_CHECK(AddLogText(*filter, selection));
  return AnswerList(call, kLogs.entity, selection);
}

}  // namespace tidemill::orchestrator
