// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "tidemill/base/json_writer.h"
#include "tidemill/base/text.h"

#include "body.h"
#include "instant.h"
#include "pages.h"
#include "searchables.h"

namespace tidemill::orchestrator {
namespace {

constexpr std::string_view kNoSuchRun = "Flow run not found";
constexpr std::int64_t kMostTasks = 1000;
constexpr std::int64_t kMostStates = 200;
constexpr std::int64_t kMostArtifacts = 20;
constexpr std::int64_t kMostArtifactBytes = 1 << 20;
constexpr std::int64_t kLogLines = 500;

constexpr std::array kStateColumns{Column{"type", "s.type"}, Column{"name", "s.name"},
                                   Column{"timestamp", "s.at", Kind::kInstant}, Column{"message", "s.message"}};
constexpr Entity kStateLine{"State", "run_state s", kStateColumns};

constexpr std::array kTaskColumns{
    Column{"id", "t.id"},
    Column{"name", "t.name"},
    Column{"task_key", "t.task_key"},
    Column{"state_type", "t.state_type"},
    Column{"state_name", "t.state_name"},
    Column{"message", "substr(s.message, 1, 2000)"},
    Column{"task_inputs", "t.inputs", Kind::kJson},
    Column{"tags", "t.tags", Kind::kJson},
    Column{"run_count", "t.run_count", Kind::kInt},
    Column{"expected_start_time", "t.expected_start", Kind::kInstant},
    Column{"start_time", "t.start", Kind::kInstant},
    Column{"end_time", "t.end", Kind::kInstant},
    Column{"total_run_time", "t.total_run", Kind::kSeconds},
    Column{"subflow_id", "(SELECT x.id FROM flow_run x WHERE x.parent_task_run_id = t.id)"}};
constexpr Entity kTaskLine{"Task run", "task_run t", kTaskColumns, "LEFT JOIN run_state s ON s.id = t.state_id"};

constexpr std::array kRunArtifactColumns{
    Column{"id", "a.id"}, Column{"created", "a.created", Kind::kInstant}, Column{"key", "a.key"},
    Column{"type", "a.type"}, Column{"description", "a.description"}, Column{"task_run_id", "a.task_run_id"},
    // What is longer is shown on its own page.
    Column{"data", "CASE WHEN length(a.data) <= 1048576 THEN a.data END", Kind::kJson}};
static_assert(kMostArtifactBytes == 1048576);
constexpr Entity kRunArtifact{"Artifact", "artifact a", kRunArtifactColumns};

constexpr std::array kRunLogColumns{
    Column{"number", "l.number", Kind::kInt}, Column{"timestamp", "l.at", Kind::kInstant},
    Column{"level", "l.level", Kind::kInt},   Column{"name", "l.name"},
    Column{"message", "l.message"},           Column{"task_run_id", "l.task_run_id"}};
constexpr Entity kLogLine{"Log", "log l", kRunLogColumns};

// What the query asks of the log, apart from the part of it.
Outcome<Selection> LogSelection(Call& call) {
  Selection selection;
  AddCondition(selection, "l.flow_run_id = {}", call.path.at(0));
  TIDEMILL_ASSIGN(const std::int64_t level, QueryInt(call, "level", 0, 0, 1000));
  if (level > 0) AddCondition(selection, "l.level >= {}", level);
  if (const auto task = QueryText(call, "task")) AddCondition(selection, "l.task_run_id = {}", *task);
  if (const auto words = QueryText(call, "q"))
    AddCondition(selection, "instr(lower(l.message), lower({})) > 0", *words);
  return selection;
}

// The lines after a number, or the last ones (before a number); in the order of their coming.
Outcome<std::string> LogsJson(Call& call) {
  constexpr std::int64_t kMost = std::int64_t{1} << 53;
  TIDEMILL_ASSIGN(Selection selection, LogSelection(call));
  TIDEMILL_ASSIGN(const std::int64_t after, QueryInt(call, "after", -1, 0, kMost));
  TIDEMILL_ASSIGN(const std::int64_t before, QueryInt(call, "before", kMost, 0, kMost));
  if (after >= 0) AddCondition(selection, "l.number > {}", after);
  if (before < kMost) AddCondition(selection, "l.number < {}", before);
  selection.order = after >= 0 ? "l.number" : "l.number DESC";
  selection.limit = kLogLines + 1;
  TIDEMILL_ASSIGN(auto lines, SelectJson(call, kLogLine, selection));
  const bool more = static_cast<std::int64_t>(lines.size()) > kLogLines;
  if (more) lines.pop_back();
  if (after < 0) std::reverse(lines.begin(), lines.end());
  base::JsonWriter json;
  json.BeginObject().Key("lines").Raw("[" + base::Join(lines, ",") + "]").Key("more").Bool(more);
  return json.EndObject().Take();
}

// {"id", "name"} of the run that this one is a sub-flow of, or null.
Outcome<std::string> ParentJson(Call& call) {
  TIDEMILL_ASSIGN(
      const db::Value text,
      SelectValue(call,
                  "SELECT json_object('id', p.id, 'name', p.name) FROM flow_run r JOIN task_run t ON t.id = "
                  "r.parent_task_run_id JOIN flow_run p ON p.id = t.flow_run_id WHERE r.id = ?1",
                  {call.path.at(0)}));
  return db::IsNull(text) ? std::string("null") : db::TextOf(text);
}

}  // namespace

Outcome<Answer> PageRun(Call& call) {
  TIDEMILL_ASSIGN(const Answer run, AnswerOne(call, kFlowRuns.entity,
                                              {.where = "r.id = ?2", .arguments = {call.path.at(0)}}, kNoSuchRun));
  base::JsonWriter json;
  json.BeginObject().Key("now").String(InstantText(call.now)).Key("run").Raw(run.body);
  const Part parts[] = {{"line", kRunLine, "r.id = ?2", "", 1},
                        {"states", kStateLine, "s.run_id = ?2", "s.at DESC", kMostStates},
                        {"tasks", kTaskLine, "t.flow_run_id = ?2",
                         "coalesce(t.start, t.expected_start, t.created), t.created, t.id", kMostTasks},
                        {"artifacts", kRunArtifact, "a.flow_run_id = ?2", "a.number DESC", kMostArtifacts}};
  TIDEMILL_CHECK(WriteParts(call, parts, {call.path.at(0)}, json));
  TIDEMILL_ASSIGN(const db::Value tasks,
                  SelectValue(call, "SELECT count(*) FROM task_run WHERE flow_run_id = ?1", {call.path.at(0)}));
  TIDEMILL_ASSIGN(const std::string parent, ParentJson(call));
  TIDEMILL_ASSIGN(const std::string logs, LogsJson(call));
  json.Key("task_count").Int(db::IntOf(tasks)).Key("parent").Raw(parent).Key("logs").Raw(logs);
  return Answer{.status = 200, .body = json.EndObject().Take()};
}

Outcome<Answer> PageRunLogs(Call& call) {
  TIDEMILL_ASSIGN(std::string logs, LogsJson(call));
  return Answer{.status = 200, .body = std::move(logs)};
}

}  // namespace tidemill::orchestrator
