// SPDX-License-Identifier: Apache-2.0
#include "tidemill/worker/supervisor.h"

#include <condition_variable>
#include <deque>
#include <limits>
#include <map>
#include <mutex>
#include <thread>

#include "tidemill/base/instant.h"
#include "tidemill/base/text.h"
#include "tidemill/prefect/wire.h"

#include "job.h"
#include "journal.h"

namespace tidemill::worker {
namespace {

namespace json = prefect::json;
using base::ErrorCode;
using base::Result;
using base::Status;
using flow::StateType;
using prefect::TextIn;
using std::chrono::milliseconds;

constexpr std::size_t kLinesKept = 30;  // of what a run wrote, for its log where it ended badly

// The last lines of a run; they come from its own thread.
class LastLines {
 public:
  void Add(std::string_view line) {
    lines_.emplace_back(line);
    if (lines_.size() > kLinesKept) lines_.pop_front();
  }
  std::string Text() const { return base::Join({lines_.begin(), lines_.end()}, "\n"); }

 private:
  std::deque<std::string> lines_;
};

// How an execution ended.
struct Outcome {
  Result<int> code;
  std::string reason = {};
  bool cancelled = false;
};

std::string InWords(const Outcome& end) {
  if (!end.code) return end.code.error().ToText();
  if (!end.reason.empty()) return fmt::format("{} (exit code {})", end.reason, *end.code);
  if (*end.code > 128) return fmt::format("its process was ended by signal {}", *end.code - 128);
  if (*end.code != 0) return fmt::format("its process ended with exit code {}", *end.code);
  return "its process ended without saying how the run ended";
}

}  // namespace

struct Supervisor::Impl {
  const prefect::Client& client;
  const Starters starters;
  const SupervisorOptions options;
  const Journal journal;

  struct Run {
    Execution* execution = nullptr;  // while it runs
    bool cancelled = false;          // the server wants it to end
    std::jthread thread = {};
  };
  mutable std::mutex mutex = {};
  std::condition_variable_any ended = {};
  std::map<std::string, Run> runs = {};     // guarded by mutex, by flow run
  std::vector<std::jthread> finished = {};  // guarded by mutex: threads about to end
  std::stop_source stopping = {};           // reports that cannot be delivered are given up

  prefect::AskOptions Patient() const {
    return {.repeats = 5, .timeout = milliseconds(30'000), .stop = stopping.get_token()};
  }
  // For what must not be lost: as long as it takes.
  prefect::AskOptions Endless() const {
    return {.repeats = std::numeric_limits<int>::max(), .timeout = milliseconds(30'000), .stop = stopping.get_token()};
  }
  void Say(const std::string& name, std::string_view what) const {
    if (options.say) options.say(fmt::format("{}: {}", name, what));
  }

  Result<flow::Answer> SetState(const std::string& id, StateType type, const char* name, const std::string& message,
                                bool force, const prefect::AskOptions& ask) const;
  void Log(const std::string& id, const std::string& text) const;
  void Start(const std::string& id, std::function<void()> work);
  void End(const std::string& id);
  void Handle(const json::value& flow_run, const json::value& pool);
  void FindAgain(const std::string& id, const Journal::Place& place, const Finder& finder);
  Result<Planned> PlanAgain(const std::string& id, const std::string& pool) const;
  void See(const std::string& id, const std::string& name, std::unique_ptr<Execution> execution,
           const LastLines& lines);
  void ReportEnd(const std::string& id, const std::string& name, const Outcome& end, const LastLines& lines) const;
};

Result<flow::Answer> Supervisor::Impl::SetState(const std::string& id, StateType type, const char* name,
                                                const std::string& message, bool force,
                                                const prefect::AskOptions& ask) const {
  const flow::State state{.type = type, .name = name, .message = message, .timestamp = {}};
  TIDEMILL_ASSIGN(const json::value result,
                  client.Post("/flow_runs/" + id + "/set_state",
                              json::object{{"state", prefect::StateJson(state)}, {"force", force}}, ask));
  return prefect::AnswerOf(result, client.clock().Now());
}

// A line of the run's own log.
void Supervisor::Impl::Log(const std::string& id, const std::string& text) const {
  const flow::LogRecord record{.flow_run_id = id,
                               .task_run_id = {},
                               .level = flow::LogLevel::kError,
                               .text = text,
                               .time = client.clock().Now()};
  if (!client.Post("/logs/", json::array{prefect::LogJson(record, id, {})}, Patient())) {
    Say(id, "what its log should have could not be sent: " + text);
  }
}

void Supervisor::Impl::Start(const std::string& id, std::function<void()> work) {
  const std::lock_guard lock(mutex);
  finished.clear();  // they have told their end and wait for nothing
  const auto [run, added] = runs.try_emplace(id);
  if (!added) return;
  run->second.thread = std::jthread([this, id, work = std::move(work)] {
    work();
    End(id);
  });
}

void Supervisor::Impl::End(const std::string& id) {
  const std::lock_guard lock(mutex);
  const auto run = runs.find(id);
  finished.push_back(std::move(run->second.thread));
  runs.erase(run);
  ended.notify_all();
}

// Claims it, plans it, starts it, and sees it to its end.
void Supervisor::Impl::Handle(const json::value& flow_run, const json::value& pool) {
  const std::string id = TextIn(flow_run, "id");
  const std::string name = TextIn(flow_run, "name");
  const auto claimed = SetState(id, StateType::kPending, "Pending", {}, false, Patient());
  if (!claimed) return Say(name, claimed.error().ToText());
  if (claimed->kind != flow::Answer::Kind::kAccept || claimed->state.type != StateType::kPending) {
    return Say(name, "left alone: " + (claimed->reason.empty() ? claimed->state.name : claimed->reason));
  }
  LastLines lines;
  auto planned = PlanJob(client, flow_run, pool, options.default_type, Patient());
  const auto fail = [&](StateType type, const char* state, const std::string& message) {
    Say(name, message);
    if (!SetState(id, type, state, message, false, Endless())) Say(name, "the server was not told so");
  };
  if (!planned && planned.error().code == ErrorCode::kNotFound) {
    return fail(StateType::kCancelled, "Cancelled", "its deployment is gone: " + planned.error().ToText());
  }
  if (!planned) return fail(StateType::kFailed, "Failed", "Submission failed. " + planned.error().ToText());
  const auto starter = starters.find(planned->type);
  if (starter == starters.end()) {
    return fail(StateType::kFailed, "Failed",
                fmt::format("Submission failed. No infrastructure of type '{}' here", planned->type));
  }
  Job& job = planned->job;
  job.environment.insert(job.environment.begin(), options.settings.begin(), options.settings.end());
  job.say = [&](std::string_view line) {
    lines.Add(line);
    Say(name, line);
  };
  auto execution = starter->second(job, stopping.get_token());
  if (!execution) {
    return fail(StateType::kCrashed, "Crashed", "could not be started: " + execution.error().ToText());
  }
  const std::string identifier = (*execution)->identifier();
  journal.Note(id, {.identifier = identifier, .type = planned->type, .pool = TextIn(pool, "name")});
  Say(name, fmt::format("started as {}", identifier));
  if (!client.Ask("PATCH", "/flow_runs/" + id, json::object{{"infrastructure_pid", identifier}}, Patient())) {
    Say(name, "the server was not told what runs it");
  }
  See(id, name, *std::move(execution), lines);
}

Result<Planned> Supervisor::Impl::PlanAgain(const std::string& id, const std::string& pool) const {
  TIDEMILL_ASSIGN(const json::value flow_run, client.Get("/flow_runs/" + id, Endless()));
  if (pool.empty()) return PlanJob(client, flow_run, nullptr, options.default_type, Endless());
  TIDEMILL_ASSIGN(const json::value found, client.Get("/work_pools/" + prefect::PathPart(pool), Endless()));
  return PlanJob(client, flow_run, found, options.default_type, Endless());
}

// What an earlier agent started elsewhere is seen to its end. Without the run's deployment nobody knows where it is.
void Supervisor::Impl::FindAgain(const std::string& id, const Journal::Place& place, const Finder& finder) {
  auto planned = PlanAgain(id, place.pool);
  if (!planned) {
    if (planned.error().code == ErrorCode::kNotFound) journal.Forget(id);
    return Say(id, fmt::format("{} is left: {}", place.identifier, planned.error().ToText()));
  }
  const std::string name = planned->job.flow_run_name;
  LastLines lines;
  planned->job.say = [&](std::string_view line) {
    lines.Add(line);
    Say(name, line);
  };
  auto execution = finder(planned->job, place.identifier, stopping.get_token());
  if (execution) {
    Say(name, "is running already as " + place.identifier);
    return See(id, name, *std::move(execution), lines);
  }
  if (execution.error().code != ErrorCode::kNotFound)
    return Say(name, fmt::format("{} is left: {}", place.identifier, execution.error().ToText()));
  ReportEnd(id, name, {.code = base::Fail(ErrorCode::kInternal, "{} and its agent were ended", place.identifier)},
            lines);
}

void Supervisor::Impl::See(const std::string& id, const std::string& name, std::unique_ptr<Execution> execution,
                           const LastLines& lines) {
  {
    const std::lock_guard lock(mutex);
    Run& run = runs.at(id);
    run.execution = execution.get();
    if (run.cancelled) execution->Stop(options.grace);
  }
  Outcome end{.code = execution->Wait()};
  end.reason = execution->reason();
  {
    const std::lock_guard lock(mutex);
    Run& run = runs.at(id);
    run.execution = nullptr;
    end.cancelled = run.cancelled;
  }
  ReportEnd(id, name, end, lines);
}

// The run itself tells how it ended. What it could not tell is told here.
void Supervisor::Impl::ReportEnd(const std::string& id, const std::string& name, const Outcome& end,
                                 const LastLines& lines) const {
  Say(name, end.code ? fmt::format("ended with exit code {}", *end.code) : "ended: " + end.code.error().ToText());
  const auto now = client.Get("/flow_runs/" + id, Endless());
  const auto type = now ? prefect::ParseStateType(TextIn(*now, "state_type")) : std::nullopt;
  if (!now && now.error().code != ErrorCode::kNotFound) return Say(name, now.error().ToText());
  const bool open =
      type && (*type == StateType::kRunning || *type == StateType::kPending || *type == StateType::kCancelling);
  if (!end.reason.empty()) Log(id, end.reason);
  if (open && (end.cancelled || *type == StateType::kCancelling)) {
    if (!SetState(id, StateType::kCancelled, "Cancelled", "ended as it was cancelled", true, Endless())) return;
  } else if (open) {
    if (const std::string text = lines.Text(); !text.empty()) Log(id, "the process's last lines:\n" + text);
    if (!SetState(id, StateType::kCrashed, "Crashed", InWords(end), false, Endless())) return;
  }
  journal.Forget(id);
}

Supervisor::Supervisor(const prefect::Client& client, Starters starters, SupervisorOptions options)
    : impl_(new Impl{
          .client = client, .starters = std::move(starters), .options = options, .journal = Journal(options.journal)}) {
}

Supervisor::~Supervisor() {
  Finish(milliseconds(0));
}

void Supervisor::TakeOver() {
  for (Journal::Entry& entry : impl_->journal.Read()) {
    const std::string id = entry.flow_run_id;
    impl_->Start(id, [impl = impl_.get(), id, place = entry.place,
                      process = std::make_shared<std::unique_ptr<Execution>>(std::move(entry.process))] {
      if (*process != nullptr) {
        impl->Say(id, "is running already as " + (*process)->identifier());
        impl->See(id, id, std::move(*process), {});
      } else if (const auto finder = impl->options.finders.find(place.type); finder != impl->options.finders.end()) {
        impl->FindAgain(id, place, finder->second);
      } else {
        impl->ReportEnd(id, id, {.code = base::Fail(ErrorCode::kInternal, "its process and its agent were ended")}, {});
      }
    });
  }
}

void Supervisor::Submit(const json::value& flow_run, const json::value& pool) {
  const std::string id = TextIn(flow_run, "id");
  if (id.empty() || id.find('/') != std::string::npos) return;
  impl_->Start(id, [impl = impl_.get(), flow_run, pool] { impl->Handle(flow_run, pool); });
}

void Supervisor::CheckCancelled(const std::stop_token& stop) {
  json::array ids;
  {
    const std::lock_guard lock(impl_->mutex);
    for (const auto& [id, run] : impl_->runs) {
      if (run.execution != nullptr && !run.cancelled) ids.emplace_back(id);
    }
  }
  if (ids.empty()) return;
  const json::object filter{
      {"id", json::object{{"any_", std::move(ids)}}},
      {"state", json::object{{"type", json::object{{"any_", json::array{"CANCELLING", "CANCELLED"}}}}}}};
  const auto found = impl_->client.Post("/flow_runs/filter", json::object{{"flow_runs", filter}},
                                        {.repeats = 0, .timeout = milliseconds(10'000), .stop = stop});
  if (!found) return;  // asked again at the next look
  const std::lock_guard lock(impl_->mutex);
  for (const json::value& one : prefect::AsArray(*found)) {
    const auto run = impl_->runs.find(TextIn(one, "id"));
    if (run == impl_->runs.end() || run->second.cancelled) continue;
    run->second.cancelled = true;
    impl_->Say(TextIn(one, "name"), "is to be cancelled");
    if (run->second.execution != nullptr) run->second.execution->Stop(impl_->options.grace);
  }
}

std::size_t Supervisor::running() const {
  const std::lock_guard lock(impl_->mutex);
  return impl_->runs.size();
}

void Supervisor::Finish(milliseconds patience) {
  std::unique_lock lock(impl_->mutex);
  const auto none = [&] { return impl_->runs.empty(); };
  if (!impl_->ended.wait_for(lock, patience, none)) {
    for (auto& [id, run] : impl_->runs) {
      if (run.execution != nullptr) run.execution->Stop(milliseconds(10'000));
    }
    // A server that is away is given up now; the journal stays, for the next start.
    if (!impl_->ended.wait_for(lock, milliseconds(12'000), none)) impl_->stopping.request_stop();
    impl_->ended.wait(lock, none);
  }
  std::vector<std::jthread> threads = std::move(impl_->finished);
  impl_->finished.clear();
  lock.unlock();
}

}  // namespace tidemill::worker
