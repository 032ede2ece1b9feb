// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "tidemill/flow/observer.h"
#include "tidemill/prefect/client.h"

namespace tidemill::prefect {

struct RestObserverOptions {
  std::string flow_run_id = {};  // the server's run that the first flow run is; empty: one is made
  std::string flow_version = {};
  std::vector<std::string> tags = {};
  // The server decides: a run that it does not know to be running is not begun, however long the server is away.
  // Otherwise a run goes on when the server goes away.
  bool server_decides = false;
  std::chrono::milliseconds patience{10'000};  // with a server that does not answer, at the beginning and at the end
};

// Tells a Prefect server what happens, beside another observer that shows it here. The first flow run's beginning and
// its states wait for the server's answer; all else is sent by one thread, in order, and repeated while the server is
// away: neither a slow nor a dead server slows the run. What waits is bounded: beyond it log lines are dropped and
// counted. Works by REST alone, with servers of 2.11 and 3.x.
class RestObserver final : public flow::Observer {
 public:
  // All must outlive it.
  RestObserver(flow::Observer& shown, const Client& client, RestObserverOptions options);
  ~RestObserver() override;

  // A server that does not answer is waited for (server_decides) or told of later; one that refuses is an error.
  base::Result<flow::FlowRunInfo> BeginFlowRun(const flow::FlowRunSpec& spec) override;
  base::Result<flow::Answer> Propose(const std::string& flow_run_id, const flow::State& state) override;
  void TaskStateChanged(const flow::TaskRunEvent& event) noexcept override;
  void Logged(const flow::LogRecord& record) noexcept override;
  void Progressed(const flow::Progress& progress) noexcept override;
  void Made(const flow::Artifact& artifact) noexcept override;
  void Flush(std::chrono::milliseconds limit) noexcept override;

  // The server's id of the first flow run; empty before it is begun.
  std::string server_run_id() const;
  // True once the server has its end, or has said that it is not to run.
  bool server_knows_the_end() const;
  // What could not be sent, in words; empty where all was.
  std::string Losses() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace tidemill::prefect
