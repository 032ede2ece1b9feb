// SPDX-License-Identifier: Apache-2.0
#include "tidemill/http/server.h"

#include <exception>
#include <memory>
#include <utility>
#include <vector>

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <fmt/format.h>

#include "io_thread.h"
#include "worker_pool.h"

namespace tidemill::http {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

struct Server::Impl {
  Impl(const ServerOptions& options, ServerHandlers handlers, const base::Clock& clock)
      : pool(std::make_unique<WorkerPool>(options.workers, options.most_queued)),
        shared{.options = options, .handlers = std::move(handlers), .clock = clock, .pool = *pool, .on_closed = {}} {
    for (int i = 0; i < options.io_threads; ++i) threads.push_back(std::make_unique<IoThread>(shared));
    acceptor = std::make_unique<tcp::acceptor>(threads.front()->io());
    retry = std::make_unique<asio::steady_timer>(threads.front()->io());
    shared.on_closed = [this] {
      if (paused.exchange(false)) asio::post(threads.front()->io(), [this] { Accept(); });
    };
  }

  base::Status Listen();
  void Accept();
  void OnAccepted(const error_code& error, tcp::socket socket, IoThread& thread);
  void Stop();

  // Handlers post to the loops, so the pool goes first (see Stop).
  std::vector<std::unique_ptr<IoThread>> threads;
  std::unique_ptr<WorkerPool> pool;
  ServerShared shared;
  std::unique_ptr<tcp::acceptor> acceptor;
  std::unique_ptr<asio::steady_timer> retry;
  std::size_t next = 0;             // thread that gets the next connection: in turn, so none starves
  std::atomic<bool> paused{false};  // most_connections are open
  std::uint16_t port = 0;
  bool stopped = false;
};

namespace {

std::string Address(const ServerOptions& options) {
  const bool v6 = options.host.find(':') != std::string::npos;
  return fmt::format("{}{}{}:{}", v6 ? "[" : "", options.host, v6 ? "]" : "", options.port);
}

base::ErrorCode CodeOf(const error_code& error) {
  if (error == asio::error::access_denied) return base::ErrorCode::kForbidden;
  if (error == asio::error::address_in_use) return base::ErrorCode::kUnavailable;
  return base::ErrorCode::kInvalid;
}

tl::unexpected<base::Error> ListenFailure(const ServerOptions& options, const error_code& error) {
  if (error == asio::error::address_in_use) {
    return base::Fail(base::ErrorCode::kUnavailable,
                      "cannot listen on {}: the port is in use by another program; expected a free one",
                      Address(options));
  }
  return base::Fail(CodeOf(error), "cannot listen on {}: {}", Address(options), error.message());
}

}  // namespace

base::Status Server::Impl::Listen() {
  error_code error;
  tcp::resolver resolver(threads.front()->io());
  const auto found = resolver.resolve(shared.options.host, std::to_string(shared.options.port),
                                      tcp::resolver::passive | tcp::resolver::numeric_service, error);
  if (error || found.empty()) {
    return base::Fail(base::ErrorCode::kInvalid, "cannot listen on {}: no such host", Address(shared.options));
  }
  const tcp::endpoint endpoint = found.begin()->endpoint();
  acceptor->open(endpoint.protocol(), error);
  if (!error) acceptor->set_option(tcp::acceptor::reuse_address(true), error);
  if (!error) acceptor->bind(endpoint, error);
  if (!error) acceptor->listen(asio::socket_base::max_listen_connections, error);
  if (error) return ListenFailure(shared.options, error);
  port = acceptor->local_endpoint(error).port();
  return {};
}

void Server::Impl::Accept() {
  if (!acceptor->is_open()) return;
  if (shared.connections >= shared.options.most_connections) {
    paused = true;
    // A connection may have closed just before `paused` could be seen.
    if (shared.connections >= shared.options.most_connections || !paused.exchange(false)) return;
  }
  IoThread& thread = *threads[next++ % threads.size()];
  acceptor->async_accept(thread.io(), [this, &thread](const error_code& error, tcp::socket socket) {
    OnAccepted(error, std::move(socket), thread);
  });
}

void Server::Impl::OnAccepted(const error_code& error, tcp::socket socket, IoThread& thread) {
  if (error == asio::error::operation_aborted) return;
  if (error) {  // no descriptors left, most likely: some will be free again
    retry->expires_after(std::chrono::milliseconds(50));
    retry->async_wait([this](const error_code& cancelled) {
      if (!cancelled) Accept();
    });
    return;
  }
  ++shared.connections;
  asio::post(thread.io(), [&thread, socket = std::move(socket)]() mutable { thread.Adopt(std::move(socket)); });
  Accept();
}

void Server::Impl::Stop() {
  if (std::exchange(stopped, true)) return;
  asio::post(threads.front()->io(), [this] {
    error_code ignored;
    acceptor->close(ignored);
    retry->cancel();
  });
  for (const auto& thread : threads) {
    asio::post(thread->io(), [&thread = *thread] { thread.Drain(); });
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
    TIDEMILL_CHECK(impl->Listen());
    impl->Accept();
    for (const auto& thread : impl->threads) thread->Start();
    return std::unique_ptr<Server>(new Server(std::move(impl)));
  } catch (const std::exception& exception) {
    return base::Fail(base::ErrorCode::kInternal, "cannot start a server on {}: {}", Address(options),
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
