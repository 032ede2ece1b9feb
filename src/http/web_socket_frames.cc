// SPDX-License-Identifier: Apache-2.0
#include "web_socket_frames.h"

#include <algorithm>
#include <utility>

#include "tidemill/base/digest.h"
#include "tidemill/base/signature.h"
#include "tidemill/base/text.h"

namespace tidemill::http {
namespace {

constexpr unsigned kContinuation = 0, kText = 1, kClose = 8, kPing = 9, kPong = 10;
constexpr std::size_t kMostControlBytes = 125;

unsigned ByteAt(std::string_view bytes, std::size_t at) {
  return static_cast<unsigned char>(bytes[at]);
}

bool MayBeSent(unsigned code) {
  if (code >= 3000 && code <= 4999) return true;
  return code >= 1000 && code <= 1014 && code != 1004 && code != 1005 && code != 1006;
}

unsigned OpcodeOf(WebSocketItem::Kind kind) {
  switch (kind) {
    case WebSocketItem::Kind::kText:
      return kText;
    case WebSocketItem::Kind::kPing:
      return kPing;
    case WebSocketItem::Kind::kPong:
      return kPong;
    case WebSocketItem::Kind::kClose:
      break;
  }
  return kClose;
}

void Mask(char* payload, std::size_t size, const char* key) {
  for (std::size_t i = 0; i < size; ++i) payload[i] = static_cast<char>(payload[i] ^ key[i % 4]);
}

WebSocketFault TakeClose(std::string_view payload, std::vector<WebSocketItem>& items) {
  WebSocketItem item{WebSocketItem::Kind::kClose, {}, 1000};
  if (!payload.empty()) {
    if (payload.size() == 1) return {1002, "a close code has two bytes"};
    item.code = static_cast<std::uint16_t>(ByteAt(payload, 0) << 8U | ByteAt(payload, 1));
    item.bytes = payload.substr(2);
    if (!MayBeSent(item.code)) return {1002, "this close code may not be sent"};
    if (!base::IsValidUtf8(item.bytes)) return {1007, "a close reason is no UTF-8"};
  }
  items.push_back(std::move(item));
  return {};
}

}  // namespace

FrameReader::Head FrameReader::ReadHead(std::string_view bytes) {
  Head head;
  if (bytes.size() < 2) return head;
  head.final = (ByteAt(bytes, 0) & 0x80U) != 0;
  head.reserved = ByteAt(bytes, 0) & 0x70U;
  head.opcode = ByteAt(bytes, 0) & 0x0FU;
  head.masked = (ByteAt(bytes, 1) & 0x80U) != 0;
  head.length = ByteAt(bytes, 1) & 0x7FU;
  const std::size_t more = head.length == 126 ? 2 : head.length == 127 ? 8 : 0;
  const std::size_t size = 2 + more + (head.masked ? 4 : 0);
  if (bytes.size() < size) return head;
  if (more != 0) head.length = 0;
  for (std::size_t i = 0; i < more; ++i) head.length = head.length << 8U | ByteAt(bytes, 2 + i);
  head.size = size;
  return head;
}

WebSocketFault FrameReader::Check(const Head& head) const {
  if (head.reserved != 0) return {1002, "no extension was agreed on"};
  if (head.masked != masked_)
    return {1002, masked_ ? "a client's frames are masked" : "a server's frames are not masked"};
  if (head.opcode >= kClose) {
    if (head.opcode > kPong) return {1002, "no such frame"};
    if (!head.final || head.length > kMostControlBytes) return {1002, "a control frame is short and whole"};
    return {};
  }
  if (head.opcode > kText) return {1003, "only text is understood"};
  if ((head.opcode == kContinuation) != in_message_) return {1002, "a fragment out of order"};
  if (head.length > most_ || message_.size() + head.length > most_) return {1009, "the message is too large"};
  return {};
}

WebSocketFault FrameReader::Take(const Head& head, std::string_view payload, std::vector<WebSocketItem>& items) {
  if (head.opcode == kClose) return TakeClose(payload, items);
  if (head.opcode >= kPing) {
    items.push_back(
        {head.opcode == kPing ? WebSocketItem::Kind::kPing : WebSocketItem::Kind::kPong, std::string(payload), 0});
    return {};
  }
  message_ += payload;
  in_message_ = !head.final;
  if (in_message_) return {};
  if (!base::IsValidUtf8(message_)) return {1007, "a text is no UTF-8"};
  items.push_back({WebSocketItem::Kind::kText, std::exchange(message_, {}), 0});
  return {};
}

WebSocketFault FrameReader::Read(char* bytes, std::size_t size, std::size_t& taken, std::vector<WebSocketItem>& items) {
  taken = 0;
  while (true) {
    const Head head = ReadHead({bytes + taken, size - taken});
    if (head.size == 0) return {};
    // Before its payload is awaited: nobody reads what will be refused.
    if (const WebSocketFault fault = Check(head); fault.code != 0) return fault;
    if (size - taken - head.size < head.length) return {};
    char* const payload = bytes + taken + head.size;
    if (head.masked) Mask(payload, head.length, payload - 4);
    taken += head.size + head.length;
    if (const WebSocketFault fault = Take(head, {payload, head.length}, items); fault.code != 0) return fault;
    if (head.opcode == kClose) return {};
  }
}

void AppendFrame(std::string& out, WebSocketItem::Kind kind, std::string_view payload) {
  out += static_cast<char>(0x80U | OpcodeOf(kind));
  const std::size_t length = payload.size();
  const std::size_t more = length < 126 ? 0 : length < 65536 ? 2 : 8;
  out += static_cast<char>(more == 0 ? length : more == 2 ? 126 : 127);
  for (std::size_t i = more; i > 0; --i) out += static_cast<char>(length >> (8U * (i - 1)) & 0xFFU);
  out += payload;
}

void AppendMaskedFrame(std::string& out, WebSocketItem::Kind kind, std::string_view payload, std::string_view key) {
  const std::size_t begin = out.size();
  AppendFrame(out, kind, payload);
  out[begin + 1] = static_cast<char>(ByteAt(out, begin + 1) | 0x80U);
  out.insert(out.size() - payload.size(), key.substr(0, 4));
  Mask(out.data() + out.size() - payload.size(), payload.size(), key.data());
}

void AppendCloseFrame(std::string& out, std::uint16_t code, std::string_view reason) {
  std::string payload{static_cast<char>(code >> 8U), static_cast<char>(code & 0xFFU)};
  payload += reason.substr(0, kMostControlBytes - 2);
  AppendFrame(out, WebSocketItem::Kind::kClose, payload);
}

std::string AcceptOf(std::string_view key) {
  const std::string text = std::string(key) + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  return base::Base64(base::Hasher(base::DigestKind::kSha1).Hash(text));
}

}  // namespace tidemill::http
