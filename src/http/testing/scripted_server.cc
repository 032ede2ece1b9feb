// SPDX-License-Identifier: Apache-2.0
#include "tidemill/http/testing/scripted_server.h"

#include <algorithm>
#include <charconv>
#include <stdexcept>
#include <string_view>

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace tidemill::http::testing {
namespace {

constexpr std::size_t kMostConnections = 64;
constexpr std::size_t kMostRequestBytes = std::size_t{1} << 20U;

bool SendAll(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

// Bytes of the first whole request, 0 where it is not all there.
std::size_t WholeRequest(std::string_view received) {
  const std::size_t end = received.find("\r\n\r\n");
  if (end == std::string_view::npos) return 0;
  std::size_t length = 0;
  constexpr std::string_view kLength = "\r\nContent-Length: ";
  if (const std::size_t at = received.substr(0, end).find(kLength); at != std::string_view::npos) {
    std::from_chars(received.data() + at + kLength.size(), received.data() + end, length);
  }
  const std::size_t whole = end + 4 + length;
  return received.size() >= whole ? whole : 0;
}

}  // namespace

ScriptedAnswer Answer(int status, const std::vector<std::pair<std::string, std::string>>& headers,
                      const std::string& body) {
  std::string bytes = "HTTP/1.1 " + std::to_string(status) + " X\r\n";
  for (const auto& [name, value] : headers) bytes += name + ": " + value + "\r\n";
  if (status != 304) bytes += "Content-Length: " + std::to_string(body.size()) + "\r\n";
  return {.bytes = bytes + "\r\n" + body};
}

ScriptedServer::ScriptedServer() {
  listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  if (listener_ < 0 || ::bind(listener_, reinterpret_cast<sockaddr*>(&address), size) != 0 ||
      ::listen(listener_, 16) != 0 || ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) != 0 ||
      ::pipe2(wake_, O_CLOEXEC) != 0) {
    throw std::runtime_error("no loopback server");
  }
  port_ = ntohs(address.sin_port);
  thread_ = std::jthread([this] { Serve(); });
}

ScriptedServer::~ScriptedServer() {
  ::close(wake_[1]);
  thread_.join();
  ::close(wake_[0]);
  ::close(listener_);
}

std::string ScriptedServer::Url(const std::string& path) const {
  return "http://127.0.0.1:" + std::to_string(port_) + path;
}

void ScriptedServer::Script(const std::string& path, std::vector<ScriptedAnswer> answers) {
  const std::lock_guard lock(mutex_);
  scripts_[path] = std::move(answers);
}

std::vector<std::string> ScriptedServer::requests() const {
  const std::lock_guard lock(mutex_);
  return requests_;
}

int ScriptedServer::connections() const {
  const std::lock_guard lock(mutex_);
  return connections_;
}

void ScriptedServer::Serve() {
  std::vector<Connection> open;
  for (;;) {
    std::vector<pollfd> waits = {{wake_[0], POLLIN, 0}, {listener_, POLLIN, 0}};
    for (const Connection& connection : open) waits.push_back({connection.fd, POLLIN, 0});
    if (::poll(waits.data(), waits.size(), -1) < 0 || waits[0].revents != 0) break;
    std::vector<Connection> kept;
    for (std::size_t i = 0; i < open.size(); ++i) {
      const bool alive = waits[i + 2].revents == 0 || (Receive(open[i]) && AnswerAll(open[i]));
      if (alive) {
        kept.push_back(std::move(open[i]));
      } else {
        ::close(open[i].fd);
      }
    }
    open = std::move(kept);
    if (waits[1].revents != 0 && open.size() < kMostConnections) {
      const int fd = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
      if (fd < 0) continue;
      const timeval limit{.tv_sec = 2, .tv_usec = 0};
      ::setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit));
      open.push_back({.fd = fd, .received = {}});
      const std::lock_guard lock(mutex_);
      ++connections_;
    }
  }
  for (const Connection& connection : open) ::close(connection.fd);
}

bool ScriptedServer::Receive(Connection& connection) {
  char buffer[16 * 1024];
  const ssize_t got = ::recv(connection.fd, buffer, sizeof(buffer), 0);
  if (got <= 0 || connection.received.size() > kMostRequestBytes) return false;
  connection.received.append(buffer, static_cast<std::size_t>(got));
  return true;
}

bool ScriptedServer::AnswerAll(Connection& connection) {
  while (!connection.stalled) {
    const std::size_t size = WholeRequest(connection.received);
    if (size == 0) return true;
    const ScriptedAnswer answer = Next(connection.received.substr(0, size));
    connection.received.erase(0, size);
    if (!SendAll(connection.fd, answer.bytes) || answer.then == ScriptedAnswer::Then::kClose) return false;
    connection.stalled = answer.then == ScriptedAnswer::Then::kStall;
  }
  return true;
}

ScriptedAnswer ScriptedServer::Next(const std::string& request) {
  const std::size_t begin = request.find(' ') + 1;
  const std::string path = request.substr(begin, request.find(' ', begin) - begin);
  const std::lock_guard lock(mutex_);
  requests_.push_back(request);
  const auto found = scripts_.find(path);
  if (found == scripts_.end() || found->second.empty()) return Answer(404, {}, "nothing here");
  ScriptedAnswer answer = found->second.front();
  if (found->second.size() > 1) found->second.erase(found->second.begin());
  return answer;
}

}  // namespace tidemill::http::testing
