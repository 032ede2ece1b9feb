// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>

#include "tidemill/base/result.h"
#include "tidemill/http/headers.h"

namespace tidemill::http {

// The first value, or empty. Names are compared without case.
std::string_view HeaderValue(const Headers& headers, std::string_view name);

struct ClientRequest {
  std::string method = "GET";
  std::string url = {};  // http, https or file
  Headers headers = {};
  std::string body = {};
  std::uint64_t most_bytes = std::uint64_t{256} << 20U;  // of the answer's body, decoded
  std::chrono::milliseconds connect_timeout{10'000};
  std::chrono::milliseconds timeout{120'000};       // of the whole exchange
  std::chrono::milliseconds stall_timeout{30'000};  // without a byte
  int most_redirects = 5;
  std::function<void(std::uint64_t have, std::uint64_t of)> progress = {};  // `of` 0 where unknown
};

struct ClientResponse {
  int status = 0;  // file: URLs answer 200, 403 or 404
  Headers headers = {};
  std::string body = {};
  std::string url = {};  // after redirects
};

// One request at a time. An answer with any status is a value; an error is: no answer. Codes: kInvalid (URL),
// kUnavailable (no route, refused, reset, DNS, TLS), kTimeOut, kTooLarge, kCancelled. Messages never hold user info or
// query secrets. Proxies come from the environment (http_proxy, https_proxy, no_proxy). Thread-safe.
class HttpClient {
 public:
  virtual ~HttpClient() = default;
  virtual base::Result<ClientResponse> Send(const ClientRequest& request, std::stop_token stop) = 0;
};

// Connections are kept alive between requests. Plain http is asked directly, all else by libcurl (docs/decisions/0007).
// SSL_CERT_FILE and SSL_CERT_DIR name the authorities that are trusted instead of the system's.
std::unique_ptr<HttpClient> MakeHttpClient(std::string user_agent);

}  // namespace tidemill::http
