// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <thread>

#include "tidemill/prefect/client.h"

namespace tidemill::prefect {

// Looks after a running flow run from inside its process until its own end: tells the server by events that it lives
// (every 30 s, as long as the server takes events), and asks every 10 s whether it is to be cancelled; `cancel` is
// called once then. A server that is away is asked again.
class RunWatch {
 public:
  RunWatch(const Client& client, std::string flow_run_id, std::string name, std::function<void()> cancel);

 private:
  void Watch(const std::stop_token& stop);
  bool SendHeartbeat(const std::stop_token& stop) const;
  bool IsCancelled(const std::stop_token& stop) const;

  const Client& client_;
  const std::string id_, name_;
  const std::function<void()> cancel_;
  std::jthread thread_;  // last: it uses all above
};

}  // namespace tidemill::prefect
