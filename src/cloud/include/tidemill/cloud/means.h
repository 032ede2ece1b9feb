// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <stop_token>
#include <string>

#include "tidemill/base/clock.h"
#include "tidemill/http/client.h"

namespace tidemill::cloud {

// What reaching a cloud takes. All of it is thread-safe.
struct Means {
  std::shared_ptr<http::HttpClient> client;
  std::shared_ptr<const base::Clock> clock;
  // A variable of the environment, empty where it is not set.
  std::function<std::string(const char* name)> environment;
  // From 0 up to 1: spreads the waits between repeats.
  std::function<double()> chance;
  std::stop_token stop;
};

}  // namespace tidemill::cloud
