// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <deque>
#include <memory>
#include <optional>
#include <set>
#include <stop_token>
#include <string>
#include <string_view>

#include "tidemill/base/clock.h"
#include "tidemill/http/web_socket_client.h"
#include "tidemill/prefect/json.h"
#include "tidemill/prefect/settings.h"

// What a server of 3.x (or ours) streams: /events/out, /logs/out.
namespace tidemill::prefect {

// An open stream. Of one thread.
class Stream {
 public:
  // `path` is "/events/out" or "/logs/out"; `filter` its filter's JSON. Errors as those of OpenWebSocketAt: kNotFound
  // or kForbidden where the server has no such stream (2.11).
  static base::Result<Stream> Open(const ApiSettings& settings, std::string_view path, const json::value& filter,
                                   std::stop_token stop);
  // The next event or line, or nothing where none came in `patience`.
  base::Result<std::optional<json::value>> Next(std::chrono::milliseconds patience, std::stop_token stop);

 private:
  explicit Stream(std::unique_ptr<http::WebSocketClient> socket) : socket_(std::move(socket)) {}
  std::unique_ptr<http::WebSocketClient> socket_;
};

// What was shown already, by id: of the last 10,000.
class Seen {
 public:
  // False where it was there before.
  bool Add(const std::string& id);

 private:
  std::set<std::string> ids_;
  std::deque<std::string> order_;
};

// Events as they happen, from a minute ago on, each once: where the connection ends it is opened again, from a minute
// before the last event on.
class EventStream {
 public:
  EventStream(ApiSettings settings, const base::Clock& clock);
  // kCancelled where it was stopped; other errors where there is no stream to be had: at the first try, or ten times in
  // a row, a second apart.
  base::Result<json::value> Next(const std::stop_token& stop);

 private:
  base::Status Open(const std::stop_token& stop);
  base::Status WaitToOpen(base::Error error, const std::stop_token& stop);

  const ApiSettings settings_;
  const base::Clock& clock_;
  base::Time since_;
  std::optional<Stream> stream_;
  Seen seen_;
  int failures_ = 0;
  bool begun_ = false;
};

}  // namespace tidemill::prefect
