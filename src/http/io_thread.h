// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <unordered_set>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include "tidemill/http/server.h"

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
  std::function<void()> on_closed;  // after a connection went
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
  void Adopt(boost::asio::ip::tcp::socket socket);
  void Remove(const std::shared_ptr<Connection>& connection);
  // A connection goes on as a WebSocket.
  void Replace(const std::shared_ptr<Connection>& connection, std::shared_ptr<WebSocketConnection> socket);
  void Remove(const std::shared_ptr<WebSocketConnection>& socket);
  void Drain();

  boost::asio::io_context& io() { return io_; }
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
  boost::asio::io_context io_{1};
  boost::asio::steady_timer timer_{io_};
  const Milliseconds tick_;
  Milliseconds now_;
  Milliseconds stop_at_{0};
  bool draining_ = false;
  std::unordered_set<std::shared_ptr<Connection>> connections_;
  std::unordered_set<std::shared_ptr<WebSocketConnection>> sockets_;
  std::chrono::sys_seconds date_second_{};
  std::string date_;
  std::vector<std::string_view> pieces_;
  std::array<char, 4096> scratch_{};  // for bytes nobody wants
  std::jthread thread_;
};

}  // namespace tidemill::http
