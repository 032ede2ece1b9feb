// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <stop_token>
#include <string_view>

#include "host_lookup.h"

namespace tidemill::http {

// Lets a stop end a wait for a socket.
class StopWaker {
 public:
  explicit StopWaker(std::stop_token stop);
  int descriptor() const { return event_.descriptor; }
  bool stopped() const { return stop_.stop_requested(); }

 private:
  struct Event {
    Event();
    Event(const Event&) = delete;
    Event& operator=(const Event&) = delete;
    ~Event();
    const int descriptor;
  };
  struct Write {
    int descriptor;
    void operator()() const;
  };
  std::stop_token stop_;
  Event event_;
  std::stop_callback<Write> callback_;  // last: it is gone before what it writes to
};

// How something with a socket ended.
enum class SocketOutcome { kDone, kClosed, kFailed, kTimedOut, kStopped };

// Until the socket may be read or written (POLLIN, POLLOUT), or has failed.
SocketOutcome WaitForSocket(int descriptor, short events, SteadyTime until, const StopWaker& waker);

// A TCP connection of a client. Every wait ends at the time given, or when `waker` is told to stop.
class ClientSocket {
 public:
  explicit ClientSocket(int descriptor) : descriptor_(descriptor) {}
  ClientSocket(const ClientSocket&) = delete;
  ClientSocket& operator=(const ClientSocket&) = delete;
  ~ClientSocket();

  // The first of the addresses that answers. `os_error` is the errno of the last that did not.
  static SocketOutcome Connect(std::span<const HostAddress> addresses, SteadyTime until, const StopWaker& waker,
                               std::unique_ptr<ClientSocket>& socket, int& os_error);

  SocketOutcome Send(std::string_view bytes, SteadyTime until, const StopWaker& waker);
  // Some bytes into `buffer`; `got` of them.
  SocketOutcome Receive(std::span<char> buffer, SteadyTime until, const StopWaker& waker, std::size_t& got);
  // False where the server has closed an idle connection, or sent what nobody asked for.
  bool IsIdle() const;

 private:
  SocketOutcome WaitFor(short events, SteadyTime until, const StopWaker& waker) const {
    return WaitForSocket(descriptor_, events, until, waker);
  }
  SocketOutcome Open(const HostAddress& address, SteadyTime until, const StopWaker& waker, int& os_error);

  int descriptor_;
};

}  // namespace tidemill::http
