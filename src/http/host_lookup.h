// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include <sys/socket.h>

namespace tidemill::http {

using SteadyTime = std::chrono::steady_clock::time_point;

// An address as connect() takes it.
struct HostAddress {
  sockaddr_storage address = {};
  socklen_t size = 0;
};

struct Lookup {
  enum class Outcome { kFound, kUnknown, kTimedOut, kStopped };
  Outcome outcome = Outcome::kFound;
  std::vector<HostAddress> addresses = {};  // at least one where found
};

// The addresses of a host (a name, an IPv4 address, an IPv6 address in brackets). Numbers ask nobody. `stopped` is
// asked now and then.
Lookup LookUpHost(std::string host, const std::string& port, SteadyTime until, const std::function<bool()>& stopped);

}  // namespace tidemill::http
