// SPDX-License-Identifier: Apache-2.0
#include "tidemill/flow/run.h"

#include <utility>

#include "ending.h"
#include "run_impl.h"

namespace tidemill::flow {
namespace {

using base::ErrorCode;
using base::Fail;

State Running(const base::Clock& clock, bool again) {
  return {.type = StateType::kRunning, .name = again ? "Retrying" : "Running", .timestamp = clock.Now()};
}

// Asks until the answer is not "wait".
base::Result<Answer> Propose(const Engine& engine, const std::string& id, State state, const std::stop_token& stop) {
  while (true) {
    TIDEMILL_ASSIGN(Answer answer, engine.observer.Propose(id, state));
    if (answer.kind != Answer::Kind::kWait) return answer;
    if (!engine.clock.SleepFor(answer.delay, stop))
      return Fail(ErrorCode::kCancelled, "cancelled while waiting to run");
    state.timestamp = engine.clock.Now();
  }
}

base::Status MayRun(const Answer& answer) {
  if (answer.kind == Answer::Kind::kAbort) return Fail(ErrorCode::kConflict, "the run was refused: {}", answer.reason);
  switch (answer.state.type) {
    case StateType::kRunning:
      return {};
    case StateType::kCancelled:
    case StateType::kCancelling:
      return Fail(ErrorCode::kCancelled, "the run was cancelled before it began");
    case StateType::kScheduled:
    case StateType::kPending:
    case StateType::kPaused:
      return Fail(ErrorCode::kUnavailable, "the run was put off: it is {}", answer.state.name);
    default:
      return Fail(ErrorCode::kConflict, "the run is already {}", answer.state.name);
  }
}

Ending CallFlow(Run& run, const std::function<base::Status(Run&)>& body) {
  if (run.stop().stop_requested()) return {.status = Fail(ErrorCode::kCancelled, "cancelled")};
  Ending ending = CallGuarded([&] { return body(run); });
  if (run.stop().stop_requested()) CountAsCancelled(ending);
  return ending;
}

bool RunsAgain(const Answer& answer) {
  return answer.kind == Answer::Kind::kReject && answer.state.type == StateType::kScheduled;
}

// The run of a flow whose id is known, up to the state that the observer keeps.
base::Status RunToTheEnd(const Engine& engine, Run& run, const std::function<base::Status(Run&)>& body) {
  for (bool again = false;; again = true) {
    TIDEMILL_ASSIGN(const Answer begun, Propose(engine, run.id(), Running(engine.clock, again), run.stop()));
    TIDEMILL_CHECK(MayRun(begun));
    Ending ending = CallFlow(run, body);
    // A cancelled run still tells its end, so this one does not listen to its stop token.
    const auto ended = Propose(engine, run.id(), FinalState(ending, engine.clock.Now()), {});
    if (!ended && ending.status)
      return tl::unexpected(base::Error(ended.error()).While("reporting that the run completed"));
    if (!ended || !RunsAgain(*ended)) return std::move(ending.status);
    if (!engine.clock.SleepFor(ended->delay, run.stop())) return Fail(ErrorCode::kCancelled, "cancelled");
  }
}

}  // namespace

std::stop_token Run::stop() const {
  return impl_->stop.token();
}

const std::string& Run::id() const {
  return impl_->id;
}

void Run::Log(LogLevel level, std::string text) {
  const Engine& engine = impl_->engine();
  engine.observer.Logged({.flow_run_id = impl_->id,
                          .task_run_id = {},
                          .level = level,
                          .text = std::move(text),
                          .time = engine.clock.Now()});
}

void Run::MakeArtifact(std::string key, std::string kind, std::string data) {
  impl_->engine().observer.Made(
      {.flow_run_id = impl_->id, .key = std::move(key), .kind = std::move(kind), .data = std::move(data)});
}

base::Status Run::RunChild(std::string name, const std::function<base::Status(Run&)>& body) {
  const FlowRunSpec spec{.flow_name = std::move(name), .parent_id = impl_->id, .parameters_json = "{}"};
  return RunStarter::Start(impl_->shared, spec, stop(), body);
}

base::Status RunStarter::Start(const Engine& engine, const FlowRunSpec& spec, std::stop_token stop,
                               const std::function<base::Status(Run&)>& body) {
  Shared shared{.engine = engine};
  return Start(shared, spec, std::move(stop), body);
}

base::Status RunStarter::Start(Shared& shared, const FlowRunSpec& spec, std::stop_token stop,
                               const std::function<base::Status(Run&)>& body) {
  TIDEMILL_ASSIGN(FlowRunInfo begun, shared.engine.observer.BeginFlowRun(spec));
  Run::Impl impl{.shared = shared, .id = std::move(begun.id), .stop = ChainedStop(std::move(stop))};
  Run run(impl);
  return RunToTheEnd(shared.engine, run, body);
}

}  // namespace tidemill::flow
