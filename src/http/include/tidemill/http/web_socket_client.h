// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

#include "tidemill/base/result.h"
#include "tidemill/http/headers.h"

namespace tidemill::http {

struct WebSocketRequest {
  std::string url;  // http or https
  Headers headers = {};
  std::string subprotocol = {};
  std::chrono::milliseconds connect_timeout{10'000};  // also of the server's answer
  std::size_t most_message_bytes = std::size_t{16} << 20U;
};

// The client's end of a WebSocket (RFC 6455, no extensions, texts only). Of one thread.
class WebSocketClient {
 public:
  virtual ~WebSocketClient() = default;
  virtual base::Status Send(std::string_view text, std::stop_token stop) = 0;
  // The next text, or nothing where none came in `patience`; pings are answered meanwhile. The end of the connection is
  // an error: kForbidden where the server says that it is not allowed (1008), kInvalid where it did not understand,
  // else kUnavailable; with its reason.
  virtual base::Result<std::optional<std::string>> Receive(std::chrono::milliseconds patience,
                                                           std::stop_token stop) = 0;
};

// Errors as those of HttpClient; where the server answers and opens none, the code that its status stands for: 404
// kNotFound, 401 kUnauthenticated, 403 kForbidden, 5xx kUnavailable, else kUnsupported. Proxies and trusted authorities
// as for HttpClient.
base::Result<std::unique_ptr<WebSocketClient>> OpenWebSocketAt(const WebSocketRequest& request, std::stop_token stop);

}  // namespace tidemill::http
