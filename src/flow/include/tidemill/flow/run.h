// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "tidemill/base/clock.h"
#include "tidemill/base/result.h"
#include "tidemill/flow/observer.h"

// Flows, sub-flows and tasks as plain functions; docs/architecture.md. A flow is a function
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

// What flows need of the outside; all must outlive the runs. `random` draws from [0, 1); the runs call it one
// at a time, so unless it is thread-safe nobody else may hold it.
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
           const std::type_identity_t<std::function<std::string(const Item&)>>& name_item, F&& function)
      -> std::vector<std::invoke_result_t<F, TaskRun&, const Item&>>;

  // A child run with states and logs of its own, on this thread; its stop token hangs below this one's.
  template <class F>
  std::invoke_result_t<F, Run&> Subflow(std::string name, F&& function);

 private:
  friend class RunStarter;
  struct Impl;
  using TaskBody = std::function<base::Status(TaskRun&)>;
  using ItemBody = std::function<base::Status(std::size_t, TaskRun&)>;
  explicit Run(Impl& impl) : impl_(&impl) {}
  base::Status RunTask(const TaskOptions& options, const TaskBody& body);
  std::vector<base::Status> RunItems(std::size_t count, const MapOptions& options,
                                     const std::function<std::string(std::size_t)>& name_item, const ItemBody& body);
  base::Status RunChild(std::string name, const std::function<base::Status(Run&)>& body);
  Impl* impl_;
};

// The part of RunFlow that knows no types: begins the run, asks the observer, calls `body`, ends the run.
class RunStarter {
 public:
  static base::Status Start(const Engine& engine, const FlowRunSpec& spec, std::stop_token stop,
                            const std::function<base::Status(Run&)>& body);

 private:
  friend class Run;
  struct Shared;
  static base::Status Start(Shared& shared, const FlowRunSpec& spec, std::stop_token stop,
                            const std::function<base::Status(Run&)>& body);
};

// Runs a flow: Pending → Running → final state, as its returned Result decides (an exception becomes kInternal,
// Crashed). `stop` cancels: no new attempt, no new item; the run ends Cancelled and the error is kCancelled.
// The observer may put off, refuse or take back a state: kUnavailable, kConflict or kCancelled without a run of the
// function; a final state answered by a scheduled one runs it again.
template <class F>
std::invoke_result_t<F, Run&> RunFlow(const Engine& engine, const FlowRunSpec& spec, std::stop_token stop,
                                      F&& function);

// What follows are the templates' bodies: they keep the value aside and hand a Status to the code behind.
namespace internal {

template <class R, class Call>
base::Status Keep(std::optional<R>& last, Call&& call) {
  last.reset();
  last.emplace(call());
  if (!*last) return tl::unexpected(last->error());
  return {};
}

template <class R>
R Release(base::Status&& status, std::optional<R>&& last) {
  if (!status) return tl::unexpected(std::move(status).error());
  return *std::move(last);
}

}  // namespace internal

template <class F>
std::invoke_result_t<F, TaskRun&> Run::Task(const TaskOptions& options, F&& function) {
  std::optional<std::invoke_result_t<F, TaskRun&>> last;
  base::Status status =
      RunTask(options, [&](TaskRun& task) { return internal::Keep(last, [&] { return function(task); }); });
  return internal::Release(std::move(status), std::move(last));
}

template <class Item, class F>
auto Run::Map(const std::vector<Item>& items, const MapOptions& options,
              const std::type_identity_t<std::function<std::string(const Item&)>>& name_item, F&& function)
    -> std::vector<std::invoke_result_t<F, TaskRun&, const Item&>> {
  using R = std::invoke_result_t<F, TaskRun&, const Item&>;
  std::vector<std::optional<R>> last(items.size());
  std::vector<base::Status> statuses = RunItems(
      items.size(), options, [&](std::size_t i) { return name_item ? name_item(items[i]) : std::to_string(i); },
      [&](std::size_t i, TaskRun& task) { return internal::Keep(last[i], [&] { return function(task, items[i]); }); });
  std::vector<R> results;
  results.reserve(items.size());
  for (std::size_t i = 0; i < items.size(); ++i)
    results.push_back(internal::Release(std::move(statuses[i]), std::move(last[i])));
  return results;
}

template <class F>
std::invoke_result_t<F, Run&> Run::Subflow(std::string name, F&& function) {
  std::optional<std::invoke_result_t<F, Run&>> last;
  base::Status status =
      RunChild(std::move(name), [&](Run& run) { return internal::Keep(last, [&] { return function(run); }); });
  return internal::Release(std::move(status), std::move(last));
}

template <class F>
std::invoke_result_t<F, Run&> RunFlow(const Engine& engine, const FlowRunSpec& spec, std::stop_token stop,
                                      F&& function) {
  std::optional<std::invoke_result_t<F, Run&>> last;
  base::Status status = RunStarter::Start(
      engine, spec, std::move(stop), [&](Run& run) { return internal::Keep(last, [&] { return function(run); }); });
  return internal::Release(std::move(status), std::move(last));
}

}  // namespace tidemill::flow
