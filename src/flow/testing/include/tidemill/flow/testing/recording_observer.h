// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "tidemill/flow/observer.h"

namespace tidemill::flow::testing {

// Keeps all it is told. Run ids are "00000000-0000-4000-8000-000000000001" and so on, run names "run-1".
class RecordingObserver final : public Observer {
 public:
  using Answerer = std::function<base::Result<Answer>(const std::string& flow_run_id, const State& state)>;

  // Without an answerer all states are accepted.
  explicit RecordingObserver(Answerer answerer = {}) : answerer_(std::move(answerer)) {}

  base::Result<FlowRunInfo> BeginFlowRun(const FlowRunSpec& spec) override;
  base::Result<Answer> Propose(const std::string& flow_run_id, const State& state) override;
  void TaskStateChanged(const TaskRunEvent& event) noexcept override;
  void Logged(const LogRecord& record) noexcept override;
  void Progressed(const Progress& progress) noexcept override;
  void Made(const Artifact& artifact) noexcept override;
  void Flush(std::chrono::milliseconds limit) noexcept override;

  // In the order told: "main-flow: Running", "main-flow/fetch a.xls #2: AwaitingRetry" (#1 is left out),
  // "main-flow/fetch a.xls log INFO: text", "main-flow artifact run-report", "main-flow/fetch progress 3/4".
  std::vector<std::string> lines() const;
  std::vector<FlowRunSpec> flow_runs() const;
  std::vector<TaskRunEvent> task_events() const;
  std::vector<LogRecord> logs() const;
  std::vector<Artifact> artifacts() const;
  std::vector<State> states_of(const std::string& flow_name) const;

 private:
  std::string NameOf(const std::string& flow_run_id) const;
  std::string NameOf(const std::string& flow_run_id, const std::string& task_run_id) const;

  const Answerer answerer_;
  mutable std::mutex mutex_;
  std::vector<std::string> lines_;
  std::vector<FlowRunSpec> flow_runs_;
  std::vector<TaskRunEvent> task_events_;
  std::vector<LogRecord> logs_;
  std::vector<Artifact> artifacts_;
  std::map<std::string, std::string> names_;
  std::map<std::string, std::vector<State>> states_;
};

}  // namespace tidemill::flow::testing
