// SPDX-License-Identifier: Apache-2.0
#include <array>

#include <fmt/format.h>

#include "tidemill/base/json_writer.h"

#include "instant.h"
#include "pages.h"
#include "searchables.h"
#include "work.h"

namespace tidemill::orchestrator {
namespace {

constexpr std::int64_t kMostPools = 200;
constexpr std::int64_t kMostQueues = 2000;
constexpr std::int64_t kDeploymentsShown = 200;
constexpr std::int64_t kRunsShown = 20;

constexpr std::array kPoolColumns{
    Column{"id", "p.id"},
    Column{"name", "p.name"},
    Column{"description", "p.description"},
    Column{"type", "p.type"},
    Column{"is_paused", "p.is_paused", Kind::kBool},
    Column{"concurrency_limit", "p.concurrency_limit", Kind::kInt},
    Column{"default_queue_id", "p.default_queue_id"},
    Column{"active_slots",
           "(SELECT count(*) FROM flow_run x JOIN work_queue y ON y.id = x.work_queue_id WHERE y.work_pool_id = p.id "
           "AND x.state_type IN ('RUNNING', 'PENDING'))",
           Kind::kInt}};
constexpr Entity kPool{"Work pool", "work_pool p", kPoolColumns};

constexpr std::array kPageWorkerColumns{
    Column{"name", "w.name"}, Column{"work_pool_id", "w.work_pool_id"},
    Column{"last_heartbeat_time", "w.last_heartbeat", Kind::kInstant},
    Column{"online", "w.last_heartbeat > ?1 - 3000000 * coalesce(w.heartbeat_interval, 30)", Kind::kBool}};
constexpr Entity kPageWorker{"Worker", "worker w", kPageWorkerColumns};

// By the queue's id: how many runs wait in it, and how many of these are late.
Outcome<std::string> WaitingJson(Call& call) {
  TIDEMILL_ASSIGN(const db::Rows rows,
                  call.db.Query("SELECT work_queue_id, sum(next_start <= ?1), sum(state_name = 'Late') FROM flow_run "
                                "WHERE state_type = 'SCHEDULED' AND work_queue_id IS NOT NULL GROUP BY work_queue_id",
                                {Micros(call.now)}));
  base::JsonWriter json;
  json.BeginObject();
  for (const db::Row& row : rows) {
    json.Key(db::TextOf(row[0])).BeginArray().Int(db::IntOf(row[1])).Int(db::IntOf(row[2])).EndArray();
  }
  return json.EndObject().Take();
}

}  // namespace

Outcome<Answer> PageWork(Call& call) {
  const Part parts[] = {{"pools", kPool, "1", "p.name", kMostPools},
                        {"queues", kWorkQueues.entity, "1", "q.priority, q.name", kMostQueues},
                        {"workers", kPageWorker, "1", "w.last_heartbeat DESC", kMostQueues}};
  base::JsonWriter json;
  json.BeginObject().Key("now").String(InstantText(call.now));
  TIDEMILL_CHECK(WriteParts(call, parts, {}, json));
  TIDEMILL_ASSIGN(const std::string waiting, WaitingJson(call));
  json.Key("waiting").Raw(waiting);
  return Answer{.status = 200, .body = json.EndObject().Take()};
}

Outcome<Answer> PageWorkPool(Call& call) {
  TIDEMILL_ASSIGN(const Answer pool, GetWorkPool(call));
  TIDEMILL_ASSIGN(const db::Value id, SelectValue(call, "SELECT id FROM work_pool WHERE name = ?1", {call.path.at(0)}));
  constexpr std::string_view kOfPool =
      "r.work_queue_id IN (SELECT y.id FROM work_queue y WHERE y.work_pool_id = ?2) AND ";
  const Part parts[] = {
      {"queues", kWorkQueues.entity, "q.work_pool_id = ?2", "q.priority, q.name", kMostQueues},
      {"workers", kPageWorker, "w.work_pool_id = ?2", "w.last_heartbeat DESC", kMostQueues},
      {"deployments", kDeploymentLine, "q.work_pool_id = ?2", "f.name || '/' || d.name", kDeploymentsShown},
      {"running", kRunLine, std::string(kOfPool) + "r.state_type IN ('RUNNING', 'PENDING', 'CANCELLING', 'PAUSED')",
       "r.state_at DESC, r.id", kRunsShown},
      {"next", kRunLine, std::string(kOfPool) + "r.state_type = 'SCHEDULED'", "r.next_start, r.id", kRunsShown}};
  base::JsonWriter json;
  json.BeginObject().Key("now").String(InstantText(call.now)).Key("pool").Raw(pool.body);
  TIDEMILL_CHECK(WriteParts(call, parts, {id}, json));
  TIDEMILL_ASSIGN(const std::string waiting, WaitingJson(call));
  json.Key("waiting").Raw(waiting);
  return Answer{.status = 200, .body = json.EndObject().Take()};
}

}  // namespace tidemill::orchestrator
