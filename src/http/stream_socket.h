// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "tidemill/base/descriptor.h"

#include "event_loop.h"

namespace tidemill::http {

// One client's TCP connection as a loop watches it: nothing blocks.
class StreamSocket {
 public:
  enum class Outcome { kDone, kBlocked, kClosed };

  explicit StreamSocket(base::Descriptor socket) : socket_(std::move(socket)) {}

  int descriptor() const { return socket_.get(); }
  // Sends small answers at once.
  void SetNoDelay() const;
  // The other side's address as a number; empty where it is gone.
  std::string Peer() const;

  void Tell(const Readiness& ready);
  // Whether there may be something to read: false until the loop tells of something.
  bool may_read() const { return may_read_; }
  Outcome Read(std::span<char> buffer, std::size_t& count);

  // With `more` the bytes wait for those that follow.
  Outcome Send(std::span<const std::string_view> pieces, bool more, std::size_t& count) const;
  // From the file's memory to the socket: of the program's own nothing is read or written.
  Outcome SendFile(int file, std::size_t offset, std::size_t size, std::size_t& count) const;

  void EndOutput() const;
  // So that the other side does not take the end for an orderly one.
  void ResetAtClose() const;
  void Close() { socket_.Close(); }

 private:
  base::Descriptor socket_;
  bool may_read_ = false;
  bool ended_ = false;  // the end was told of
};

}  // namespace tidemill::http
