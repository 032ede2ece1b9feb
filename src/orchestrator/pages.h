// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "call.h"
#include "entity.h"

namespace tidemill::base {
class JsonWriter;
}

// What the pages ask for: all that one page shows, in one answer, below /pages. Lists are paged by a cursor: the last
// row's `cursor` is the next page's `after`; `more` says whether there is one.
namespace tidemill::orchestrator {

Outcome<Answer> PageDashboard(Call& call);       // ?hours=24
Outcome<Answer> PageRuns(Call& call);            // ?state=&flow=&deployment=&tag=&q=&since=SECONDS&upcoming=true
Outcome<Answer> PageFlowList(Call& call);        // ?q=&tag=
Outcome<Answer> PageFlow(Call& call);            // ?hours=168: with its runs over that time and its deployments
Outcome<Answer> PageRun(Call& call);             // the run with its states, tasks, artifacts, and log as below
Outcome<Answer> PageRunLogs(Call& call);         // ?after=|before=NUMBER&level=&task=&q=
Outcome<Answer> PageDeploymentList(Call& call);  // ?q=&tag=&paused=
Outcome<Answer> PageDeployment(Call& call);      // with its runs and the next times of its schedules
Outcome<Answer> PageWork(Call& call);            // pools with their queues and workers
Outcome<Answer> PageWorkPool(Call& call);        // one with its template, deployments, running and next runs
Outcome<Answer> PageBlocks(Call& call);          // types and documents, no data
Outcome<Answer> PageBlockType(Call& call);       // a type with its newest schema: what a form is made from
Outcome<Answer> PageBlock(Call& call);           // a document with masked secrets, for the same form
Outcome<Answer> PageArtifacts(Call& call);       // newest first
Outcome<Answer> PageVariables(Call& call);       // ?edit=NAME: with that one
Outcome<Answer> PageLimits(Call& call);
Outcome<Answer> PageAutomations(Call& call);  // ?edit=ID: with that one, and what its form can choose from

// The time of a run in the index of states: when it shall start (again), else when it did.
inline constexpr std::string_view kTimeOfState = "coalesce(r.next_start, r.start, r.expected_start)";

// A run as lists show it.
extern const Entity kRunLine;
// A deployment as lists show it.
extern const Entity kDeploymentLine;
// The same as kRunLine where the selection asks for scheduled runs, in the order in which they are due.
extern const Entity kUpcomingRunLine;
// The same where it asks for words or a tag, in the order of time.
extern const Entity kSearchedRunLine;

// SQL of the newest twelve runs that were due and fit the condition on flow_run r, as a JSON list.
#define TIDEMILL_LAST_RUNS(condition)                                                                              \
  "(SELECT json_group_array(json(x.one)) FROM (SELECT json_object('id', r.id, 'name', r.name, 'state_type', "      \
  "r.state_type, 'state_name', r.state_name, 'at', coalesce(r.start, r.expected_start) / 1000, 'total_run_time', " \
  "r.total_run / 1e6) AS one FROM flow_run r WHERE " condition                                                     \
  " AND r.expected_start <= ?1 ORDER BY r.expected_start DESC LIMIT 12) x)"

// A condition on the selection; "{}" stands for its argument.
void AddCondition(Selection& selection, std::string_view sql, db::Value argument);
// The query's value of this name that is not empty.
std::optional<std::string> QueryText(const Call& call, std::string_view name);
// The query's whole number of this name between `least` and `most`, else 422.
Outcome<std::int64_t> QueryInt(const Call& call, std::string_view name, std::int64_t otherwise, std::int64_t least,
                               std::int64_t most);
// {"name": [rows], "more": …} of one row more than is shown; `selection` has its order.
Outcome<std::string> PagedJson(Call& call, const Entity& entity, Selection selection, std::string_view name,
                               std::int64_t limit);
// The same two members, into the object that is being written.
Outcome<void> WritePage(Call& call, const Entity& entity, Selection selection, std::string_view name,
                        std::int64_t limit, base::JsonWriter& json);
// A member: the row with that value in a column, or null.
Outcome<void> WriteOne(Call& call, const Entity& entity, std::string_view column, const std::string& value,
                       std::string_view name, base::JsonWriter& json);
// All rows as a JSON list.
Outcome<std::string> ListJson(Call& call, const Entity& entity, const Selection& selection);

// A list of a page's answer; the arguments of all are the same.
struct Part {
  std::string_view name;
  const Entity& entity;
  std::string where, order;
  std::int64_t limit;
};
// Members of the object that is being written, a list each.
Outcome<void> WriteParts(Call& call, std::span<const Part> parts, const db::Row& arguments, base::JsonWriter& json);

}  // namespace tidemill::orchestrator
