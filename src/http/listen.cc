// SPDX-License-Identifier: Apache-2.0
#include "listen.h"

#include <cerrno>
#include <memory>
#include <string>
#include <system_error>

#include <fmt/format.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>

namespace tidemill::http {
namespace {

struct FreeAddresses {
  void operator()(addrinfo* found) const { ::freeaddrinfo(found); }
};

tl::unexpected<base::Error> ListenFailure(const ServerOptions& options, int error) {
  if (error == EADDRINUSE) {
    return base::Fail(base::ErrorCode::kConflict,
                      "cannot listen on {}: the port is in use by another program; expected a free one",
                      AddressOf(options));
  }
  return base::Fail(error == EACCES ? base::ErrorCode::kForbidden : base::ErrorCode::kInvalid,
                    "cannot listen on {}: {}", AddressOf(options), std::generic_category().message(error));
}

bool BindAndListen(int socket, const addrinfo& address) {
  const int on = 1;
  return ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == 0 &&
         ::bind(socket, address.ai_addr, address.ai_addrlen) == 0 && ::listen(socket, SOMAXCONN) == 0;
}

}  // namespace

std::string AddressOf(const ServerOptions& options) {
  const bool v6 = options.host.find(':') != std::string::npos;
  return fmt::format("{}{}{}:{}", v6 ? "[" : "", options.host, v6 ? "]" : "", options.port);
}

base::Result<base::Descriptor> Listen(const ServerOptions& options) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
  addrinfo* found = nullptr;
  if (::getaddrinfo(options.host.c_str(), std::to_string(options.port).c_str(), &hints, &found) != 0) {
    return base::Fail(base::ErrorCode::kInvalid, "cannot listen on {}: no such host", AddressOf(options));
  }
  const std::unique_ptr<addrinfo, FreeAddresses> addresses(found);
  base::Descriptor socket(::socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (socket.get() < 0 || !BindAndListen(socket.get(), *found)) return ListenFailure(options, errno);
  return socket;
}

std::uint16_t PortOf(const base::Descriptor& listening) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  auto* const plain = reinterpret_cast<sockaddr*>(&address);
  if (::getsockname(listening.get(), plain, &size) != 0) return 0;
  return ntohs(address.ss_family == AF_INET6 ? reinterpret_cast<const sockaddr_in6*>(plain)->sin6_port
                                             : reinterpret_cast<const sockaddr_in*>(plain)->sin_port);
}

base::Status CanListen(const ServerOptions& options) {
  TIDEMILL_CHECK(Listen(options));
  return {};
}

}  // namespace tidemill::http
