// SPDX-License-Identifier: Apache-2.0
#include "tidemill/flow/testing/recording_observer.h"

#include <fmt/format.h>

namespace tidemill::flow::testing {
namespace {

std::string_view LevelName(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug:
      return "DEBUG";
    case LogLevel::kInfo:
      return "INFO";
    case LogLevel::kWarning:
      return "WARNING";
    case LogLevel::kError:
      return "ERROR";
    case LogLevel::kCritical:
      return "CRITICAL";
  }
  return "?";
}

}  // namespace

base::Result<FlowRunInfo> RecordingObserver::BeginFlowRun(const FlowRunSpec& spec) {
  const std::lock_guard lock(mutex_);
  flow_runs_.push_back(spec);
  FlowRunInfo run{.id = fmt::format("00000000-0000-4000-8000-{:012}", flow_runs_.size()),
                  .name = fmt::format("run-{}", flow_runs_.size())};
  names_[run.id] = spec.flow_name;
  lines_.push_back(spec.flow_name + ": Pending");
  return run;
}

base::Result<Answer> RecordingObserver::Propose(const std::string& flow_run_id, const State& state) {
  {
    const std::lock_guard lock(mutex_);
    lines_.push_back(fmt::format("{}: {}", NameOf(flow_run_id), state.name));
    states_[NameOf(flow_run_id)].push_back(state);
  }
  if (answerer_) return answerer_(flow_run_id, state);
  return Answer{.kind = Answer::Kind::kAccept, .state = state, .delay = {}, .reason = {}};
}

void RecordingObserver::TaskStateChanged(const TaskRunEvent& event) noexcept {
  const std::lock_guard lock(mutex_);
  names_[event.id] = event.item.empty() ? event.task_name : fmt::format("{} {}", event.task_name, event.item);
  const std::string attempt = event.attempt == 1 ? "" : fmt::format(" #{}", event.attempt);
  lines_.push_back(fmt::format("{}{}: {}", NameOf(event.flow_run_id, event.id), attempt, event.state.name));
  task_events_.push_back(event);
}

void RecordingObserver::Logged(const LogRecord& record) noexcept {
  const std::lock_guard lock(mutex_);
  lines_.push_back(fmt::format("{} log {}: {}", NameOf(record.flow_run_id, record.task_run_id), LevelName(record.level),
                               record.text));
  logs_.push_back(record);
}

void RecordingObserver::Progressed(const Progress& progress) noexcept {
  const std::lock_guard lock(mutex_);
  lines_.push_back(
      fmt::format("{} progress {}/{}", NameOf(progress.flow_run_id, progress.task_run_id), progress.done, progress.of));
}

void RecordingObserver::Made(const Artifact& artifact) noexcept {
  const std::lock_guard lock(mutex_);
  lines_.push_back(fmt::format("{} artifact {}", NameOf(artifact.flow_run_id), artifact.key));
  artifacts_.push_back(artifact);
}

void RecordingObserver::Flush(std::chrono::milliseconds /*limit*/) noexcept {}

std::vector<std::string> RecordingObserver::lines() const {
  const std::lock_guard lock(mutex_);
  return lines_;
}

std::vector<FlowRunSpec> RecordingObserver::flow_runs() const {
  const std::lock_guard lock(mutex_);
  return flow_runs_;
}

std::vector<TaskRunEvent> RecordingObserver::task_events() const {
  const std::lock_guard lock(mutex_);
  return task_events_;
}

std::vector<LogRecord> RecordingObserver::logs() const {
  const std::lock_guard lock(mutex_);
  return logs_;
}

std::vector<Artifact> RecordingObserver::artifacts() const {
  const std::lock_guard lock(mutex_);
  return artifacts_;
}

std::vector<State> RecordingObserver::states_of(const std::string& flow_name) const {
  const std::lock_guard lock(mutex_);
  const auto found = states_.find(flow_name);
  return found == states_.end() ? std::vector<State>{} : found->second;
}

std::string RecordingObserver::NameOf(const std::string& flow_run_id) const {
  const auto found = names_.find(flow_run_id);
  return found == names_.end() ? flow_run_id : found->second;
}

std::string RecordingObserver::NameOf(const std::string& flow_run_id, const std::string& task_run_id) const {
  return task_run_id.empty() ? NameOf(flow_run_id) : fmt::format("{}/{}", NameOf(flow_run_id), NameOf(task_run_id));
}

}  // namespace tidemill::flow::testing
