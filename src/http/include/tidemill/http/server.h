// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "tidemill/base/clock.h"
#include "tidemill/base/result.h"
#include "tidemill/http/message.h"

namespace tidemill::http {

struct ServerOptions {
  std::string host = "127.0.0.1";
  std::uint16_t port = 8000;  // 0: any free one
  int io_threads = 1;
  int workers = 2;
  std::size_t most_line_bytes = std::size_t{16} << 10U;  // of the request line: 414
  std::size_t most_head_bytes = std::size_t{16} << 10U;  // of the fields: 431
  std::size_t most_fields = 100;                         // 431
  std::size_t most_body_bytes = 0;                       // 0: bodies are not read; beyond: 413, and chunked: 411
  std::size_t most_connections = 10'000;                 // more wait to be accepted
  std::size_t most_queued = 256;                         // requests waiting for a worker: 503
  std::chrono::milliseconds head_timeout{10'000};        // from a head's first byte to its last: 408
  std::chrono::milliseconds body_timeout{60'000};        // from the head's end to the body's: 408
  std::chrono::milliseconds idle_timeout{60'000};
  std::chrono::milliseconds answer_timeout{30'000};  // of the handler: 504
  std::chrono::milliseconds slow_window{30'000};     // a reader that takes less than slow_bytes in it is dropped
  std::size_t slow_bytes = 30'000;
  // Time since any fixed moment, by which all of these are measured; empty: by a clock that never jumps.
  std::function<std::chrono::milliseconds()> elapsed = {};
  std::size_t most_message_bytes = std::size_t{4} << 20U;  // of a WebSocket: closed with 1009
  std::size_t most_socket_bytes = std::size_t{8} << 20U;   // that wait for a WebSocket's peer: closed with 1013
  std::chrono::milliseconds ping_every{20'000};            // a silent WebSocket; three times that ends it
  std::chrono::milliseconds linger{2'000};                 // how long a refused client's bytes are still read
  std::chrono::milliseconds stop_grace{5'000};             // for answers in the works when the server stops
};

// Whether a server could listen there now: the errors of Server::Start.
base::Status CanListen(const ServerOptions& options);

// A request and how it was answered.
struct Exchange {
  const Request& request;  // empty where its head could not be read
  std::string_view peer;   // "127.0.0.1"
  int status = 0;
  std::uint64_t body_bytes = 0;
  std::chrono::microseconds duration{0};  // from its last byte to the answer's last byte being queued
  bool prepared = false;
  bool whole = true;  // false where the answer was broken off
};

struct ServerHandlers {
  // On a worker; any thread, several at once. Where bodies are not read, methods with one are given without it, and the
  // connection ends after the answer; GET, HEAD and OPTIONS with a body are refused (413).
  std::function<Response(const Request&)> handle;
  // On the I/O thread: fills in bytes that lie ready, or returns false at once. May be empty.
  std::function<bool(const Request&, Prepared&)> fast;
  // Body and headers of what the server itself refuses. May be empty: plain text then.
  std::function<Response(int status, std::string_view detail)> refuse;
  // On the I/O thread, after each answer. May be empty; must not wait.
  std::function<void(const Exchange&)> observe = {};
};

// An HTTP/1.1 server: keep-alive, pipelining in order with gathered writes, HEAD. Strict RFC 9112.
class Server {
 public:
  // Listens and serves. Errors name host:port: kUnavailable (in use), kForbidden, kInvalid (no such host). `clock`
  // gives the Date and outlives the server.
  static base::Result<std::unique_ptr<Server>> Start(const ServerOptions& options, ServerHandlers handlers,
                                                     const base::Clock& clock);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  std::uint16_t port() const;
  std::size_t connections() const;  // that are open
  std::size_t queued() const;       // requests that wait for a worker
  // Takes no more requests, finishes those in the works, returns when all threads have ended.
  void Stop();

 private:
  struct Impl;
  explicit Server(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace tidemill::http
