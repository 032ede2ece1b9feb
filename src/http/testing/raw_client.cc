// SPDX-License-Identifier: Apache-2.0
#include "tidemill/http/testing/raw_client.h"

#include <array>
#include <cstdlib>
#include <utility>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

namespace tidemill::http::testing {

RawClient::RawClient(std::uint16_t port) : descriptor_(socket(AF_INET, SOCK_STREAM, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const timeval patience{.tv_sec = 10, .tv_usec = 0};
  setsockopt(descriptor_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  if (connect(descriptor_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    close(descriptor_);
    descriptor_ = -1;
  }
}

RawClient::~RawClient() {
  if (descriptor_ >= 0) close(descriptor_);
}

void RawClient::Send(std::string_view bytes) const {
  while (!bytes.empty()) {
    const ssize_t count = send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (count <= 0) return;
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
}

bool RawClient::HasMore(std::chrono::milliseconds patience) const {
  pollfd entry{.fd = descriptor_, .events = POLLIN, .revents = 0};
  return !buffer_.empty() || poll(&entry, 1, static_cast<int>(patience.count())) > 0;
}

bool RawClient::Fill() {
  std::array<char, 65536> chunk{};
  const ssize_t count = recv(descriptor_, chunk.data(), chunk.size(), 0);
  if (count == 0) ended_ = true;
  if (count <= 0) return false;
  buffer_.append(chunk.data(), static_cast<std::size_t>(count));
  return true;
}

void RawClient::EndOutput() const {
  shutdown(descriptor_, SHUT_WR);
}

std::string RawClient::ReadAnswer(bool head_only) {
  std::size_t head = std::string::npos;
  while ((head = buffer_.find("\r\n\r\n")) == std::string::npos) {
    if (!Fill()) return std::exchange(buffer_, {});
  }
  std::size_t size = head + 4;
  constexpr std::string_view kLength = "\r\nContent-Length: ";
  if (const std::size_t length = buffer_.find(kLength); !head_only && length < head) {
    size += static_cast<std::size_t>(std::atoll(buffer_.c_str() + length + kLength.size()));
  }
  while (buffer_.size() < size && Fill()) {
  }
  std::string answer = buffer_.substr(0, size);
  buffer_.erase(0, size);
  return answer;
}

std::string RawClient::ReadBytes(std::size_t count) {
  while (buffer_.size() < count && Fill()) {
  }
  std::string bytes = buffer_.substr(0, count);
  buffer_.erase(0, bytes.size());
  return bytes;
}

std::string RawClient::ReadToEnd() {
  while (Fill()) {
  }
  return std::exchange(buffer_, {});
}

}  // namespace tidemill::http::testing
