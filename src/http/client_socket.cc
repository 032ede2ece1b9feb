// SPDX-License-Identifier: Apache-2.0
#include "client_socket.h"

#include <array>
#include <cerrno>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

namespace tidemill::http {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

bool WouldBlock(int error) {
  return error == EAGAIN;  // which EWOULDBLOCK is on Linux
}

}  // namespace

void StopWaker::Write::operator()() const {
  const std::uint64_t one = 1;
  [[maybe_unused]] const ssize_t written = ::write(descriptor, &one, sizeof one);  // full means woken already
}

StopWaker::Event::Event() : descriptor(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}

StopWaker::Event::~Event() {
  if (descriptor >= 0) ::close(descriptor);
}

StopWaker::StopWaker(std::stop_token stop) : stop_(std::move(stop)), callback_(stop_, Write{event_.descriptor}) {}

ClientSocket::~ClientSocket() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

SocketOutcome WaitForSocket(int descriptor, short events, SteadyTime until, const StopWaker& waker) {
  for (;;) {
    if (waker.stopped()) return SocketOutcome::kStopped;
    const auto left = std::chrono::ceil<milliseconds>(until - steady_clock::now());
    if (left <= milliseconds(0)) return SocketOutcome::kTimedOut;
    std::array<pollfd, 2> waits{{{descriptor, events, 0}, {waker.descriptor(), POLLIN, 0}}};
    const auto most = std::min<milliseconds>(left, std::chrono::hours(1));
    if (::poll(waits.data(), waits.size(), static_cast<int>(most.count())) < 0 && errno != EINTR) {
      return SocketOutcome::kFailed;
    }
    if (waits[0].revents != 0) return SocketOutcome::kDone;
  }
}

SocketOutcome ClientSocket::Open(const HostAddress& address, SteadyTime until, const StopWaker& waker, int& os_error) {
  os_error = errno;
  if (descriptor_ < 0) return SocketOutcome::kFailed;
  const int on = 1;
  ::setsockopt(descriptor_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (::connect(descriptor_, reinterpret_cast<const sockaddr*>(&address.address), address.size) == 0) {
    return SocketOutcome::kDone;
  }
  os_error = errno;
  if (os_error != EINPROGRESS) return SocketOutcome::kFailed;
  const SocketOutcome outcome = WaitFor(POLLOUT, until, waker);
  if (outcome != SocketOutcome::kDone) return outcome;
  socklen_t size = sizeof os_error;
  ::getsockopt(descriptor_, SOL_SOCKET, SO_ERROR, &os_error, &size);
  return os_error == 0 ? SocketOutcome::kDone : SocketOutcome::kFailed;
}

SocketOutcome ClientSocket::Connect(std::span<const HostAddress> addresses, SteadyTime until, const StopWaker& waker,
                                    std::unique_ptr<ClientSocket>& socket, int& os_error) {
  SocketOutcome outcome = SocketOutcome::kFailed;
  for (; !addresses.empty(); addresses = addresses.subspan(1)) {
    // What is left is for all addresses that are left: one that never answers does not take it all.
    const SteadyTime now = steady_clock::now();
    const SteadyTime turn = now + (until - now) / static_cast<std::int64_t>(addresses.size());
    auto candidate = std::make_unique<ClientSocket>(
        ::socket(addresses.front().address.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    outcome = candidate->Open(addresses.front(), turn, waker, os_error);
    if (outcome == SocketOutcome::kDone) socket = std::move(candidate);
    if (outcome == SocketOutcome::kDone || outcome == SocketOutcome::kStopped) break;
  }
  return outcome;
}

SocketOutcome ClientSocket::Send(std::string_view bytes, SteadyTime until, const StopWaker& waker) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent > 0) {
      bytes.remove_prefix(static_cast<std::size_t>(sent));
      continue;
    }
    if (errno == EINTR) continue;
    if (!WouldBlock(errno)) return SocketOutcome::kFailed;
    const SocketOutcome outcome = WaitFor(POLLOUT, until, waker);
    if (outcome != SocketOutcome::kDone) return outcome;
  }
  return SocketOutcome::kDone;
}

SocketOutcome ClientSocket::Receive(std::span<char> buffer, SteadyTime until, const StopWaker& waker,
                                    std::size_t& got) {
  for (;;) {
    const ssize_t count = ::recv(descriptor_, buffer.data(), buffer.size(), 0);
    if (count > 0) {
      got = static_cast<std::size_t>(count);
      return waker.stopped() ? SocketOutcome::kStopped : SocketOutcome::kDone;
    }
    if (count == 0) return SocketOutcome::kClosed;
    if (errno == EINTR) continue;
    if (!WouldBlock(errno)) return SocketOutcome::kFailed;
    const SocketOutcome outcome = WaitFor(POLLIN, until, waker);
    if (outcome != SocketOutcome::kDone) return outcome;
  }
}

bool ClientSocket::IsIdle() const {
  char byte = 0;
  return ::recv(descriptor_, &byte, 1, MSG_PEEK | MSG_DONTWAIT) < 0 && WouldBlock(errno);
}

}  // namespace tidemill::http
