// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <vector>

#include <fmt/format.h>

#include "tidemill/base/text.h"

#include "body.h"
#include "entity.h"
#include "filter.h"
#include "work.h"

// Who holds the slots of a pool or queue: the runs that are claimed or running.
namespace tidemill::orchestrator {
namespace {

constexpr std::int64_t kMostPages = 1'000'000'000;
constexpr std::string_view kHolding = "r.state_type IN ('RUNNING', 'PENDING')";
constexpr std::array kHolderColumns{Column{"id", "r.id"},
                                    Column{"name", "r.name"},
                                    Column{"state_type", "r.state_type"},
                                    Column{"state_name", "r.state_name"},
                                    Column{"start_time", "r.start", Kind::kInstant},
                                    Column{"state_timestamp", "r.state_at", Kind::kInstant},
                                    Column{"time_in_current_state", "max(0, ?1 - r.state_at)", Kind::kSeconds}};
constexpr Entity kHolder{"Flow run", "flow_run r", kHolderColumns};

struct Paging {
  std::int64_t page, limit;
  std::int64_t offset() const { return (page - 1) * limit; }
};

Outcome<Paging> ReadPage(Members& members) {
  Paging paging{members.Int("page").value_or(1), 0};
  TIDEMILL_ASSIGN(paging.limit, ReadLimit(members));
  if (paging.page < 1 || paging.page > kMostPages)
    return RefuseMember("page", fmt::format("a number from 1 to {} was expected", kMostPages));
  return paging;
}

std::string PagingJson(const Paging& paging, std::int64_t count) {
  const std::int64_t pages = paging.limit > 0 ? (count + paging.limit - 1) / paging.limit : 0;
  return fmt::format(R"("count":{},"limit":{},"pages":{},"page":{})", count, paging.limit, pages, paging.page);
}

std::string LimitJson(const db::Value& limit) {
  return db::IsNull(limit) ? "null" : std::to_string(db::IntOf(limit));
}

Outcome<std::string> HoldersJson(Call& call, const std::string& queue, std::int64_t most, std::int64_t offset) {
  TIDEMILL_ASSIGN(const auto list, SelectJson(call, kHolder,
                                              {.where = fmt::format("r.work_queue_id = ?2 AND {}", kHolding),
                                               .order = "r.state_at, r.id",
                                               .arguments = {queue},
                                               .limit = most,
                                               .offset = offset}));
  return "[" + base::Join(list, ",") + "]";
}

Outcome<std::int64_t> CountHolders(Call& call, std::string_view where, const std::string& id) {
  TIDEMILL_ASSIGN(
      const db::Value count,
      SelectValue(call, fmt::format("SELECT count(*) FROM flow_run r WHERE {} AND {}", where, kHolding), {id}));
  return db::IntOf(count);
}

}  // namespace

Outcome<Answer> GetSlotsOfPool(Call& call) {
  Members members(call.body);
  TIDEMILL_ASSIGN(const Paging paging, ReadPage(members));
  const std::int64_t most = std::clamp<std::int64_t>(members.Int("flow_run_limit").value_or(10), 0, 200);
  TIDEMILL_CHECK(members.Check());
  TIDEMILL_ASSIGN(const db::Rows pools,
                  call.db.Query("SELECT p.id, p.concurrency_limit, (SELECT count(*) FROM work_queue q WHERE "
                                "q.work_pool_id = p.id) FROM work_pool p WHERE p.name = ?1",
                                {call.path.at(0)}));
  if (pools.empty()) return Refuse(404, fmt::format("Work pool \"{}\" not found.", call.path.at(0)));
  const std::string& pool = db::TextOf(pools[0][0]);
  TIDEMILL_ASSIGN(const std::int64_t taken,
                  CountHolders(call, "r.work_queue_id IN (SELECT id FROM work_queue WHERE work_pool_id = ?1)", pool));
  TIDEMILL_ASSIGN(const db::Rows rows,
                  call.db.Query("SELECT id, name, concurrency_limit FROM work_queue WHERE work_pool_id = ?1 ORDER BY "
                                "priority, name LIMIT ?2 OFFSET ?3",
                                {pool, paging.limit, paging.offset()}));
  std::vector<std::string> queues;
  for (const db::Row& row : rows) {
    const std::string& id = db::TextOf(row[0]);
    TIDEMILL_ASSIGN(const std::int64_t count, CountHolders(call, "r.work_queue_id = ?1", id));
    TIDEMILL_ASSIGN(const std::string runs, HoldersJson(call, id, most, 0));
    queues.push_back(fmt::format(R"({{"queue_id":"{}","queue_name":{},"active_slots":{},"concurrency_limit":{},)"
                                 R"("flow_runs":{},"flow_run_count":{}}})",
                                 id, base::JsonString(db::TextOf(row[1])), count, LimitJson(row[2]), runs, count));
  }
  return Answer{
      .status = 200,
      .body = fmt::format(R"({{"active_slots":{},"concurrency_limit":{},"queues":[{}],{}}})", taken,
                          LimitJson(pools[0][1]), base::Join(queues, ","), PagingJson(paging, db::IntOf(pools[0][2])))};
}

Outcome<Answer> GetSlotsOfQueue(Call& call) {
  Members members(call.body);
  TIDEMILL_ASSIGN(const Paging paging, ReadPage(members));
  const std::string& id = call.path.at(0);
  TIDEMILL_ASSIGN(const db::Rows rows, call.db.Query("SELECT concurrency_limit FROM work_queue WHERE id = ?1", {id}));
  if (rows.empty()) return Refuse(404, "Work Queue not found.");
  TIDEMILL_ASSIGN(const std::int64_t count, CountHolders(call, "r.work_queue_id = ?1", id));
  TIDEMILL_ASSIGN(const std::string runs, HoldersJson(call, id, paging.limit, paging.offset()));
  return Answer{.status = 200,
                .body = fmt::format(R"({{"active_slots":{},"concurrency_limit":{},"flow_runs":{},{}}})", count,
                                    LimitJson(rows[0][0]), runs, PagingJson(paging, count))};
}

}  // namespace tidemill::orchestrator
