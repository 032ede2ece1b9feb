// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdio>
#include <functional>
#include <memory>
#include <string_view>

#include "tidemill/base/clock.h"
#include "tidemill/flow/observer.h"

namespace tidemill::flow {

// How a person is told. Whether the output is a terminal, how wide it is and whether NO_COLOR is set is found out by
// the caller.
struct TerminalOptions {
  std::function<void(std::string_view)> write = {};  // gets whole lines, and with `live` pieces of one
  bool live = false;    // a terminal: a line at the end shows what runs, and a bar where the size is known
  bool times = false;   // "12:00:01 | " before each line
  bool colour = false;  // of warnings and errors
  bool quiet = false;   // warnings and errors only, no live line
  LogLevel level = LogLevel::kInfo;
  std::size_t columns = 80;
  std::chrono::minutes utc_offset{0};  // of the times shown
};

// Writes to an open file and flushes, so that pieces of a line are seen at once.
std::function<void(std::string_view)> WriteTo(std::FILE* file);

// Tells a person at a terminal, or a file, what happens: a line for what tasks and flows log, for what goes wrong, and
// for the end of each flow and of each task that logged nothing itself:
//   12:00:01 | INFO | main-flow / get-ons-deaths-data | download_and_save_file 2018.xls: 1.2 MB
// From a run's second second on, a live line shows its newest running task; it is drawn at most ten times a second and
// gone when the run ends. Text from outside cannot move the cursor: control characters are shown escaped.
// Accepts all states.
class TerminalObserver final : public Observer {
 public:
  // `random` draws from [0, 1); it makes the runs' ids and names and is never called twice at once by this one.
  TerminalObserver(TerminalOptions options, const base::Clock& clock, std::function<double()> random);
  ~TerminalObserver() override;

  base::Result<FlowRunInfo> BeginFlowRun(const FlowRunSpec& spec) override;
  base::Result<Answer> Propose(const std::string& flow_run_id, const State& state) override;
  void TaskStateChanged(const TaskRunEvent& event) noexcept override;
  void Logged(const LogRecord& record) noexcept override;
  void Progressed(const Progress& progress) noexcept override;
  void Made(const Artifact& artifact) noexcept override;
  void Flush(std::chrono::milliseconds limit) noexcept override;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace tidemill::flow
