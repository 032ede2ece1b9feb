// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <stop_token>
#include <string>

#include <boost/json/object.hpp>

#include "tidemill/http/client.h"

#include "call.h"

namespace tidemill::orchestrator {

// Keeps a post for later: {"method", "url", "headers", "body"}. It is sealed, for addresses hold secrets.
Outcome<void> PutIntoOutbox(Call& call, const std::string& automation, const boost::json::object& request);

// Sends what automations post, outside of the writing thread: at most a few tries each, further and further apart.
// Every outcome is an event.
class Outbox {
 public:
  using Write = std::function<Outcome<Answer>(const std::function<Outcome<Answer>(Call&)>&)>;
  // Where it is stopped, what has no answer yet is sent after the next start.
  Outcome<void> SendDue(const Write& write, const std::stop_token& stop);

 private:
  std::unique_ptr<http::HttpClient> client_;  // made at the first post
};

}  // namespace tidemill::orchestrator
