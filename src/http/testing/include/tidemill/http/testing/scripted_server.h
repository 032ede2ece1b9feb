// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace tidemill::http::testing {

// The bytes that a server sends for one request, however wrong, and what it does afterwards.
struct ScriptedAnswer {
  std::string bytes;
  enum class Then { kKeepOpen, kClose, kStall } then = Then::kKeepOpen;
};

// "HTTP/1.1 STATUS X", the headers, Content-Length and the body.
ScriptedAnswer Answer(int status, const std::vector<std::pair<std::string, std::string>>& headers = {},
                      const std::string& body = {});

// A server on 127.0.0.1 with one thread that gives every path its answers in order; the last one repeats. An unknown
// path gets 404. Holds at most 64 connections and 1 MiB a request.
class ScriptedServer {
 public:
  ScriptedServer();
  ScriptedServer(const ScriptedServer&) = delete;
  ScriptedServer& operator=(const ScriptedServer&) = delete;
  ~ScriptedServer();

  int port() const { return port_; }
  std::string Url(const std::string& path) const;
  // `path` is what stands in the request line, the query included.
  void Script(const std::string& path, std::vector<ScriptedAnswer> answers);
  // The requests so far, head and body.
  std::vector<std::string> requests() const;
  int connections() const;

 private:
  struct Connection {
    int fd = -1;
    std::string received;
    bool stalled = false;
  };
  void Serve();
  bool Receive(Connection& connection);
  bool AnswerAll(Connection& connection);
  ScriptedAnswer Next(const std::string& request);

  int listener_ = -1;
  int wake_[2] = {-1, -1};
  int port_ = 0;
  mutable std::mutex mutex_;
  std::map<std::string, std::vector<ScriptedAnswer>> scripts_;  // guarded by mutex_
  std::vector<std::string> requests_;                           // guarded by mutex_
  int connections_ = 0;                                         // guarded by mutex_
  std::jthread thread_;
};

}  // namespace tidemill::http::testing
