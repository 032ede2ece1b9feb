// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "tidemill/base/clock.h"
#include "tidemill/http/message.h"

#include "call.h"
#include "streams.h"

// The WebSockets of Prefect's clients: events in, events and logs out.
namespace tidemill::orchestrator {

struct SocketNeeds {
  std::string auth_string;
  // Runs a command on the writing thread; returns when it is committed.
  std::function<Outcome<Answer>(const std::function<Outcome<Answer>(Call&)>&)> write;
  Streams& streams;
  const base::Clock& clock;
};

// True where the password comes as the first message on one of these sockets.
bool AuthorizesLater(const http::Request& request, std::string_view path);
// The answer to a request for one of them; nothing for other paths. `path` is below /api. `needs` outlives the socket.
std::optional<http::Response> OpenSocket(const http::Request& request, std::string_view path, const SocketNeeds& needs);

}  // namespace tidemill::orchestrator
