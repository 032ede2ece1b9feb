// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "tidemill/http/client.h"

namespace tidemill::http::testing {

// Gives every address its answers in order, without a network; the last one repeats. An unknown address gets 404.
// Remembers what was asked. Of one thread.
class ScriptedClient final : public HttpClient {
 public:
  using Reply = base::Result<ClientResponse>;
  base::Result<ClientResponse> Send(const ClientRequest& request, std::stop_token stop) override;

  void Script(std::string url, std::vector<Reply> replies) { scripts_[std::move(url)] = std::move(replies); }
  const std::vector<ClientRequest>& requests() const { return requests_; }

 private:
  std::map<std::string, std::vector<Reply>> scripts_;
  std::vector<ClientRequest> requests_;
};

}  // namespace tidemill::http::testing
