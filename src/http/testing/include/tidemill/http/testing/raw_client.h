// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace tidemill::http::testing {

// A TCP connection to 127.0.0.1 for bytes that no proper client sends.
class RawClient {
 public:
  explicit RawClient(std::uint16_t port);
  ~RawClient();
  RawClient(const RawClient&) = delete;
  RawClient& operator=(const RawClient&) = delete;

  bool connected() const { return descriptor_ >= 0; }
  void Send(std::string_view bytes) const;
  void EndOutput() const;
  // One answer: its head and as many bytes as Content-Length says (none after `head_only`, 204 and 304). What was read
  // at the end of the stream or after ten seconds of silence.
  std::string ReadAnswer(bool head_only = false);
  // That many bytes, fewer after an end or ten seconds of silence.
  std::string ReadBytes(std::size_t count);
  // All until the server ends the stream; ten seconds of silence end it too, and leave `ended` false.
  std::string ReadToEnd();
  // Whether there is something to read, or an end: waits for it no longer than that.
  bool HasMore(std::chrono::milliseconds patience) const;
  bool ended() const { return ended_; }

 private:
  bool Fill();

  int descriptor_ = -1;
  bool ended_ = false;
  std::string buffer_;
};

}  // namespace tidemill::http::testing
