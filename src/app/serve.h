// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stop_token>
#include <string>
#include <vector>

#include "tidemill/base/result.h"
#include "tidemill/data_api/service.h"
#include "tidemill/http/server.h"

namespace tidemill::app {

struct ServeOptions {
  http::ServerOptions server;
  int port = 8000;
  data_api::ServiceOptions service;
  double poll_seconds = 1;
  std::vector<std::string> columns;  // "geo_code=dimension"
  bool quiet = false;
  std::string access_log;  // "none", "common", "json"; empty: none on loopback, else json
};

// Gives the service every store that a user may name: of this machine, in a cloud, of a block. `stop` ends its waits.
void ReachEveryStore(ServeOptions& options, const std::stop_token& stop);

// Seconds between looks for new versions, where nobody says: in a cloud each look is a request that costs.
double PollSecondsOf(const std::vector<std::string>& paths);

// Serves until `stop` is asked for. Part of the tables library.
base::Status Serve(const ServeOptions& options, std::stop_token stop);

}  // namespace tidemill::app
