// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

// The frames of a WebSocket (RFC 6455 section 5), without the connection that carries them.
namespace tidemill::http {

// What the peer sent, its fragments put together.
struct WebSocketItem {
  enum class Kind : std::uint8_t { kText, kPing, kPong, kClose };
  Kind kind;
  std::string bytes;  // of kClose: the reason
  std::uint16_t code = 0;
};

// What the peer may not do: the code to close with, and why.
struct WebSocketFault {
  std::uint16_t code = 0;  // 0: none
  std::string_view why = {};
};

// Whose frames they are: a client masks its own, a server does not.
enum class FramesOf : std::uint8_t { kClient, kServer };

class FrameReader {
 public:
  explicit FrameReader(std::size_t most_message_bytes, FramesOf peer = FramesOf::kClient)
      : most_(most_message_bytes), masked_(peer == FramesOf::kClient) {}

  // Takes the frames that lie whole at the front of `bytes`, of which it undoes the masks; `taken` becomes their
  // length. Stops behind a close.
  WebSocketFault Read(char* bytes, std::size_t size, std::size_t& taken, std::vector<WebSocketItem>& items);

 private:
  struct Head {
    bool final = false, masked = false;
    unsigned reserved = 0, opcode = 0;
    std::size_t length = 0, size = 0;  // of the payload, of the head itself; size 0: not whole yet
  };
  static Head ReadHead(std::string_view bytes);
  WebSocketFault Check(const Head& head) const;
  WebSocketFault Take(const Head& head, std::string_view payload, std::vector<WebSocketItem>& items);

  std::size_t most_;
  bool masked_;
  std::string message_;  // fragments so far
  bool in_message_ = false;
};

void AppendFrame(std::string& out, WebSocketItem::Kind kind, std::string_view payload);
// As a client sends it: `key` is drawn anew for each.
void AppendMaskedFrame(std::string& out, WebSocketItem::Kind kind, std::string_view payload, std::string_view key);
void AppendCloseFrame(std::string& out, std::uint16_t code, std::string_view reason);
// What Sec-WebSocket-Accept answers to a key.
std::string AcceptOf(std::string_view key);

}  // namespace tidemill::http
