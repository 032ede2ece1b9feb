// SPDX-License-Identifier: Apache-2.0
#include <set>

#include "tidemill/base/instant.h"
#include "tidemill/base/text.h"
#include "tidemill/prefect/work_pools.h"
#include "tidemill/worker/poll.h"

namespace tidemill::worker {
namespace {

namespace json = prefect::json;
using base::ErrorCode;
using base::Result;
using prefect::PathPart;
using prefect::TextIn;

constexpr int kMostRuns = 10;  // a queue at once

Result<std::vector<Due>> AskPool(const prefect::Client& client, const std::string& pool,
                                 const std::vector<std::string>& queues, const json::value& described, base::Time until,
                                 const prefect::AskOptions& ask) {
  json::array names;
  for (const std::string& name : queues) names.emplace_back(name);
  TIDEMILL_ASSIGN(const json::value found, client.Post("/work_pools/" + PathPart(pool) + "/get_scheduled_flow_runs",
                                                       json::object{{"work_queue_names", std::move(names)},
                                                                    {"scheduled_before", base::InstantText(until)}},
                                                       ask));
  std::vector<Due> due;
  for (const json::value& one : prefect::AsArray(found)) {
    if (const json::value* run = prefect::Find(one, "flow_run")) due.push_back({.flow_run = *run, .pool = described});
  }
  return due;
}

class AgentSource final : public WorkSource {
 public:
  AgentSource(const prefect::Client& client, AgentQueues queues, std::function<void(std::string)> say)
      : client_(client), queues_(std::move(queues)), say_(std::move(say)) {}

  Result<std::vector<Due>> Ask(base::Time until, const prefect::AskOptions& ask) override {
    if (!queues_.pool.empty() && queues_.prefixes.empty()) {
      return AskPool(client_, queues_.pool, queues_.names, nullptr, until, ask);
    }
    TIDEMILL_ASSIGN(const std::vector<json::value> queues, Queues(ask));
    std::vector<Due> due;
    for (const json::value& queue : queues) {
      if (IsPaused(queue)) continue;
      TIDEMILL_ASSIGN(
          const json::value runs,
          client_.Post("/work_queues/" + TextIn(queue, "id") + "/get_runs",
                       json::object{{"limit", kMostRuns}, {"scheduled_before", base::InstantText(until)}}, ask));
      for (const json::value& run : prefect::AsArray(runs)) due.push_back({.flow_run = run, .pool = nullptr});
    }
    return due;
  }

 private:
  Result<std::vector<json::value>> Queues(const prefect::AskOptions& ask) {
    if (!has_pool_) {
      TIDEMILL_CHECK(prefect::EnsureAgentPool(client_, ask));
      has_pool_ = true;
    }
    std::vector<json::value> found;
    for (const std::string& name : queues_.names) {
      TIDEMILL_ASSIGN(json::value queue, FindOrMake(name, ask));
      found.push_back(std::move(queue));
    }
    for (const std::string& prefix : queues_.prefixes) {
      const json::object names{{"startswith_", json::array{json::string(prefix)}}};
      TIDEMILL_ASSIGN(
          const json::value all,
          client_.Post("/work_queues/filter", json::object{{"work_queues", json::object{{"name", names}}}}, ask));
      for (const json::value& queue : prefect::AsArray(all)) found.push_back(queue);
    }
    return found;
  }

  Result<json::value> FindOrMake(const std::string& name, const prefect::AskOptions& ask) {
    auto queue = client_.Get("/work_queues/name/" + PathPart(name), ask);
    if (queue || queue.error().code != ErrorCode::kNotFound) return queue;
    if (say_) say_(fmt::format("work queue '{}' was not there: it is made", name));
    return client_.Post("/work_queues/", json::object{{"name", name}}, ask);
  }

  // A paused queue is named once.
  bool IsPaused(const json::value& queue) {
    const json::value* paused = prefect::Find(queue, "is_paused");
    const std::string name = TextIn(queue, "name");
    if (paused == nullptr || *paused != json::value(true)) {
      paused_.erase(name);
      return false;
    }
    if (paused_.insert(name).second && say_) say_(fmt::format("work queue '{}' is paused", name));
    return true;
  }

  const prefect::Client& client_;
  const AgentQueues queues_;
  const std::function<void(std::string)> say_;
  std::set<std::string> paused_;
  bool has_pool_ = false;
};

class PoolSource final : public WorkSource {
 public:
  PoolSource(const prefect::Client& client, PoolWork work) : client_(client), work_(std::move(work)) {}

  Result<std::vector<Due>> Ask(base::Time until, const prefect::AskOptions& ask) override {
    const base::Time now = client_.clock().Now();
    if (!beaten_at_ || now - *beaten_at_ >= work_.heartbeat) {
      TIDEMILL_ASSIGN(pool_, FindOrMake(ask));
      TIDEMILL_ASSIGN(
          const json::value beaten,
          client_.Post(
              "/work_pools/" + PathPart(work_.pool) + "/workers/heartbeat",
              json::object{{"name", work_.worker_name}, {"heartbeat_interval_seconds", work_.heartbeat.count()}}, ask));
      beaten_at_ = now;
    }
    return AskPool(client_, work_.pool, work_.queues, pool_, until, ask);
  }

 private:
  Result<json::value> FindOrMake(const prefect::AskOptions& ask) {
    auto pool = client_.Get("/work_pools/" + PathPart(work_.pool), ask);
    if (pool || pool.error().code != ErrorCode::kNotFound || work_.type.empty()) return pool;
    TIDEMILL_ASSIGN(json::value base, prefect::BaseJobTemplate(work_.type));
    return client_.Post(
        "/work_pools/",
        json::object{{"name", work_.pool}, {"type", work_.type}, {"base_job_template", std::move(base)}}, ask);
  }

  const prefect::Client& client_;
  const PoolWork work_;
  json::value pool_;
  std::optional<base::Time> beaten_at_;
};

}  // namespace

std::unique_ptr<WorkSource> MakeAgentSource(const prefect::Client& client, AgentQueues queues,
                                            std::function<void(std::string)> say) {
  return std::make_unique<AgentSource>(client, std::move(queues), std::move(say));
}

std::unique_ptr<WorkSource> MakePoolSource(const prefect::Client& client, PoolWork work) {
  return std::make_unique<PoolSource>(client, std::move(work));
}

}  // namespace tidemill::worker
