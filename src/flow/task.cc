// SPDX-License-Identifier: Apache-2.0
#include <atomic>
#include <optional>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "tidemill/flow/run.h"

#include "deadline.h"
#include "ending.h"
#include "retry.h"
#include "run_impl.h"

namespace tidemill::flow {
namespace {

using base::ErrorCode;
using base::Fail;
using std::chrono::milliseconds;

double Seconds(milliseconds time) {
  return std::chrono::duration<double>(time).count();
}

// One task run as the observer knows it.
struct Told {
  const Engine& engine;
  const std::string& flow_run_id;
  const std::string id;
  const TaskOptions& options;

  void Tell(int attempt, State state) const {
    state.timestamp = engine.clock.Now();
    engine.observer.TaskStateChanged({.id = id,
                                      .flow_run_id = flow_run_id,
                                      .task_name = options.name,
                                      .item = options.item,
                                      .attempt = attempt,
                                      .state = std::move(state)});
  }
};

}  // namespace

struct TaskRun::Impl {
  const Told& told;
  int attempt;
  ChainedStop stop;
  std::atomic<std::int64_t> retry_after = 0;  // milliseconds
};

std::stop_token TaskRun::stop() const {
  return impl_->stop.token();
}

int TaskRun::attempt() const {
  return impl_->attempt;
}

void TaskRun::Log(LogLevel level, std::string text) {
  const Told& told = impl_->told;
  told.engine.observer.Logged({.flow_run_id = told.flow_run_id,
                               .task_run_id = told.id,
                               .level = level,
                               .text = std::move(text),
                               .time = told.engine.clock.Now()});
}

void TaskRun::Progress(std::uint64_t done, std::uint64_t of) {
  const Told& told = impl_->told;
  told.engine.observer.Progressed({.flow_run_id = told.flow_run_id,
                                   .task_run_id = told.id,
                                   .task_name = told.options.name,
                                   .done = done,
                                   .of = of});
}

void TaskRun::RetryAfter(milliseconds delay) {
  impl_->retry_after = delay.count();
}

namespace {

// Calls the task once, with its deadline if it has one.
Ending CallTimed(const Told& told, TaskRun& task, const std::stop_source& source,
                 const std::function<base::Status(TaskRun&)>& body) {
  if (!told.options.timeout) return CallGuarded([&] { return body(task); });
  const milliseconds limit = *told.options.timeout;
  bool passed = false;
  Ending ending = CallGuarded([&] {
    const Deadline deadline(told.engine.clock, limit, source,
                            [&] { task.Warn(fmt::format("does not stop, though its {} s are over", Seconds(limit))); });
    base::Status status = body(task);
    passed = deadline.passed();
    return status;
  });
  if (!passed || ending.status || ending.status.error().verdict != base::Verdict::kNone) return ending;
  return {
      .status = Fail(ErrorCode::kTimeOut, "took longer than {} s: {}", Seconds(limit), ending.status.error().ToText()),
      .kind = EndKind::kTimedOut};
}

State AwaitingRetry(const base::Error& error, milliseconds wait) {
  return {.type = StateType::kScheduled,
          .name = "AwaitingRetry",
          .message = fmt::format("again in {} s: {}", Seconds(wait), error.ToText())};
}

}  // namespace

base::Status Run::RunTask(const TaskOptions& options, const TaskBody& body) {
  const Engine& engine = impl_->engine();
  const Told told{.engine = engine, .flow_run_id = impl_->id, .id = impl_->shared.NewTaskRunId(), .options = options};
  told.Tell(1, {.type = StateType::kPending, .name = "Pending"});
  Ending ending{.status = Fail(ErrorCode::kCancelled, "cancelled before it began")};
  int attempt = 1;
  for (; !stop().stop_requested(); ++attempt) {
    told.Tell(attempt, {.type = StateType::kRunning, .name = attempt == 1 ? "Running" : "Retrying"});
    TaskRun::Impl task_impl{.told = told, .attempt = attempt, .stop = ChainedStop(stop())};
    TaskRun task(task_impl);
    ending = CallTimed(told, task, task_impl.stop.source(), body);
    if (ending.status || stop().stop_requested() || !MayRetry(options.retry, attempt, ending.status.error())) break;
    const milliseconds wait =
        WaitAfter(options.retry, attempt, impl_->shared.Draw(), milliseconds(task_impl.retry_after.load()));
    told.Tell(attempt, AwaitingRetry(ending.status.error(), wait));
    if (!engine.clock.SleepFor(wait, stop())) break;
  }
  if (stop().stop_requested()) CountAsCancelled(ending);
  told.Tell(attempt, FinalState(ending, engine.clock.Now()));
  return std::move(ending.status);
}

}  // namespace tidemill::flow
