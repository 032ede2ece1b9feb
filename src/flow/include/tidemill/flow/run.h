// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "tidemill/base/clock.h"
#include "tidemill/base/result.h"
#include "tidemill/flow/observer.h"

// Flows, sub-flows and tasks as plain functions; shared/design/orchestration.md, section 2. A flow is a function
// Result<T>(Run&, …), a task is a call made through Run. Knows no server: it tells an Observer.
namespace tidemill::flow {

enum class RetryWhen : std::uint8_t {
  kErrorTable,
  kAlways
};  // kErrorTable: the codes that base's table calls retryable

// Attempt n (from 0) waits delays[n] (the last repeats), else min(delay · factor^n, cap), times a number drawn from
// [1, 1 + jitter], so never earlier than asked; and never earlier than the task's RetryAfter.
struct Retry {
  int times = 0;
  std::chrono::milliseconds delay{1'000};
  double factor = 2.0;
  std::chrono::milliseconds cap{60'000};
  std::vector<std::chrono::milliseconds> delays = {};
  double jitter = 0.0;
  RetryWhen when = RetryWhen::kErrorTable;
};

struct TaskOptions {
  std::string name;
  std::string item = {};
  Retry retry = {};
  std::optional<std::chrono::milliseconds> timeout = {};  // a deadline on the task's stop token
};

struct MapOptions {
  TaskOptions task = {};
  std::size_t parallel = 1;  // at most so many at once; 1 runs on the caller's thread
  bool keep_going = false;   // run all items, then return all errors together
};

class Run;

// What a running task may do. Lives as long as its attempt.
class TaskRun {
 public:
  std::stop_token stop() const;
  int attempt() const;  // from 1
  void Log(LogLevel level, std::string text);
  void Info(std::string text) { Log(LogLevel::kInfo, std::move(text)); }
  void Warn(std::string text) { Log(LogLevel::kWarning, std::move(text)); }
  void Progress(std::uint64_t done, std::uint64_t of);
  // The next attempt waits at least so long (a server's Retry-After).
  void RetryAfter(std::chrono::milliseconds delay);

 private:
  friend class Run;
  struct Impl;
  explicit TaskRun(Impl& impl) : impl_(&impl) {}
  Impl* impl_;
};

// What flows need of the outside; all must outlive the runs. `random` draws from [0, 1).
struct Engine {
  Observer& observer;
  const base::Clock& clock;
  std::function<double()> random;
};

// One flow run.
class Run {
 public:
  std::stop_token stop() const;
  const std::string& id() const;
  void Log(LogLevel level, std::string text);
  void Info(std::string text) { Log(LogLevel::kInfo, std::move(text)); }
  void Warn(std::string text) { Log(LogLevel::kWarning, std::move(text)); }
  void MakeArtifact(std::string key, std::string kind, std::string data);

  // Runs `function(TaskRun&) -> Result<T>` here and now, with retries and time-out; returns its last result.
  template <class F>
  std::invoke_result_t<F, TaskRun&> Task(const TaskOptions& options, F&& function);

  // One task run an item, results in the items' order. `name_item(item)` names it for logs.
  // The first error stops handing out items unless keep_going.
  template <class Item, class F>
  auto Map(const std::vector<Item>& items, const MapOptions& options,
           const std::function<std::string(const Item&)>& name_item, F&& function)
      -> std::vector<std::invoke_result_t<F, TaskRun&, const Item&>>;

  // A child run with states and logs of its own, on this thread; its stop token hangs below this one's.
  template <class F>
  std::invoke_result_t<F, Run&> Subflow(std::string name, F&& function);

 private:
  friend class RunStarter;
  struct Impl;
  explicit Run(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

// Runs a flow: Pending → Running → final state, as its returned Result decides (an exception becomes kInternal,
// Crashed). `stop` cancels: no new attempt, no new item; the run ends Cancelled and the error is kCancelled.
template <class F>
std::invoke_result_t<F, Run&> RunFlow(const Engine& engine, const FlowRunSpec& spec, std::stop_token stop,
                                      F&& function);

}  // namespace tidemill::flow
