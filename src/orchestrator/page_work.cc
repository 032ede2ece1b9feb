// SPDX-License-Identifier: Apache-2.0
#include <array>

#include <fmt/format.h>

#include "tidemill/base/json_writer.h"

#include "instant.h"
#include "pages.h"
#include "searchables.h"

namespace tidemill::orchestrator {
namespace {

constexpr std::int64_t kMostPools = 200;
constexpr std::int64_t kMostQueues = 2000;

constexpr std::array kPoolColumns{
    Column{"id", "p.id"},
    Column{"name", "p.name"},
    Column{"description", "p.description"},
    Column{"type", "p.type"},
    Column{"is_paused", "p.is_paused", Kind::kBool},
    Column{"concurrency_limit", "p.concurrency_limit", Kind::kInt},
    Column{"active_slots",
           "(SELECT count(*) FROM flow_run x JOIN work_queue y ON y.id = x.work_queue_id WHERE y.work_pool_id = p.id "
           "AND x.state_type IN ('RUNNING', 'PENDING') AND x.state_type NOT IN ('COMPLETED', 'FAILED', 'CRASHED', "
           "'CANCELLED'))",
           Kind::kInt}};
constexpr Entity kPool{"Work pool", "work_pool p", kPoolColumns};

constexpr std::array kWorkerColumns{
    Column{"name", "w.name"}, Column{"work_pool_id", "w.work_pool_id"},
    Column{"last_heartbeat_time", "w.last_heartbeat", Kind::kInstant},
    Column{"online", "w.last_heartbeat > ?1 - 3000000 * coalesce(w.heartbeat_interval, 30)", Kind::kBool}};
constexpr Entity kWorker{"Worker", "worker w", kWorkerColumns};

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
  TIDEMILL_ASSIGN(const std::string pools, ListJson(call, kPool, {.order = "p.name", .limit = kMostPools}));
  TIDEMILL_ASSIGN(const std::string queues,
                  ListJson(call, kWorkQueues.entity, {.order = "q.priority, q.name", .limit = kMostQueues}));
  TIDEMILL_ASSIGN(const std::string workers,
                  ListJson(call, kWorker, {.order = "w.last_heartbeat DESC", .limit = kMostQueues}));
  TIDEMILL_ASSIGN(const std::string waiting, WaitingJson(call));
  base::JsonWriter json;
  json.BeginObject().Key("now").String(InstantText(call.now)).Key("pools").Raw(pools).Key("queues").Raw(queues);
  json.Key("workers").Raw(workers).Key("waiting").Raw(waiting);
  return Answer{.status = 200, .body = json.EndObject().Take()};
}

}  // namespace tidemill::orchestrator
