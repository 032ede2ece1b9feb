// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <utility>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include "tidemill/base/text.h"

#include "body.h"
#include "flows.h"
#include "instant.h"
#include "job_variables.h"
#include "searchables.h"
#include "work.h"

namespace tidemill::orchestrator {
namespace {

constexpr std::string_view kNoStorage =
    R"({"bundle_upload_step":null,"bundle_execution_step":null,"default_result_storage_block_id":null})";

std::string Missing(std::string_view pool) {
  return fmt::format("Work pool \"{}\" not found.", pool);
}

Outcome<std::string> InsertQueue(Call& call, const std::string& pool_id, const std::string& name,
                                 const std::string& description) {
  const std::string id = call.NewId();
  TIDEMILL_ASSIGN(const db::Value free,
                  SelectValue(call,
                              "SELECT min(c.at) FROM (SELECT 1 AS at UNION SELECT priority + 1 FROM work_queue WHERE "
                              "work_pool_id = ?1) c WHERE c.at NOT IN (SELECT priority FROM work_queue WHERE "
                              "work_pool_id = ?1)",
                              {pool_id}));
  TIDEMILL_CHECK(Insert(call, "work_queue",
                        {{"id", id},
                         {"created", Micros(call.now)},
                         {"updated", Micros(call.now)},
                         {"work_pool_id", pool_id},
                         {"name", name},
                         {"description", description},
                         {"is_paused", std::int64_t{0}},
                         {"priority", free}}));
  return id;
}

struct PoolSeed {
  std::string name, type, base_job_template = "{}";
  std::optional<std::string> description = {};
  bool paused = false;
  std::optional<std::int64_t> limit = {};
  std::string storage = std::string(kNoStorage);
};

// Where the code of runs and their results are kept, all members of it.
Outcome<std::string> ReadStorage(const json::object* sent) {
  json::object storage = json::parse(kNoStorage).as_object();
  if (sent == nullptr) return json::serialize(storage);
  for (const auto& [name, value] : *sent) {
    if (!storage.contains(name))
      return RefuseMember("storage_configuration", fmt::format("no member {} was expected", std::string_view(name)));
    storage[name] = value;
  }
  return json::serialize(storage);
}

Outcome<void> CheckLimit(const std::optional<std::int64_t>& limit) {
  if (limit && *limit < 0) return RefuseMember("concurrency_limit", "a number of 0 or more was expected");
  return {};
}

Outcome<std::string> InsertPool(Call& call, const PoolSeed& seed) {
  const std::string id = call.NewId();
  TIDEMILL_CHECK(Insert(call, "work_pool",
                        {{"id", id},
                         {"created", Micros(call.now)},
                         {"updated", Micros(call.now)},
                         {"name", seed.name},
                         {"description", seed.description ? db::Value(*seed.description) : db::Value()},
                         {"type", seed.type},
                         {"base_job_template", seed.base_job_template},
                         {"is_paused", std::int64_t{seed.paused ? 1 : 0}},
                         {"concurrency_limit", seed.limit ? db::Value(*seed.limit) : db::Value()},
                         {"storage", seed.storage}}));
  TIDEMILL_ASSIGN(const std::string queue,
                  InsertQueue(call, id, "default", seed.name == kAgentPool ? "" : "The work pool's default queue."));
  TIDEMILL_CHECK(Update(call, "work_pool", id, {{"default_queue_id", queue}}));
  return id;
}

Outcome<std::string> PoolId(Call& call, const std::string& name) {
  TIDEMILL_ASSIGN(const db::Value id, SelectValue(call, "SELECT id FROM work_pool WHERE name = ?1", {name}));
  if (!db::IsNull(id)) return db::TextOf(id);
  if (name != kAgentPool) return Refuse(404, Missing(name));
  return InsertPool(call, {.name = name, .type = "prefect-agent"});
}

Outcome<Answer> AnswerQueue(Call& call, const std::string& id, int status = 200) {
  return AnswerOne(call, kWorkQueues.entity, {.where = "q.id = ?2", .arguments = {id}}, "Work Queue not found.",
                   status);
}

Outcome<std::string> QueueByPath(Call& call) {
  TIDEMILL_ASSIGN(const db::Value id,
                  SelectValue(call,
                              "SELECT q.id FROM work_queue q JOIN work_pool p ON p.id = q.work_pool_id WHERE "
                              "p.name = ?1 AND q.name = ?2",
                              {call.path.at(0), call.path.at(1)}));
  if (db::IsNull(id)) {
    return Refuse(404, fmt::format("Work queue '{}/{}' not found.", call.path.at(0), call.path.at(1)));
  }
  return db::TextOf(id);
}

// The members of a queue that may be set; a present null clears a limit.
Outcome<Cells> QueueCells(Members& members) {
  Cells cells;
  if (const auto name = members.Text("name")) cells.emplace_back("name", *name);
  if (const auto description = members.Text("description")) cells.emplace_back("description", *description);
  if (const auto paused = members.Bool("is_paused")) cells.emplace_back("is_paused", std::int64_t{*paused ? 1 : 0});
  if (members.Has("concurrency_limit")) {
    const auto limit = members.Int("concurrency_limit");
    TIDEMILL_CHECK(CheckLimit(limit));
    cells.emplace_back("concurrency_limit", limit ? db::Value(*limit) : db::Value());
  }
  if (const auto polled = members.Instant("last_polled")) cells.emplace_back("last_polled", Micros(*polled));
  if (const auto priority = members.Int("priority")) {
    if (*priority < 1) return RefuseMember("priority", "a number of 1 or more was expected");
    cells.emplace_back("priority", *priority);
  }
  TIDEMILL_CHECK(members.Check());
  return cells;
}

Outcome<Answer> MakeQueue(Call& call, const std::string& pool_id) {
  Members members(call.body);
  const std::string name = members.RequiredText("name");
  TIDEMILL_ASSIGN(const Cells cells, QueueCells(members));
  TIDEMILL_CHECK(CheckName(name));
  TIDEMILL_ASSIGN(const std::string id, InsertQueue(call, pool_id, name, ""));
  TIDEMILL_CHECK(Update(call, "work_queue", id, cells));
  return AnswerQueue(call, id, 201);
}

Outcome<Answer> PatchQueue(Call& call, const std::string& id) {
  Members members(call.body);
  TIDEMILL_ASSIGN(const Cells cells, QueueCells(members));
  TIDEMILL_ASSIGN(const std::int64_t count, Update(call, "work_queue", id, cells));
  if (count == 0) return Refuse(404, "Work Queue not found.");
  return NoContent();
}

}  // namespace

Outcome<std::string> FindQueue(Call& call, const std::optional<std::string>& pool, const std::string& queue) {
  TIDEMILL_ASSIGN(const std::string pool_id, PoolId(call, pool.value_or(std::string(kAgentPool))));
  if (queue.empty()) {
    TIDEMILL_ASSIGN(const db::Value id,
                    SelectValue(call, "SELECT default_queue_id FROM work_pool WHERE id = ?1", {pool_id}));
    return db::TextOf(id);
  }
  TIDEMILL_ASSIGN(
      const db::Value id,
      SelectValue(call, "SELECT id FROM work_queue WHERE work_pool_id = ?1 AND name = ?2", {pool_id, queue}));
  if (!db::IsNull(id)) return db::TextOf(id);
  return InsertQueue(call, pool_id, queue, "");
}

Outcome<Answer> CreateWorkPool(Call& call) {
  Members members(call.body);
  PoolSeed seed{.name = members.RequiredText("name"),
                .type = members.Text("type").value_or("prefect-agent"),
                .base_job_template = members.JsonObject("base_job_template"),
                .description = members.Text("description"),
                .paused = members.Bool("is_paused").value_or(false),
                .limit = members.Int("concurrency_limit")};
  TIDEMILL_CHECK(members.Check());
  TIDEMILL_CHECK(CheckName(seed.name));
  TIDEMILL_CHECK(CheckLimit(seed.limit));
  if (seed.name.find_first_not_of("' \"") == std::string::npos) return RefuseMember("name", "a name was expected");
  if (base::Lower(seed.name).starts_with("prefect")) {
    return Refuse(403, "Worker pools starting with 'Prefect' are reserved for internal use.");
  }
  TIDEMILL_ASSIGN(const db::Value known, SelectValue(call, "SELECT id FROM work_pool WHERE name = ?1", {seed.name}));
  if (!db::IsNull(known)) return Refuse(409, "A work pool with this name already exists.");
  const json::object* job_template = members.Object("base_job_template");
  const json::object* storage = members.Object("storage_configuration");
  TIDEMILL_CHECK(members.Check());
  TIDEMILL_CHECK(CheckTemplate(call, job_template != nullptr ? *job_template : EmptyObject()));
  TIDEMILL_ASSIGN(seed.storage, ReadStorage(storage));
  TIDEMILL_ASSIGN(const std::string id, InsertPool(call, seed));
  return AnswerOne(call, kWorkPools.entity, {.where = "p.id = ?2", .arguments = {id}}, "", 201);
}

Outcome<Answer> GetWorkPool(Call& call) {
  return AnswerOne(call, kWorkPools.entity, {.where = "p.name = ?2", .arguments = {call.path.at(0)}},
                   Missing(call.path.at(0)));
}

Outcome<Answer> PatchWorkPool(Call& call) {
  Members members(call.body);
  Cells cells;
  if (members.Has("description")) {
    const auto text = members.Text("description");
    cells.emplace_back("description", text ? db::Value(*text) : db::Value());
  }
  if (const auto paused = members.Bool("is_paused")) cells.emplace_back("is_paused", std::int64_t{*paused ? 1 : 0});
  if (const json::object* job_template = members.Object("base_job_template")) {
    TIDEMILL_CHECK(CheckTemplate(call, *job_template));
    cells.emplace_back("base_job_template", json::serialize(*job_template));
  }
  if (members.Has("storage_configuration")) {
    TIDEMILL_ASSIGN(std::string storage, ReadStorage(members.Object("storage_configuration")));
    cells.emplace_back("storage", std::move(storage));
  }
  if (members.Has("concurrency_limit")) {
    const auto limit = members.Int("concurrency_limit");
    TIDEMILL_CHECK(CheckLimit(limit));
    cells.emplace_back("concurrency_limit", limit ? db::Value(*limit) : db::Value());
  }
  TIDEMILL_CHECK(members.Check());
  TIDEMILL_ASSIGN(const std::string id, PoolId(call, call.path.at(0)));
  TIDEMILL_CHECK(Update(call, "work_pool", id, cells));
  return NoContent();
}

Outcome<Answer> DeleteWorkPool(Call& call) {
  TIDEMILL_ASSIGN(const std::string id, PoolId(call, call.path.at(0)));
  TIDEMILL_CHECK(Delete(call, "work_pool", id));
  return NoContent();
}

Outcome<Answer> FilterWorkPools(Call& call) {
  return AnswerFilter(call, kWorkPools);
}
Outcome<Answer> CountWorkPools(Call& call) {
  return AnswerFilterCount(call, kWorkPools);
}

Outcome<Answer> CreatePoolQueue(Call& call) {
  TIDEMILL_ASSIGN(const std::string pool, PoolId(call, call.path.at(0)));
  return MakeQueue(call, pool);
}

Outcome<Answer> FilterPoolQueues(Call& call) {
  TIDEMILL_ASSIGN(Selection selection, ReadSearch(kPoolQueues, call.body));
  TIDEMILL_ASSIGN(const db::Value pool,
                  SelectValue(call, "SELECT id FROM work_pool WHERE name = ?1", {call.path.at(0)}));
  if (db::IsNull(pool)) return Refuse(404, Missing(call.path.at(0)));
  selection.arguments.push_back(pool);
  selection.where += fmt::format(" AND q.work_pool_id = ?{}", selection.arguments.size() + 1);
  return AnswerList(call, kPoolQueues.entity, selection);
}

Outcome<Answer> GetPoolQueue(Call& call) {
  TIDEMILL_ASSIGN(const std::string id, QueueByPath(call));
  return AnswerQueue(call, id);
}

Outcome<Answer> PatchPoolQueue(Call& call) {
  TIDEMILL_ASSIGN(const std::string id, QueueByPath(call));
  return PatchQueue(call, id);
}

// Runs without a queue of their own go to a pool's default one.
Outcome<void> CheckIsNoDefault(Call& call, const std::string& queue) {
  TIDEMILL_ASSIGN(const db::Value pool,
                  SelectValue(call, "SELECT name FROM work_pool WHERE default_queue_id = ?1", {queue}));
  if (db::IsNull(pool)) return {};
  return Refuse(409, fmt::format("This is the default queue of work pool {}: it goes with the pool.",
                                 base::Quoted(db::TextOf(pool))));
}

Outcome<Answer> DeletePoolQueue(Call& call) {
  TIDEMILL_ASSIGN(const std::string id, QueueByPath(call));
  TIDEMILL_CHECK(CheckIsNoDefault(call, id));
  TIDEMILL_CHECK(Delete(call, "work_queue", id));
  return NoContent();
}

Outcome<Answer> CreateWorkQueue(Call& call) {
  TIDEMILL_ASSIGN(const std::string pool, PoolId(call, std::string(kAgentPool)));
  return MakeQueue(call, pool);
}

Outcome<Answer> GetWorkQueue(Call& call) {
  return AnswerQueue(call, call.path.at(0));
}

Outcome<Answer> GetWorkQueueByName(Call& call) {
  return AnswerOne(call, kWorkQueues.entity,
                   {.where = "q.name = ?2 AND q.work_pool_id = (SELECT p.id FROM work_pool p WHERE p.name = ?3)",
                    .arguments = {call.path.at(0), std::string(kAgentPool)}},
                   "Work Queue not found.");
}

Outcome<Answer> PatchWorkQueue(Call& call) {
  return PatchQueue(call, call.path.at(0));
}
Outcome<Answer> DeleteWorkQueue(Call& call) {
  TIDEMILL_CHECK(CheckIsNoDefault(call, call.path.at(0)));
  return DeleteByPath(call, "work_queue", "Work Queue not found.");
}
Outcome<Answer> FilterWorkQueues(Call& call) {
  return AnswerFilter(call, kWorkQueues);
}

Outcome<Answer> GetWorkQueueStatus(Call& call) {
  TIDEMILL_ASSIGN(const db::Rows rows, call.db.Query("SELECT last_polled, (SELECT count(*) FROM flow_run r WHERE "
                                                     "r.work_queue_id = q.id AND r.state_type = 'SCHEDULED' AND "
                                                     "r.next_start < ?2 - 15000000) FROM work_queue q WHERE q.id = ?1",
                                                     {call.path.at(0), Micros(call.now)}));
  if (rows.empty()) return Refuse(404, "Work Queue not found.");
  constexpr std::int64_t kPolledWithin = 60'000'000;
  const std::int64_t late = db::IntOf(rows[0][1]);
  const bool polled = db::IntOf(rows[0][0]) > Micros(call.now) - kPolledWithin;
  const std::string last =
      db::IsNull(rows[0][0]) ? "null" : base::JsonString(InstantText(FromMicros(db::IntOf(rows[0][0]))));
  return Answer{.status = 200,
                .body = fmt::format(R"({{"healthy":{},"late_runs_count":{},"last_polled":{},"health_check_policy":)"
                                    R"({{"maximum_late_runs":0,"maximum_seconds_since_last_polled":60}}}})",
                                    polled && late == 0, late, last)};
}

}  // namespace tidemill::orchestrator
