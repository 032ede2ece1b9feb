// SPDX-License-Identifier: Apache-2.0
#include "io_thread.h"

#include <algorithm>
#include <csignal>
#include <utility>

#include "tidemill/base/date.h"

#include "connection.h"
#include "web_socket_connection.h"

namespace tidemill::http {
namespace {

// Fine enough for the shortest time-out, and at most a second.
std::chrono::milliseconds TickOf(const ServerOptions& options) {
  const auto shortest = std::min({options.head_timeout, options.idle_timeout, options.answer_timeout,
                                  options.slow_window, options.linger, options.stop_grace});
  return std::clamp(shortest / 4, std::chrono::milliseconds(5), std::chrono::milliseconds(1000));
}

// sendfile has no flag that keeps it from raising SIGPIPE where the peer is gone; blocked, the signal ends nothing.
void BlockPipeSignal() {
  sigset_t pipe;
  ::sigemptyset(&pipe);
  ::sigaddset(&pipe, SIGPIPE);
  ::pthread_sigmask(SIG_BLOCK, &pipe, nullptr);
}

}  // namespace

IoThread::IoThread(ServerShared& shared)
    : shared_(shared), loop_(TickOf(shared.options), [this] { Tick(); }), now_(Elapsed()) {
  loop_.OnTurnEnd([this] { gone_.clear(); });
}
IoThread::~IoThread() = default;

void IoThread::Start() {
  thread_ = std::jthread([this] { Run(); });
}

void IoThread::Join() {
  if (thread_.joinable()) thread_.join();
}

void IoThread::Run() {
  BlockPipeSignal();
  loop_.Run();
}

IoThread::Milliseconds IoThread::Elapsed() const {
  if (shared_.options.elapsed) return shared_.options.elapsed();
  return std::chrono::duration_cast<Milliseconds>(std::chrono::steady_clock::now().time_since_epoch());
}

void IoThread::Tick() {
  now_ = Elapsed();
  LookAtAll();
  shared_.on_room();
}

void IoThread::LookAtAll() {
  const bool ends = draining_ && now_ >= stop_at_;
  const std::vector<std::shared_ptr<Connection>> all(connections_.begin(), connections_.end());
  for (const auto& connection : all) ends ? connection->Close() : connection->CheckTime();
  const std::vector<std::shared_ptr<WebSocketConnection>> sockets(sockets_.begin(), sockets_.end());
  for (const auto& socket : sockets) ends ? socket->Abandon() : socket->CheckTime();
}

void IoThread::Adopt(StreamSocket socket) {
  auto connection = std::make_shared<Connection>(std::move(socket), *this);
  connections_.insert(connection);
  if (draining_ || !loop_.Watch(connection->descriptor(), *connection)) return connection->Close();
  connection->Start();
}

void IoThread::Remove(const std::shared_ptr<Connection>& connection) {
  if (connections_.erase(connection) == 0) return;
  gone_.push_back(connection);
  OnRemoved();
}

void IoThread::Replace(const std::shared_ptr<Connection>& connection, std::shared_ptr<WebSocketConnection> socket) {
  connections_.erase(connection);
  gone_.push_back(connection);
  sockets_.insert(socket);
  loop_.Rewatch(socket->descriptor(), *socket);
  socket->Start();
  if (draining_) socket->Drain();
}

void IoThread::Remove(const std::shared_ptr<WebSocketConnection>& socket) {
  if (sockets_.erase(socket) == 0) return;
  gone_.push_back(socket);
  OnRemoved();
}

void IoThread::OnRemoved() {
  --shared_.connections;
  shared_.on_room();
  if (draining_ && IsEmpty()) loop_.Stop();
}

void IoThread::Drain() {
  draining_ = true;
  stop_at_ = now_ + shared_.options.stop_grace;
  const std::vector<std::shared_ptr<Connection>> all(connections_.begin(), connections_.end());
  for (const auto& connection : all) connection->Drain();
  const std::vector<std::shared_ptr<WebSocketConnection>> sockets(sockets_.begin(), sockets_.end());
  for (const auto& socket : sockets) socket->Drain();
  if (IsEmpty()) loop_.Stop();
}

std::string_view IoThread::HttpDate() {
  if (std::exchange(date_turn_, loop_.turn()) == loop_.turn()) return date_;
  const auto second = std::chrono::floor<std::chrono::seconds>(shared_.clock.Now());
  if (second != date_second_ || date_.empty()) {
    date_second_ = second;
    date_ = base::ToHttpDate(second);
  }
  return date_;
}

}  // namespace tidemill::http
