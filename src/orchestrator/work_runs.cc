// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <limits>
#include <vector>

#include <boost/json/array.hpp>
#include <fmt/format.h>

#include "tidemill/base/text.h"

#include "body.h"
#include "instant.h"
#include "searchables.h"
#include "work.h"

// Which scheduled runs a worker or an agent may take now. Taking one is its proposal of Pending, not this.
namespace tidemill::orchestrator {
namespace {

constexpr std::int64_t kMostRuns = 200;
constexpr std::int64_t kNoLimit = std::numeric_limits<std::int64_t>::max();

struct Queue {
  std::string id;
  std::int64_t free;  // slots
};

// When a run must be scheduled for.
struct Window {
  std::int64_t before = std::numeric_limits<std::int64_t>::max();
  std::int64_t after = std::numeric_limits<std::int64_t>::min();
};

Outcome<Window> ReadWindow(Members& members) {
  Window window;
  if (const auto before = members.Instant("scheduled_before")) window.before = Micros(*before);
  if (const auto after = members.Instant("scheduled_after")) window.after = Micros(*after);
  TIDEMILL_CHECK(members.Check());
  return window;
}

// A queue's or pool's free slots: its limit less what runs or is claimed.
Outcome<std::int64_t> FreeSlots(Call& call, const db::Value& limit, std::string_view count, const std::string& id) {
  if (db::IsNull(limit)) return kNoLimit;
  TIDEMILL_ASSIGN(const db::Value taken, SelectValue(call, count, {id}));
  return std::max<std::int64_t>(0, db::IntOf(limit) - db::IntOf(taken));
}

constexpr std::string_view kTakenOfQueue =
    "SELECT count(*) FROM flow_run WHERE work_queue_id = ?1 AND state_type IN ('RUNNING', 'PENDING')";
constexpr std::string_view kTakenOfPool =
    "SELECT count(*) FROM flow_run r JOIN work_queue q ON q.id = r.work_queue_id WHERE q.work_pool_id = ?1 AND "
    "r.state_type IN ('RUNNING', 'PENDING')";

// The ids of what is due in a queue, oldest first. A run that its own process waits to try again is not for others.
Outcome<std::vector<std::string>> DueInQueue(Call& call, const Queue& queue, const Window& window, std::int64_t limit) {
  std::vector<std::string> ids;
  if (limit <= 0) return ids;
  TIDEMILL_ASSIGN(const db::Rows rows,
                  call.db.Query("SELECT id FROM flow_run WHERE work_queue_id = ?1 AND state_type = 'SCHEDULED' AND "
                                "next_start BETWEEN ?4 AND ?2 AND "
                                "coalesce(json_extract(policy, '$.retry_type'), '') <> 'in_process' "
                                "ORDER BY next_start, id LIMIT ?3",
                                {queue.id, window.before, std::min(limit, queue.free), window.after}));
  for (const db::Row& row : rows) ids.push_back(db::TextOf(row[0]));
  return ids;
}

// Who polls is known to the second: those who look at it count by dozens of them.
Outcome<void> NotePolled(Call& call, const Queue& queue) {
  const db::Row arguments{queue.id, Micros(call.now)};
  TIDEMILL_ASSIGN(const std::int64_t noted,
                  call.db.Change("UPDATE work_queue SET last_polled = ?2 WHERE id = ?1 AND (last_polled IS NULL OR "
                                 "last_polled NOT BETWEEN ?2 - 1000000 AND ?2)",
                                 arguments));
  if (noted == 0) return {};
  TIDEMILL_CHECK(call.db.Change("UPDATE deployment SET last_polled = ?2 WHERE work_queue_id = ?1", arguments));
  return {};
}

Outcome<std::string> RunJson(Call& call, const std::string& id) {
  TIDEMILL_ASSIGN(auto list, SelectJson(call, kFlowRuns.entity, {.where = "r.id = ?2", .arguments = {id}}));
  if (list.empty()) return Refuse(500, "the run is gone");
  return std::move(list.front());
}

Outcome<std::vector<Queue>> QueuesOfPool(Call& call, const std::string& pool_id, const std::string& names) {
  TIDEMILL_ASSIGN(
      const db::Rows rows,
      call.db.Query("SELECT id, concurrency_limit FROM work_queue WHERE work_pool_id = ?1 AND NOT is_paused "
                    "AND (json_array_length(?2) = 0 OR name IN (SELECT value FROM json_each(?2))) "
                    "ORDER BY priority, name",
                    {pool_id, names}));
  std::vector<Queue> queues;
  for (const db::Row& row : rows) {
    TIDEMILL_ASSIGN(const std::int64_t free, FreeSlots(call, row[1], kTakenOfQueue, db::TextOf(row[0])));
    queues.push_back({db::TextOf(row[0]), free});
  }
  return queues;
}

Outcome<void> CheckQueueNames(Call& call, const std::string& pool_id, const std::string& names) {
  TIDEMILL_ASSIGN(const db::Value missing,
                  SelectValue(call,
                              "SELECT value FROM json_each(?2) WHERE value NOT IN (SELECT name FROM work_queue WHERE "
                              "work_pool_id = ?1)",
                              {pool_id, names}));
  if (db::IsNull(missing)) return {};
  return Refuse(404, fmt::format("Work queue '{}/{}' not found.", call.path.at(0), db::TextOf(missing)));
}

constexpr std::string_view kWorkerStatus =
    "CASE WHEN w.last_heartbeat > ?1 - 3000000 * coalesce(w.heartbeat_interval, 30) THEN 'ONLINE' ELSE 'OFFLINE' END";
constexpr std::array kWorkerColumns{Column{"id", "w.id"},
                                    Column{"created", "w.created", Kind::kInstant},
                                    Column{"updated", "w.updated", Kind::kInstant},
                                    Column{"name", "w.name"},
                                    Column{"work_pool_id", "w.work_pool_id"},
                                    Column{"last_heartbeat_time", "w.last_heartbeat", Kind::kInstant},
                                    Column{"heartbeat_interval_seconds", "w.heartbeat_interval", Kind::kInt},
                                    Column{"status", kWorkerStatus}};
constexpr Entity kWorker{"Worker", "worker w", kWorkerColumns};
constexpr std::array kWorkerMembers{FilterMember{"status", kWorkerStatus},
                                    FilterMember{"last_heartbeat_time", "w.last_heartbeat", Leaf::kInstant}};
constexpr FilterTable kWorkerTable{"workers", "w", kWorkerMembers};
constexpr std::array kWorkerOrders{SortOrder{"LAST_HEARTBEAT_DESC", "w.last_heartbeat DESC, w.name"}};

}  // namespace

Outcome<Answer> GetScheduledRunsOfPool(Call& call) {
  Members members(call.body);
  const std::string names = members.JsonTexts("work_queue_names");
  TIDEMILL_ASSIGN(const Window window, ReadWindow(members));
  const std::int64_t limit = std::min(members.Int("limit").value_or(kMostRuns), kMostRuns);
  TIDEMILL_CHECK(members.Check());
  TIDEMILL_ASSIGN(
      const db::Rows pools,
      call.db.Query("SELECT id, is_paused, concurrency_limit FROM work_pool WHERE name = ?1", {call.path.at(0)}));
  if (pools.empty()) return Refuse(404, fmt::format("Work pool \"{}\" not found.", call.path.at(0)));
  const std::string& pool_id = db::TextOf(pools[0][0]);
  TIDEMILL_ASSIGN(const std::int64_t free, FreeSlots(call, pools[0][2], kTakenOfPool, pool_id));
  std::int64_t left = db::IntOf(pools[0][1]) != 0 ? 0 : std::min(limit, free);
  TIDEMILL_CHECK(CheckQueueNames(call, pool_id, names));
  TIDEMILL_ASSIGN(const auto queues, QueuesOfPool(call, pool_id, names));
  std::vector<std::string> runs;
  for (const Queue& queue : queues) {
    TIDEMILL_CHECK(NotePolled(call, queue));
    TIDEMILL_ASSIGN(const auto ids, DueInQueue(call, queue, window, left));
    left -= static_cast<std::int64_t>(ids.size());
    for (const std::string& id : ids) {
      TIDEMILL_ASSIGN(const std::string run, RunJson(call, id));
      runs.push_back(
          fmt::format(R"({{"work_pool_id":"{}","work_queue_id":"{}","flow_run":{}}})", pool_id, queue.id, run));
    }
  }
  return Answer{.status = 200, .body = "[" + base::Join(runs, ",") + "]"};
}

Outcome<Answer> GetRunsOfQueue(Call& call) {
  Members members(call.body);
  TIDEMILL_ASSIGN(const Window window, ReadWindow(members));
  const std::int64_t limit = std::min(members.Int("limit").value_or(kMostRuns), kMostRuns);
  TIDEMILL_CHECK(members.Check());
  TIDEMILL_ASSIGN(
      const db::Rows rows,
      call.db.Query("SELECT is_paused, concurrency_limit FROM work_queue WHERE id = ?1", {call.path.at(0)}));
  if (rows.empty()) return Refuse(404, "Work Queue not found.");
  TIDEMILL_ASSIGN(const std::int64_t free, FreeSlots(call, rows[0][1], kTakenOfQueue, call.path.at(0)));
  const Queue queue{call.path.at(0), db::IntOf(rows[0][0]) != 0 ? 0 : free};
  TIDEMILL_CHECK(NotePolled(call, queue));
  TIDEMILL_ASSIGN(const auto ids, DueInQueue(call, queue, window, limit));
  std::vector<std::string> runs;
  for (const std::string& id : ids) {
    TIDEMILL_ASSIGN(std::string run, RunJson(call, id));
    runs.push_back(std::move(run));
  }
  return Answer{.status = 200, .body = "[" + base::Join(runs, ",") + "]"};
}

Outcome<Answer> Heartbeat(Call& call) {
  Members members(call.body);
  const std::string name = members.RequiredText("name");
  const auto interval = members.Int("heartbeat_interval_seconds");
  TIDEMILL_CHECK(members.Check());
  TIDEMILL_ASSIGN(const db::Value pool,
                  SelectValue(call, "SELECT id FROM work_pool WHERE name = ?1", {call.path.at(0)}));
  if (db::IsNull(pool)) return Refuse(404, fmt::format("Work pool \"{}\" not found.", call.path.at(0)));
  TIDEMILL_CHECK(Insert(call, "worker",
                        {{"id", call.NewId()},
                         {"created", Micros(call.now)},
                         {"updated", Micros(call.now)},
                         {"work_pool_id", pool},
                         {"name", name},
                         {"last_heartbeat", Micros(call.now)},
                         {"heartbeat_interval", interval ? db::Value(*interval) : db::Value()}},
                        "ON CONFLICT(work_pool_id, name) DO UPDATE SET updated = excluded.updated, last_heartbeat = "
                        "excluded.last_heartbeat, heartbeat_interval = excluded.heartbeat_interval"));
  return NoContent();
}

Outcome<Answer> FilterWorkers(Call& call) {
  TIDEMILL_ASSIGN(Selection selection, ReadSearch({kWorker, kWorkerTable, {}, kWorkerOrders}, call.body));
  selection.arguments.emplace_back(call.path.at(0));
  selection.where += fmt::format(" AND w.work_pool_id = (SELECT p.id FROM work_pool p WHERE p.name = ?{})",
                                 selection.arguments.size() + 1);
  return AnswerList(call, kWorker, selection);
}

Outcome<Answer> DeleteWorker(Call& call) {
  TIDEMILL_ASSIGN(
      const std::int64_t count,
      call.db.Change("DELETE FROM worker WHERE name = ?2 AND work_pool_id = (SELECT id FROM work_pool WHERE "
                     "name = ?1)",
                     {call.path.at(0), call.path.at(1)}));
  if (count == 0) return Refuse(404, "Worker not found.");
  return NoContent();
}

}  // namespace tidemill::orchestrator
