// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <unordered_set>
#include <vector>

#include "tidemill/http/server.h"

#include "event_loop.h"
#include "stream_socket.h"
#include "worker_pool.h"

namespace tidemill::http {

class Connection;
class WebSocketConnection;

// What all I/O threads of a server share.
struct ServerShared {
  ServerOptions options;
  ServerHandlers handlers;
  const base::Clock& clock;
  WorkerPool& pool;
  std::atomic<std::size_t> connections{0};
  std::function<void()> on_room;  // a connection went, or time: more may be accepted
};

// One event loop with its connections. All but Start, Run and the constructor happens on its thread.
class IoThread {
 public:
  using Milliseconds = std::chrono::milliseconds;

  explicit IoThread(ServerShared& shared);
  ~IoThread();
  IoThread(const IoThread&) = delete;
  IoThread& operator=(const IoThread&) = delete;

  void Start();  // the thread
  void Join();
  void Adopt(StreamSocket socket);
  void Remove(const std::shared_ptr<Connection>& connection);
  // A connection goes on as a WebSocket.
  void Replace(const std::shared_ptr<Connection>& connection, std::shared_ptr<WebSocketConnection> socket);
  void Remove(const std::shared_ptr<WebSocketConnection>& socket);
  void Drain();

  EventLoop& loop() { return loop_; }
  ServerShared& shared() { return shared_; }
  bool draining() const { return draining_; }
  // As it was at the last tick: exact enough for time-outs, and costs nothing.
  Milliseconds now() const { return now_; }
  std::string_view HttpDate();
  std::vector<std::string_view>& pieces() { return pieces_; }
  std::array<char, 4096>& scratch() { return scratch_; }

 private:
  void Tick();
  void LookAtAll();
  void OnRemoved();
  bool IsEmpty() const { return connections_.empty() && sockets_.empty(); }
  Milliseconds Elapsed() const;
  void Run();

  ServerShared& shared_;
  EventLoop loop_;
  Milliseconds now_;
  Milliseconds stop_at_{0};
  bool draining_ = false;
  std::unordered_set<std::shared_ptr<Connection>> connections_;
  std::unordered_set<std::shared_ptr<WebSocketConnection>> sockets_;
  std::vector<std::shared_ptr<void>> gone_;  // in this turn: the loop may be about to name them
  std::uint64_t date_turn_ = 0;
  std::chrono::sys_seconds date_second_{};
  std::string date_;
  std::vector<std::string_view> pieces_;
  std::array<char, 4096> scratch_{};  // for bytes nobody wants
  std::jthread thread_;
};

}  // namespace tidemill::http
