// SPDX-License-Identifier: Apache-2.0
#include "stream_socket.h"

#include <algorithm>
#include <array>
#include <cerrno>

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/uio.h>

namespace tidemill::http {
namespace {

using Outcome = StreamSocket::Outcome;

constexpr std::size_t kMostParts = 64;

// Of a call that moves bytes.
template <typename Call>
Outcome Move(Call&& call, std::size_t& count) {
  ssize_t moved = 0;
  do {
    moved = call();
  } while (moved < 0 && errno == EINTR);
  if (moved > 0) count = static_cast<std::size_t>(moved);
  if (moved > 0) return Outcome::kDone;
  return moved < 0 && errno == EAGAIN ? Outcome::kBlocked : Outcome::kClosed;  // EAGAIN is EWOULDBLOCK on Linux
}

}  // namespace

void StreamSocket::SetNoDelay() const {
  const int on = 1;
  ::setsockopt(socket_.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

std::string StreamSocket::Peer() const {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  auto* const plain = reinterpret_cast<sockaddr*>(&address);
  std::array<char, NI_MAXHOST> host{};
  if (::getpeername(socket_.get(), plain, &size) != 0) return {};
  if (::getnameinfo(plain, size, host.data(), host.size(), nullptr, 0, NI_NUMERICHOST) != 0) return {};
  return host.data();
}

void StreamSocket::Tell(const Readiness& ready) {
  may_read_ = may_read_ || ready.input;
  ended_ = ended_ || ready.ended;
}

Outcome StreamSocket::Read(std::span<char> buffer, std::size_t& count) {
  const Outcome outcome = Move([&] { return ::recv(socket_.get(), buffer.data(), buffer.size(), 0); }, count);
  // A buffer that was not filled has all that had come, and what comes later is told of; but not the end once more.
  if (outcome == Outcome::kBlocked) may_read_ = false;
  if (outcome == Outcome::kDone && count < buffer.size()) may_read_ = ended_;
  return outcome;
}

Outcome StreamSocket::Send(std::span<const std::string_view> pieces, bool more, std::size_t& count) const {
  const int flags = MSG_NOSIGNAL | (more ? MSG_MORE : 0);
  if (pieces.size() == 1) {
    return Move([&] { return ::send(socket_.get(), pieces[0].data(), pieces[0].size(), flags); }, count);
  }
  std::array<iovec, kMostParts> parts;
  const std::size_t used = std::min(pieces.size(), parts.size());
  std::transform(pieces.begin(), pieces.begin() + static_cast<std::ptrdiff_t>(used), parts.begin(),
                 [](std::string_view piece) {
                   return iovec{.iov_base = const_cast<char*>(piece.data()), .iov_len = piece.size()};
                 });
  msghdr message{};
  message.msg_iov = parts.data();
  message.msg_iovlen = used;
  return Move([&] { return ::sendmsg(socket_.get(), &message, flags); }, count);
}

Outcome StreamSocket::SendFile(int file, std::size_t offset, std::size_t size, std::size_t& count) const {
  auto at = static_cast<off_t>(offset);
  return Move([&] { return ::sendfile(socket_.get(), file, &at, size); }, count);
}

void StreamSocket::EndOutput() const {
  ::shutdown(socket_.get(), SHUT_WR);
}

void StreamSocket::ResetAtClose() const {
  const linger at_once{.l_onoff = 1, .l_linger = 0};
  ::setsockopt(socket_.get(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
}

}  // namespace tidemill::http
