// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <functional>
#include <stop_token>
#include <string>
#include <string_view>

#include "tidemill/base/clock.h"
#include "tidemill/base/result.h"
#include "tidemill/http/client.h"
#include "tidemill/prefect/json.h"
#include "tidemill/prefect/settings.h"

namespace tidemill::prefect {

struct AskOptions {
  int repeats = 5;                            // of 408, 429, 502, 503, and of a server that cannot be reached
  std::chrono::milliseconds timeout{30'000};  // of one exchange
  std::stop_token stop = {};
};

// Asks a server that speaks Prefect's REST API (0.8.4): ours, a stock one of 2.11 or 3.x, or Cloud. Thread-safe as its
// HttpClient is; settings, client and clock outlive it.
class Client {
 public:
  // What is told before it waits to ask again: why, in one line. From any thread that asks.
  using Waiting = std::function<void(const std::string& why)>;

  Client(http::HttpClient& http, ApiSettings settings, const base::Clock& clock, Waiting waiting = {});

  // `path` begins with a slash: "/flows/filter". The answer's body, null where it is empty. Every status from 400 on is
  // an error with the server's own words: 404 kNotFound, 409 kConflict, 422 kInvalid …; no answer is kUnavailable or
  // kTimeOut and names the address.
  base::Result<json::value> Get(std::string_view path, const AskOptions& options = {}) const;
  base::Result<json::value> Post(std::string_view path, const json::value& body, const AskOptions& options = {}) const;
  base::Result<json::value> Ask(std::string_view method, std::string_view path, const json::value& body,
                                const AskOptions& options = {}) const;

  const ApiSettings& settings() const { return settings_; }
  const base::Clock& clock() const { return clock_; }
  // Where a person looks at it: the address without "/api".
  std::string PageUrl(std::string_view path) const;

 private:
  http::HttpClient& http_;
  const ApiSettings settings_;
  const base::Clock& clock_;
  http::Headers headers_;
  Waiting waiting_;
};

// True for what may work later: the server is away, or busy.
bool IsAway(const base::Error& error);
// A part of a path, percent-encoded.
std::string PathPart(std::string_view text);

}  // namespace tidemill::prefect
