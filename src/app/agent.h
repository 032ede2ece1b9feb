// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stop_token>
#include <string>
#include <vector>

#include "tidemill/base/result.h"

namespace tidemill::app {

struct AgentOptions {
  bool worker = false;  // asks a work pool; else the queues of agents
  std::vector<std::string> queues, prefixes;
  std::string pool, type, name;
  std::string api;     // address of the server; empty: as PREFECT_API_URL says
  std::string state;   // folder of the notes on running processes; empty: the user's
  std::string python;  // that runs flows of Python files; empty: python3
  int limit = 0;
  double prefetch_seconds = 15;
  double poll_seconds = 15;
  double grace_seconds = 20;
  bool once = false;
  bool quiet = false;
};

// Takes runs and sees each to its end, in processes of their own, until `stop`.
base::Status RunAgent(const AgentOptions& options, std::stop_token stop);

}  // namespace tidemill::app
