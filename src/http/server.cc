// SPDX-License-Identifier: Apache-2.0
#include "tidemill/http/server.h"

#include <atomic>
#include <cerrno>
#include <exception>
#include <memory>
#include <utility>
#include <vector>

#include <sys/socket.h>

#include "io_thread.h"
#include "listen.h"
#include "stream_socket.h"
#include "worker_pool.h"

namespace tidemill::http {
namespace {

constexpr int kMostAccepted = 64;  // before it is the connections' turn

}  // namespace

struct Server::Impl final : public Watched {
  Impl(const ServerOptions& options, ServerHandlers handlers, const base::Clock& clock)
      : pool(std::make_unique<WorkerPool>(options.workers, options.most_queued)),
        shared{.options = options, .handlers = std::move(handlers), .clock = clock, .pool = *pool, .on_room = {}} {
    for (int i = 0; i < options.io_threads; ++i) threads.push_back(std::make_unique<IoThread>(shared));
    shared.on_room = [this] {
      if (paused.exchange(false)) front().Post([this] { Accept(); });
    };
  }

  EventLoop& front() { return threads.front()->loop(); }
  base::Status Open();
  void OnReady(const Readiness&) override { Accept(); }
  bool HasRoom();
  void Accept();
  bool AcceptOne();
  void Stop();

  // Handlers post to the loops, so the pool goes first (see Stop).
  std::vector<std::unique_ptr<IoThread>> threads;
  std::unique_ptr<WorkerPool> pool;
  ServerShared shared;
  std::unique_ptr<base::Descriptor> listening;  // of the first loop; none when the server stops
  std::size_t next = 0;                         // thread that gets the next connection: in turn, so none starves
  std::atomic<bool> paused{false};              // no more are accepted until there is room
  std::uint16_t port = 0;
  bool stopped = false;
};

base::Status Server::Impl::Open() {
  TIDEMILL_ASSIGN(base::Descriptor socket, Listen(shared.options));
  port = PortOf(socket);
  listening = std::make_unique<base::Descriptor>(std::move(socket));
  if (front().Watch(listening->get(), *this)) return {};
  return base::Fail(base::ErrorCode::kUnavailable, "cannot listen on {}: no descriptors are left",
                    AddressOf(shared.options));
}

bool Server::Impl::HasRoom() {
  if (shared.connections < shared.options.most_connections) return true;
  paused = true;
  // A connection may have closed just before `paused` could be seen.
  return shared.connections < shared.options.most_connections && paused.exchange(false);
}

// What it leaves it comes back for: the loop tells of those that come, not of those that wait.
void Server::Impl::Accept() {
  for (int i = 0; i < kMostAccepted; ++i) {
    if (!listening || !HasRoom() || !AcceptOne()) return;
  }
  front().Post([this] { Accept(); });
}

bool Server::Impl::AcceptOne() {
  const int descriptor = ::accept4(listening->get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
  if (descriptor < 0) {
    const bool is_its_own_fault = errno == ECONNABORTED || errno == EINTR || errno == EPROTO;
    // No descriptors left, most likely: some will be free again.
    if (!is_its_own_fault && errno != EAGAIN) paused = true;
    return is_its_own_fault;
  }
  const auto socket = std::make_shared<StreamSocket>(base::Descriptor(descriptor));
  ++shared.connections;
  IoThread& thread = *threads[next++ % threads.size()];
  thread.loop().Post([&thread, socket] { thread.Adopt(std::move(*socket)); });
  return true;
}

void Server::Impl::Stop() {
  if (std::exchange(stopped, true)) return;
  front().Post([this] { listening.reset(); });
  for (const auto& thread : threads) {
    thread->loop().Post([&thread = *thread] { thread.Drain(); });
  }
  for (const auto& thread : threads) thread->Join();
  pool->Stop();
}

Server::Server(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Server::~Server() {
  Stop();
}
void Server::Stop() {
  impl_->Stop();
}

base::Result<std::unique_ptr<Server>> Server::Start(const ServerOptions& options, ServerHandlers handlers,
                                                    const base::Clock& clock) {
  try {
    auto impl = std::make_unique<Impl>(options, std::move(handlers), clock);
    TIDEMILL_CHECK(impl->Open());
    for (const auto& thread : impl->threads) thread->Start();
    return std::unique_ptr<Server>(new Server(std::move(impl)));
  } catch (const std::exception& exception) {
    return base::Fail(base::ErrorCode::kInternal, "cannot start a server on {}: {}", AddressOf(options),
                      exception.what());
  }
}

std::uint16_t Server::port() const {
  return impl_->port;
}

std::size_t Server::connections() const {
  return impl_->shared.connections;
}

std::size_t Server::queued() const {
  return impl_->pool->queued();
}

}  // namespace tidemill::http
