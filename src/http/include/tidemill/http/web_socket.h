// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "tidemill/http/message.h"

namespace tidemill::http {

// The server's end of a WebSocket (RFC 6455, no extensions). Any thread; what is done after the end has no effect.
class WebSocket {
 public:
  virtual ~WebSocket() = default;
  // False where the peer takes too little: more than ServerOptions::most_socket_bytes wait for it. The connection ends
  // then (1013).
  virtual bool Send(std::string text) = 0;
  virtual void Close(std::uint16_t code, std::string_view reason) = 0;
};

// Who listens on it. Called on workers, one call at a time.
class WebSocketListener {
 public:
  virtual ~WebSocketListener() = default;
  virtual void OnOpen(std::shared_ptr<WebSocket> socket) = 0;
  // All messages that came since the last call, in order. A ping that came behind one is answered when this returns: to
  // the peer a pong means that what it sent before is done with. Until then no more than a bounded number of bytes is
  // read.
  virtual void OnTexts(std::vector<std::string> texts) = 0;
};

// True where the request asks for a WebSocket as the RFC says; else answer with 426.
bool AsksForWebSocket(const Request& request);
// True where the subprotocol is among those that the client offers.
bool OffersSubprotocol(const Request& request, std::string_view name);
// The answer that opens it: for requests that ask for one only.
Response OpenWebSocket(const Request& request, std::shared_ptr<WebSocketListener> listener,
                       std::string_view subprotocol = {});

}  // namespace tidemill::http
