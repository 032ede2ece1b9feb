// SPDX-License-Identifier: Apache-2.0
#include "bulk.h"

#include <vector>

#include <boost/json/object.hpp>
#include <fmt/format.h>

#include "tidemill/base/text.h"

#include "deployments.h"
#include "flow_runs.h"
#include "runs.h"
#include "searchables.h"

namespace tidemill::orchestrator {
namespace {

constexpr std::int64_t kMostDeleted = 200;
constexpr std::int64_t kMostSetStates = 50;

Outcome<std::vector<std::string>> ChosenIds(Call& call, const Searchable& searchable, std::string_view column,
                                            std::int64_t most) {
  Members members(call.body);
  const std::int64_t limit = members.Int("limit").value_or(most);
  TIDEMILL_CHECK(members.Check());
  if (limit < 1 || limit > most) return RefuseMember("limit", fmt::format("a number from 1 to {} was expected", most));
  TIDEMILL_ASSIGN(Selection selection, ReadConditions(searchable, call.body));
  selection.limit = limit;
  return SelectIds(call, searchable.entity, column, selection);
}

template <class Erase>
Outcome<Answer> DeleteChosen(Call& call, const Searchable& searchable, std::string_view column, Erase erase) {
  TIDEMILL_ASSIGN(const auto ids, ChosenIds(call, searchable, column, kMostDeleted));
  std::vector<std::string> deleted;
  for (const std::string& id : ids) {
    TIDEMILL_CHECK(erase(id));
    deleted.push_back(base::JsonString(id));
  }
  return Answer{.status = 200, .body = R"({"deleted":[)" + base::Join(deleted, ",") + "]}"};
}

}  // namespace

Outcome<Answer> DeleteFlows(Call& call) {
  return DeleteChosen(call, kFlows, "f.id", [&](const std::string& id) { return Delete(call, "flow", id); });
}

Outcome<Answer> DeleteFlowRuns(Call& call) {
  return DeleteChosen(call, kFlowRuns, "r.id", [&](const std::string& id) { return EraseFlowRun(call, id); });
}

Outcome<Answer> DeleteDeployments(Call& call) {
  return DeleteChosen(call, kDeployments, "d.id", [&](const std::string& id) { return EraseDeployment(call, id); });
}

Outcome<Answer> SetFlowRunStates(Call& call) {
  TIDEMILL_ASSIGN(const auto ids, ChosenIds(call, kFlowRuns, "r.id", kMostSetStates));
  std::vector<std::string> results;
  for (const std::string& id : ids) {
    call.path = {id};
    TIDEMILL_ASSIGN(const Answer one, SetFlowRunState(call));
    results.push_back(fmt::format(R"({{"flow_run_id":"{}",{})", id, std::string_view(one.body).substr(1)));
  }
  return Answer{.status = 200, .body = R"({"results":[)" + base::Join(results, ",") + "]}"};
}

}  // namespace tidemill::orchestrator
