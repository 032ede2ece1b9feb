// SPDX-License-Identifier: Apache-2.0
#include "tidemill/flow/null_observer.h"

#include <utility>

#include "tidemill/flow/identity.h"

namespace tidemill::flow {

NullObserver::NullObserver(std::function<double()> random) : random_(std::move(random)) {}

base::Result<FlowRunInfo> NullObserver::BeginFlowRun(const FlowRunSpec& /*spec*/) {
  const std::lock_guard lock(mutex_);
  return MakeFlowRunInfo(random_);
}

base::Result<Answer> NullObserver::Propose(const std::string& /*flow_run_id*/, const State& state) {
  return Answer{.kind = Answer::Kind::kAccept, .state = state, .delay = {}, .reason = {}};
}

void NullObserver::TaskStateChanged(const TaskRunEvent& /*event*/) noexcept {}
void NullObserver::Logged(const LogRecord& /*record*/) noexcept {}
void NullObserver::Progressed(const Progress& /*progress*/) noexcept {}
void NullObserver::Made(const Artifact& /*artifact*/) noexcept {}
void NullObserver::Flush(std::chrono::milliseconds /*limit*/) noexcept {}

}  // namespace tidemill::flow
