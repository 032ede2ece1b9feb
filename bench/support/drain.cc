// SPDX-License-Identifier: Apache-2.0
// A client for large answers: asks the paths of a file in turn over some connections for some seconds and drops the
// bodies in the kernel (recv with MSG_TRUNC, tcp(7)), so that receiving costs it next to nothing. Another status than
// 200 ends it.
//   drain PORT CONNECTIONS SECONDS FILE
#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace {

using Clock = std::chrono::steady_clock;
constexpr std::size_t kMostHead = 16 * 1024;
constexpr std::size_t kMostDropped = 64 << 20;

enum class Part { kHead, kBody, kChunkSize, kChunk, kLastLine };

struct Link {
  int socket = -1;
  Part part = Part::kHead;
  std::uint64_t left = 0;  // of a body, a chunk with its line end, or the last line
  Clock::time_point asked;
};

struct Load {
  std::vector<std::string> requests;
  std::size_t at = 0;
  std::vector<std::int64_t> took;  // µs
};

[[noreturn]] void Stop(const char* what) {
  std::perror(what);
  std::exit(1);
}

std::vector<std::string> ReadRequests(const char* file) {
  std::vector<std::string> requests;
  std::ifstream paths(file);
  for (std::string path; std::getline(paths, path);)
    requests.push_back("GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
  return requests;
}

int Connect(std::uint16_t port) {
  const int made = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (made < 0 || connect(made, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) Stop("connect");
  return made;
}

void Ask(Link& link, Load& load) {
  const std::string& request = load.requests[load.at++ % load.requests.size()];
  link.part = Part::kHead;
  link.asked = Clock::now();
  if (send(link.socket, request.data(), request.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(request.size()))
    Stop("send");
}

// Receives up to so many bytes, into the buffer or nowhere; 0 where none are there yet.
std::size_t Take(const Link& link, char* buffer, std::size_t most, int flags) {
  const ssize_t count = recv(link.socket, buffer, most, MSG_DONTWAIT | flags);
  if (count < 0 && errno == EAGAIN) return 0;
  if (count <= 0) Stop("recv");
  return static_cast<std::size_t>(count);
}

// The text up to and with the end mark, taken from the socket only when it is whole; empty before.
std::string TakeUntil(const Link& link, std::string_view end) {
  std::array<char, kMostHead> bytes;
  const std::string_view there(bytes.data(), Take(link, bytes.data(), bytes.size(), MSG_PEEK));
  const std::size_t at = there.find(end);
  if (at == std::string_view::npos) {
    if (there.size() == bytes.size()) Stop("too long a head");
    return {};
  }
  Take(link, bytes.data(), at + end.size(), 0);
  return std::string(bytes.data(), at + end.size());
}

void BeginBody(Link& link, std::string head) {
  std::transform(head.begin(), head.end(), head.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? c + 32 : c; });
  constexpr std::string_view kLength = "\r\ncontent-length:";
  const std::size_t length = head.find(kLength);
  const bool chunked = head.find("\r\ntransfer-encoding: chunked\r\n") != std::string::npos;
  if (!head.starts_with("http/1.1 200 ") || (!chunked && length == std::string::npos)) {
    std::fprintf(stderr, "unexpected: %s", head.c_str());
    std::exit(1);
  }
  link.part = chunked ? Part::kChunkSize : Part::kBody;
  link.left = chunked ? 0 : std::strtoull(head.c_str() + length + kLength.size(), nullptr, 10);
}

void BeginChunk(Link& link, const std::string& line) {
  const std::uint64_t size = std::strtoull(line.c_str(), nullptr, 16);
  link.part = size == 0 ? Part::kLastLine : Part::kChunk;
  link.left = size + 2;
}

void EndAnswer(Link& link, Load& load) {
  load.took.push_back(std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - link.asked).count());
  Ask(link, load);
}

void Receive(Link& link, Load& load) {
  while (true) {
    if (link.part == Part::kHead || link.part == Part::kChunkSize) {
      const bool head = link.part == Part::kHead;
      std::string text = TakeUntil(link, head ? "\r\n\r\n" : "\r\n");
      if (text.empty()) return;
      head ? BeginBody(link, std::move(text)) : BeginChunk(link, text);
    }
    while (link.left > 0) {
      const std::size_t dropped = Take(link, nullptr, std::min<std::uint64_t>(link.left, kMostDropped), MSG_TRUNC);
      if (dropped == 0) return;
      link.left -= dropped;
    }
    if (link.part == Part::kBody || link.part == Part::kLastLine) return EndAnswer(link, load);
    link.part = Part::kChunkSize;
  }
}

}  // namespace

int main(int count, char** words) {
  if (count != 5) {
    std::fputs("drain PORT CONNECTIONS SECONDS FILE\n", stderr);
    return 2;
  }
  Load load;
  load.requests = ReadRequests(words[4]);
  if (load.requests.empty()) Stop(words[4]);
  std::vector<Link> links(static_cast<std::size_t>(std::atoi(words[2])));
  const int ready = epoll_create1(0);
  const auto begun = Clock::now();
  for (std::size_t i = 0; i < links.size(); ++i) {
    links[i].socket = Connect(static_cast<std::uint16_t>(std::atoi(words[1])));
    epoll_event event{.events = EPOLLIN, .data = {.u64 = i}};
    if (epoll_ctl(ready, EPOLL_CTL_ADD, links[i].socket, &event) != 0) Stop("epoll_ctl");
    Ask(links[i], load);
  }
  const auto end = begun + std::chrono::seconds(std::atoi(words[3]));
  while (Clock::now() < end) {
    std::array<epoll_event, 64> events;
    const int told = epoll_wait(ready, events.data(), static_cast<int>(events.size()), 100);
    for (int i = 0; i < told; ++i) Receive(links[events[static_cast<std::size_t>(i)].data.u64], load);
  }
  const double seconds = std::chrono::duration<double>(Clock::now() - begun).count();
  std::sort(load.took.begin(), load.took.end());
  const auto percentile = [&](std::size_t of) {
    return load.took.empty() ? 0 : load.took[std::min(load.took.size() - 1, load.took.size() * of / 100)];
  };
  std::printf("RESULT {\"requests\": %zu, \"seconds\": %.6f, \"p50\": %lld, \"p99\": %lld, \"errors\": 0}\n",
              load.took.size(), seconds, static_cast<long long>(percentile(50)),
              static_cast<long long>(percentile(99)));
}
