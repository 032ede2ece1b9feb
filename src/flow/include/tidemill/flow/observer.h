// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "tidemill/base/result.h"
#include "tidemill/flow/state.h"

namespace tidemill::flow {

// Python's numbers, as Prefect has them.
enum class LogLevel : std::uint8_t { kDebug = 10, kInfo = 20, kWarning = 30, kError = 40, kCritical = 50 };

struct FlowRunSpec {
  std::string flow_name;       // "main-flow"
  std::string parent_id = {};  // of the parent flow run; empty for a run of its own
  std::string parameters_json = "{}";
};

struct FlowRunInfo {
  std::string id;    // UUID
  std::string name;  // "clever-heron" on a server; made by the observer
};

struct TaskRunEvent {
  std::string id;  // UUID of the task run
  std::string flow_run_id;
  std::string task_name;  // "download_and_save_file"
  std::string item;       // what a mapped run works on ("publishedannual2018.xls"); may be empty
  int attempt = 1;
  State state;
};

struct LogRecord {
  std::string flow_run_id;
  std::string task_run_id;  // empty for the flow's own
  LogLevel level = LogLevel::kInfo;
  std::string text;
  base::Time time;
};

struct Progress {
  std::string flow_run_id;
  std::string task_run_id;
  std::string task_name;
  std::uint64_t done = 0;
  std::uint64_t of = 0;  // 0 where unknown
};

struct Artifact {
  std::string flow_run_id;
  std::string key;   // "run-report"
  std::string kind;  // "markdown", "table", "progress"
  std::string data;  // Markdown text, or JSON
};

// Answer to a proposed state of a flow run. A server may refuse one; without a server all are accepted.
struct Answer {
  enum class Kind : std::uint8_t { kAccept, kReject, kWait, kAbort } kind = Kind::kAccept;
  State state;                        // with kAccept and kReject: what the run is in now
  std::chrono::milliseconds delay{};  // with kWait; with kReject of a scheduled state: how long until then
  std::string reason;                 // with kAbort
};

// Is told what happens. Calls come from any thread, in order for one run. The void ones never block and never fail a
// run.
class Observer {
 public:
  virtual ~Observer() = default;
  virtual base::Result<FlowRunInfo> BeginFlowRun(const FlowRunSpec& spec) = 0;
  virtual base::Result<Answer> Propose(const std::string& flow_run_id, const State& state) = 0;
  virtual void TaskStateChanged(const TaskRunEvent& event) noexcept = 0;
  virtual void Logged(const LogRecord& record) noexcept = 0;
  virtual void Progressed(const Progress& progress) noexcept = 0;
  virtual void Made(const Artifact& artifact) noexcept = 0;
  // Sends what is queued; waits at most `limit`.
  virtual void Flush(std::chrono::milliseconds limit) noexcept = 0;
};

}  // namespace tidemill::flow
