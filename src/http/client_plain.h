// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "tidemill/http/client.h"

#include "client_socket.h"

namespace tidemill::http {

// GET and HEAD over http without a proxy. What it cannot do is left to libcurl, which takes longer to load than a page
// to be fetched (docs/decisions/0006). Connections are kept alive; redirects are given back as they are. Thread-safe.
class PlainClient {
 public:
  explicit PlainClient(std::string user_agent) : user_agent_(std::move(user_agent)) {}

  // Whether this client can send it: asks the environment for proxies.
  static bool CanSend(const ClientRequest& request);
  // Until `end`, the end of the whole exchange. `asked` is what the caller asked for, before redirects: for messages.
  base::Result<ClientResponse> Send(const ClientRequest& request, const ClientRequest& asked, SteadyTime end,
                                    std::stop_token stop);

 private:
  using Socket = std::unique_ptr<ClientSocket>;
  Socket TakeIdle(const std::string& host_and_port);
  void KeepIdle(const std::string& host_and_port, Socket socket);

  const std::string user_agent_;
  std::mutex mutex_;
  std::vector<std::pair<std::string, Socket>> idle_;  // guarded by mutex_; the oldest first
};

}  // namespace tidemill::http
