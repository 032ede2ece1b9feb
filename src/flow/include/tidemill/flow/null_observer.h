// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <mutex>

#include "tidemill/flow/observer.h"

namespace tidemill::flow {

// Accepts all, shows nothing.
class NullObserver final : public Observer {
 public:
  // `random` draws from [0, 1); it makes the runs' ids and names and is never called twice at once by this one.
  explicit NullObserver(std::function<double()> random);
  base::Result<FlowRunInfo> BeginFlowRun(const FlowRunSpec& spec) override;
  base::Result<Answer> Propose(const std::string& flow_run_id, const State& state) override;
  void TaskStateChanged(const TaskRunEvent& event) noexcept override;
  void Logged(const LogRecord& record) noexcept override;
  void Progressed(const Progress& progress) noexcept override;
  void Made(const Artifact& artifact) noexcept override;
  void Flush(std::chrono::milliseconds limit) noexcept override;

 private:
  const std::function<double()> random_;
  std::mutex mutex_;
};

}  // namespace tidemill::flow
