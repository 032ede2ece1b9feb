// SPDX-License-Identifier: Apache-2.0
#include "tidemill/prefect/rest_observer.h"

#include <algorithm>
#include <atomic>
#include <map>
#include <mutex>

#include "tidemill/base/sha256.h"
#include "tidemill/prefect/wire.h"

#include "send_queue.h"

namespace tidemill::prefect {
namespace {

using base::ErrorCode;
using base::Fail;
using base::Result;
using base::Status;
using flow::Answer;
using flow::State;
using flow::StateType;
using std::chrono::milliseconds;

constexpr milliseconds kLongestWait{300'000};      // for a server that decides
constexpr milliseconds kPatienceAtTheEnd{60'000};  // with a server that is slow, not away

Status Discard(const Result<json::value>& answer) {
  if (!answer) return tl::unexpected(answer.error());
  return {};
}

// What the queued reports share with the observer; they may outlive a call, not the queue.
struct Reporter {
  const Client& client;
  SendQueue& queue;
  const RestObserverOptions& options;

  Result<std::string> FlowId(const std::string& name, const AskOptions& ask) const {
    TIDEMILL_ASSIGN(const json::value flow, client.Post("/flows/", json::object{{"name", name}}, ask));
    return TextIn(flow, "id");
  }
  // The run's name as the server has it.
  Result<std::string> MakeFlowRun(const flow::FlowRunSpec& spec, const std::string& local,
                                  const std::string& parent_task, const AskOptions& ask) const;
  Result<std::string> MakeTaskRun(const std::string& local, const std::string& flow_run, const std::string& name,
                                  const std::string& task, std::uint64_t number, const State& state,
                                  const AskOptions& ask) const;
};

Result<std::string> Reporter::MakeFlowRun(const flow::FlowRunSpec& spec, const std::string& local,
                                          const std::string& parent_task, const AskOptions& ask) const {
  TIDEMILL_ASSIGN(const std::string flow, FlowId(spec.flow_name, ask));
  TIDEMILL_ASSIGN(json::value parameters, ParseJson(spec.parameters_json, "parameters"));
  json::object body{{"flow_id", flow},
                    {"parameters", std::move(parameters)},
                    {"state", StateJson({.type = StateType::kPending, .name = "Pending"})},
                    {"idempotency_key", local}};
  body["parent_task_run_id"] = TextOrNull(parent_task);
  body["flow_version"] = TextOrNull(options.flow_version);
  json::array tags;
  for (const std::string& tag : options.tags) tags.emplace_back(tag);
  if (parent_task.empty()) body["tags"] = std::move(tags);
  TIDEMILL_ASSIGN(const json::value run, client.Post("/flow_runs/", body, ask));
  queue.NoteId(local, TextIn(run, "id"));
  return TextIn(run, "name");
}

Result<std::string> Reporter::MakeTaskRun(const std::string& local, const std::string& flow_run,
                                          const std::string& name, const std::string& task, std::uint64_t number,
                                          const State& state, const AskOptions& ask) const {
  const std::string run = queue.RemoteId(flow_run);
  if (run.empty()) return Fail(ErrorCode::kNotFound, "the server does not know the flow run of task {}", task);
  const json::object body{{"flow_run_id", run},        {"name", name},
                          {"task_key", task},          {"dynamic_key", std::to_string(number)},
                          {"state", StateJson(state)}, {"task_inputs", json::object{}}};
  TIDEMILL_ASSIGN(const json::value made, client.Post("/task_runs/", body, ask));
  queue.NoteId(local, TextIn(made, "id"));
  return TextIn(made, "id");
}

}  // namespace

struct RestObserver::Impl {
  flow::Observer& shown;
  const RestObserverOptions options;
  SendQueue queue;
  const Reporter reporter;
  std::mutex mutex = {};
  std::string root = {};                              // local id, guarded by mutex as all below
  std::map<std::string, std::uint64_t> numbers = {};  // of the runs of a task, by flow run and name
  bool running = false;                               // the root's server has accepted that it runs
  bool told_away = false;
  std::atomic<bool> server_knows = false;  // how the root run ended, or that it is not to run

  Impl(flow::Observer& shown_, const Client& client, RestObserverOptions options_)
      : shown(shown_), options(std::move(options_)), queue(client), reporter{client, queue, options} {}
  ~Impl() { queue.Stop(); }  // before what its reports use is gone

  std::uint64_t NextNumber(const std::string& flow_run, const std::string& task) {
    const std::lock_guard lock(mutex);
    return numbers[flow_run + "/" + task]++;
  }
  bool IsRoot(const std::string& id) {
    const std::lock_guard lock(mutex);
    return id == root;
  }
  void Warn(const std::string& flow_run, std::string text) {
    shown.Logged({.flow_run_id = flow_run,
                  .task_run_id = {},
                  .level = flow::LogLevel::kWarning,
                  .text = std::move(text),
                  .time = reporter.client.clock().Now()});
  }
  void WarnOfAway(const std::string& flow_run) {
    {
      const std::lock_guard lock(mutex);
      if (std::exchange(told_away, true)) return;
    }
    Warn(flow_run, fmt::format("the server at {} does not answer: the run goes on, its reports wait",
                               reporter.client.settings().url));
  }
  Result<flow::FlowRunInfo> BeginRoot(const flow::FlowRunSpec& spec, flow::FlowRunInfo info);
  void BeginChild(const flow::FlowRunSpec& spec, const std::string& local);
  Result<Answer> ProposeRoot(const std::string& id, const State& state);
};

Result<flow::FlowRunInfo> RestObserver::Impl::BeginRoot(const flow::FlowRunSpec& spec, flow::FlowRunInfo info) {
  if (!options.flow_run_id.empty()) {
    queue.NoteId(info.id, options.flow_run_id);
    return info;
  }
  auto made = std::make_shared<Result<std::string>>(info.name);
  const bool told = queue.PushAndWait(
      [this, spec, local = info.id, made](const AskOptions& ask) {
        auto name = reporter.MakeFlowRun(spec, local, {}, ask);
        if (!name && IsAway(name.error())) return Status(tl::unexpected(name.error()));
        *made = std::move(name);
        return Status();
      },
      options.patience, false);
  if (!told) {
    WarnOfAway(info.id);
    return info;
  }
  if (!*made) return tl::unexpected(made->error());
  info.name = **made;
  return info;
}

// In its parent a sub-flow is a task run; the server copies the sub-flow's states to it.
void RestObserver::Impl::BeginChild(const flow::FlowRunSpec& spec, const std::string& local) {
  const std::uint64_t number = NextNumber(spec.parent_id, spec.flow_name);
  queue.Push([this, spec, local, number](const AskOptions& ask) -> Status {
    const std::string task = "task of " + local;
    std::string parent = queue.RemoteId(task);
    if (parent.empty()) {
      TIDEMILL_ASSIGN(
          parent, reporter.MakeTaskRun(task, spec.parent_id, fmt::format("{}-{}", spec.flow_name, number),
                                       spec.flow_name, number, {.type = StateType::kPending, .name = "Pending"}, ask));
    }
    TIDEMILL_ASSIGN(const std::string name, reporter.MakeFlowRun(spec, local, parent, ask));
    return {};
  });
}

Result<Answer> RestObserver::Impl::ProposeRoot(const std::string& id, const State& state) {
  const Answer accepted{.kind = Answer::Kind::kAccept, .state = state, .delay = {}, .reason = {}};
  const bool must_know = options.server_decides && !running;
  auto said = std::make_shared<Result<Answer>>(accepted);
  const bool told = queue.PushAndWait(
      [this, id, state, said](const AskOptions& ask) -> Status {
        State proposed = state;
        const std::string run_id = queue.RemoteId(id);
        if (run_id.empty()) return Fail(ErrorCode::kNotFound, "the server does not know the run");
        if (proposed.type == StateType::kCancelled) {
          // Stopped by a signal, not by the server: then nobody cancelled it.
          TIDEMILL_ASSIGN(const json::value run, reporter.client.Get("/flow_runs/" + run_id, ask));
          if (TextIn(run, "state_type") == "CANCELLED") {
            server_knows = true;
            return {};
          }
          if (TextIn(run, "state_type") != "CANCELLING") {
            proposed.type = StateType::kCrashed;
            proposed.name = "Crashed";
            proposed.message = "interrupted";
          }
        }
        const auto result = reporter.client.Post("/flow_runs/" + run_id + "/set_state",
                                                 json::object{{"state", StateJson(proposed)}, {"force", false}}, ask);
        if (!result && IsAway(result.error())) return tl::unexpected(result.error());
        if (!result) {
          *said = tl::unexpected(result.error());
          return {};
        }
        *said = AnswerOf(*result, reporter.client.clock().Now());
        if (flow::IsFinal(state.type) || (*said && (*said)->kind != Answer::Kind::kAccept)) server_knows = true;
        return {};
      },
      must_know                   ? kLongestWait
      : flow::IsFinal(state.type) ? kPatienceAtTheEnd
                                  : options.patience,
      must_know);
  if (!told) {
    if (must_know) {
      return Fail(ErrorCode::kUnavailable, "the server at {} does not answer", reporter.client.settings().url);
    }
    WarnOfAway(id);
    return accepted;
  }
  if (*said && (*said)->kind == Answer::Kind::kAccept) running = true;
  return *said;
}

RestObserver::RestObserver(flow::Observer& shown, const Client& client, RestObserverOptions options)
    : impl_(std::make_unique<Impl>(shown, client, std::move(options))) {}

RestObserver::~RestObserver() = default;

Result<flow::FlowRunInfo> RestObserver::BeginFlowRun(const flow::FlowRunSpec& spec) {
  TIDEMILL_ASSIGN(flow::FlowRunInfo info, impl_->shown.BeginFlowRun(spec));
  if (!spec.parent_id.empty()) {
    impl_->BeginChild(spec, info.id);
    return info;
  }
  {
    const std::lock_guard lock(impl_->mutex);
    impl_->root = info.id;
  }
  return impl_->BeginRoot(spec, std::move(info));
}

Result<Answer> RestObserver::Propose(const std::string& flow_run_id, const State& state) {
  if (impl_->IsRoot(flow_run_id)) {
    TIDEMILL_ASSIGN(Answer answer, impl_->ProposeRoot(flow_run_id, state));
    if (answer.kind == Answer::Kind::kAccept) TIDEMILL_CHECK(impl_->shown.Propose(flow_run_id, state));
    return answer;
  }
  impl_->queue.Push([impl = impl_.get(), flow_run_id, state](const AskOptions& ask) -> Status {
    const std::string run = impl->queue.RemoteId(flow_run_id);
    if (run.empty()) return Fail(ErrorCode::kNotFound, "the server does not know the sub-flow's run");
    return Discard(impl->reporter.client.Post("/flow_runs/" + run + "/set_state",
                                              json::object{{"state", StateJson(state)}, {"force", true}}, ask));
  });
  return impl_->shown.Propose(flow_run_id, state);
}

void RestObserver::TaskStateChanged(const flow::TaskRunEvent& event) noexcept {
  impl_->shown.TaskStateChanged(event);
  const bool begins = event.state.type == StateType::kPending;
  const std::uint64_t number = begins ? impl_->NextNumber(event.flow_run_id, event.task_name) : 0;
  impl_->queue.Push([impl = impl_.get(), event, begins, number](const AskOptions& ask) -> Status {
    if (begins) {
      const std::string name = event.item.empty() ? fmt::format("{}-{}", event.task_name, number)
                                                  : fmt::format("{}-{} {}", event.task_name, number, event.item);
      TIDEMILL_ASSIGN(const std::string made, impl->reporter.MakeTaskRun(event.id, event.flow_run_id, name,
                                                                         event.task_name, number, event.state, ask));
      return {};
    }
    const std::string run = impl->queue.RemoteId(event.id);
    if (run.empty()) return Fail(ErrorCode::kNotFound, "the server does not know the task run");
    return Discard(impl->reporter.client.Post("/task_runs/" + run + "/set_state",
                                              json::object{{"state", StateJson(event.state)}, {"force", true}}, ask));
  });
}

void RestObserver::Logged(const flow::LogRecord& record) noexcept {
  impl_->shown.Logged(record);
  impl_->queue.PushLog(record);
}

void RestObserver::Progressed(const flow::Progress& progress) noexcept {
  impl_->shown.Progressed(progress);
}

void RestObserver::Made(const flow::Artifact& artifact) noexcept {
  impl_->shown.Made(artifact);
  impl_->queue.Push([impl = impl_.get(), artifact](const AskOptions& ask) -> Status {
    const std::string run = impl->queue.RemoteId(artifact.flow_run_id);
    json::object body{{"key", artifact.key}, {"type", artifact.kind}, {"data", artifact.data}};
    body["flow_run_id"] = TextOrNull(run);
    return Discard(impl->reporter.client.Post("/artifacts/", body, ask));
  });
}

void RestObserver::Flush(milliseconds limit) noexcept {
  impl_->shown.Flush(limit);
  impl_->queue.WaitUntilEmpty(limit);
}

std::string RestObserver::server_run_id() const {
  std::string root;
  {
    const std::lock_guard lock(impl_->mutex);
    root = impl_->root;
  }
  return impl_->queue.RemoteId(root);
}

bool RestObserver::server_knows_the_end() const {
  return impl_->server_knows;
}

std::string RestObserver::Losses() const {
  return impl_->queue.Losses();
}

}  // namespace tidemill::prefect
