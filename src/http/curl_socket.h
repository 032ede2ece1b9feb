// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <memory>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>

#include "client_library.h"
#include "client_socket.h"

namespace tidemill::http {

// A connection that libcurl opens (with its proxies and TLS) and that is written to and read from by hand. Of one
// thread.
class CurlSocket {
 public:
  explicit CurlSocket(const CurlLibrary& curl) : curl_(curl), easy_(curl.easy_init()) {}
  CurlSocket(const CurlSocket&) = delete;
  CurlSocket& operator=(const CurlSocket&) = delete;
  ~CurlSocket();

  // To the host of an http or https address.
  static base::Result<std::unique_ptr<CurlSocket>> Connect(const std::string& url, std::chrono::milliseconds timeout,
                                                           const std::stop_token& stop);
  SocketOutcome Send(std::string_view bytes, SteadyTime until, const StopWaker& waker);
  // Some bytes into `buffer`; `got` of them.
  SocketOutcome Receive(std::span<char> buffer, SteadyTime until, const StopWaker& waker, std::size_t& got);

 private:
  base::Status Open(const std::string& url, std::chrono::milliseconds timeout, const std::stop_token& stop);

  const CurlLibrary& curl_;
  CURL* easy_;
  int descriptor_ = -1;
};

}  // namespace tidemill::http
