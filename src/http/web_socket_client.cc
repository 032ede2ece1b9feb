// SPDX-License-Identifier: Apache-2.0
#include "tidemill/http/web_socket_client.h"

#include <algorithm>
#include <deque>
#include <utility>
#include <vector>

#include "tidemill/base/seal.h"
#include "tidemill/base/signature.h"
#include "tidemill/base/text.h"
#include "tidemill/http/url.h"

#include "curl_socket.h"
#include "field_text.h"
#include "web_socket_frames.h"

namespace tidemill::http {
namespace {

using base::ErrorCode;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr std::size_t kMostAnswerHead = std::size_t{64} << 10U;
constexpr std::size_t kReadBytes = std::size_t{16} << 10U;
constexpr milliseconds kSendPatience{30'000};

// Random, so that nobody who chooses a text chooses what goes over the wire; any bytes where there is no randomness.
std::string RandomBytes(std::size_t count) {
  std::string bytes = base::SecureRandom(count);
  bytes.resize(count, '\x5A');
  return bytes;
}

base::Error EndOf(SocketOutcome outcome, const std::string& url) {
  const std::string place = MaskUrl(url);
  switch (outcome) {
    case SocketOutcome::kStopped:
      return {.code = ErrorCode::kCancelled, .message = "cancelled", .place = place};
    case SocketOutcome::kTimedOut:
      return {.code = ErrorCode::kTimeOut, .message = "the server takes or says nothing", .place = place};
    default:
      return {.code = ErrorCode::kUnavailable, .message = "the server ended the connection", .place = place};
  }
}

base::Error EndBy(const WebSocketItem& close, const std::string& url) {
  const bool misunderstood = close.code == 1002 || close.code == 1003 || close.code == 1007 || close.code == 1009;
  const std::string why = close.bytes.empty() ? std::string() : ": " + base::Quoted(close.bytes);
  return {.code = close.code == 1008 ? ErrorCode::kForbidden
                  : misunderstood    ? ErrorCode::kInvalid
                                     : ErrorCode::kUnavailable,
          .message = fmt::format("the server ended the connection with code {}{}", close.code, why),
          .place = MaskUrl(url)};
}

ErrorCode CodeOfStatus(int status) {
  if (status == 401) return ErrorCode::kUnauthenticated;
  if (status == 403) return ErrorCode::kForbidden;
  if (status == 404) return ErrorCode::kNotFound;
  return status >= 500 ? ErrorCode::kUnavailable : ErrorCode::kUnsupported;
}

std::string OpeningOf(const WebSocketRequest& request, const std::string& key) {
  const UrlParts url = SplitUrl(request.url);
  const AuthorityParts authority = SplitAuthority(url.authority.value_or(""));
  std::string head = "GET " + std::string(url.path.empty() ? "/" : url.path);
  if (url.query) head.append("?").append(*url.query);
  head += " HTTP/1.1\r\nHost: " + std::string(authority.host);
  if (!authority.port.empty()) head.append(":").append(authority.port);
  head += "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: " + key;
  if (!request.subprotocol.empty()) head += "\r\nSec-WebSocket-Protocol: " + request.subprotocol;
  for (const auto& [name, value] : request.headers) head.append("\r\n").append(name).append(": ").append(value);
  return head + "\r\n\r\n";
}

// The value of a field in the head of an answer, or empty.
std::string_view FieldOf(std::string_view head, std::string_view name) {
  for (const std::string_view line : base::Split(head, '\n')) {
    const std::size_t colon = line.find(':');
    if (colon != std::string_view::npos && EqualNoCase(line.substr(0, colon), name))
      return base::Trim(line.substr(colon + 1));
  }
  return {};
}

base::Status CheckAnswer(std::string_view head, const std::string& key, const std::string& url) {
  const std::size_t blank = head.find(' ');
  const bool is_http = head.starts_with("HTTP/1.1 ");
  const auto status = is_http ? base::ParseInt(head.substr(blank + 1, 3)) : std::nullopt;
  if (!status) return base::FailAt(ErrorCode::kUnsupported, MaskUrl(url), "the answer is no HTTP/1.1");
  if (*status != 101) {
    return base::FailAt(CodeOfStatus(static_cast<int>(*status)), MaskUrl(url),
                        "the server answered {} and opened no WebSocket", *status);
  }
  if (FieldOf(head, "Sec-WebSocket-Accept") != AcceptOf(key))
    return base::FailAt(ErrorCode::kUnsupported, MaskUrl(url), "what answers is no server of WebSockets");
  return {};
}

class Opened final : public WebSocketClient {
 public:
  Opened(std::unique_ptr<CurlSocket> socket, const WebSocketRequest& request)
      : socket_(std::move(socket)), url_(request.url), frames_(request.most_message_bytes, FramesOf::kServer) {}

  Opened(const Opened&) = delete;
  Opened& operator=(const Opened&) = delete;
  ~Opened() override;

  base::Status Greet(const WebSocketRequest& request, const std::stop_token& stop);
  base::Status Send(std::string_view text, std::stop_token stop) override {
    return SendFrame(WebSocketItem::Kind::kText, text, stop);
  }
  base::Result<std::optional<std::string>> Receive(milliseconds patience, std::stop_token stop) override;

 private:
  base::Status SendFrame(WebSocketItem::Kind kind, std::string_view payload, const std::stop_token& stop);
  // More bytes; false where the time is over.
  base::Result<bool> ReadMore(SteadyTime until, const StopWaker& waker);
  base::Status TakeFrames(const std::stop_token& stop);

  std::unique_ptr<CurlSocket> socket_;
  std::optional<base::Error> ended_;  // told once the texts before it are taken
  const std::string url_;
  FrameReader frames_;
  std::string input_;
  std::deque<std::string> texts_;
};

Opened::~Opened() {
  if (ended_) return;
  std::string goodbye;
  AppendMaskedFrame(goodbye, WebSocketItem::Kind::kClose, "\x03\xE8", RandomBytes(4));  // 1000: done
  socket_->Send(goodbye, steady_clock::now() + milliseconds(100), StopWaker({}));
}

base::Status Opened::Greet(const WebSocketRequest& request, const std::stop_token& stop) {
  const StopWaker waker(stop);
  const SteadyTime until = steady_clock::now() + request.connect_timeout;
  const std::string key = base::Base64(RandomBytes(16));
  const SocketOutcome sent = socket_->Send(OpeningOf(request, key), until, waker);
  if (sent != SocketOutcome::kDone) return tl::unexpected(EndOf(sent, url_));
  std::size_t end = std::string::npos;
  while ((end = input_.find("\r\n\r\n")) == std::string::npos) {
    if (input_.size() > kMostAnswerHead)
      return base::FailAt(ErrorCode::kTooLarge, MaskUrl(url_), "the answer's head has more than {} bytes",
                          kMostAnswerHead);
    TIDEMILL_ASSIGN(const bool more, ReadMore(until, waker));
    if (!more) return tl::unexpected(EndOf(SocketOutcome::kTimedOut, url_));
  }
  TIDEMILL_CHECK(CheckAnswer(std::string_view(input_).substr(0, end), key, url_));
  input_.erase(0, end + 4);
  return {};
}

base::Status Opened::SendFrame(WebSocketItem::Kind kind, std::string_view payload, const std::stop_token& stop) {
  std::string frame;
  AppendMaskedFrame(frame, kind, payload, RandomBytes(4));
  const SocketOutcome sent = socket_->Send(frame, steady_clock::now() + kSendPatience, StopWaker(stop));
  if (sent != SocketOutcome::kDone) return tl::unexpected(EndOf(sent, url_));
  return {};
}

base::Result<bool> Opened::ReadMore(SteadyTime until, const StopWaker& waker) {
  const std::size_t before = input_.size();
  input_.resize(before + kReadBytes);
  std::size_t got = 0;
  const SocketOutcome outcome = socket_->Receive(std::span<char>(input_).subspan(before), until, waker, got);
  input_.resize(before + (outcome == SocketOutcome::kDone ? got : 0));
  if (outcome == SocketOutcome::kTimedOut) return false;
  if (outcome != SocketOutcome::kDone) return tl::unexpected(EndOf(outcome, url_));
  return true;
}

base::Status Opened::TakeFrames(const std::stop_token& stop) {
  std::size_t taken = 0;
  std::vector<WebSocketItem> items;
  const WebSocketFault fault = frames_.Read(input_.data(), input_.size(), taken, items);
  input_.erase(0, taken);
  for (WebSocketItem& item : items) {
    if (item.kind == WebSocketItem::Kind::kText) texts_.push_back(std::move(item.bytes));
    if (item.kind == WebSocketItem::Kind::kPing)
      TIDEMILL_CHECK(SendFrame(WebSocketItem::Kind::kPong, item.bytes, stop));
    if (item.kind == WebSocketItem::Kind::kClose) ended_ = EndBy(item, url_);
  }
  if (fault.code != 0) {
    ended_ = {.code = ErrorCode::kUnavailable,
              .message = fmt::format("the server sent a wrong frame: {}", fault.why),
              .place = MaskUrl(url_)};
  }
  return {};
}

base::Result<std::optional<std::string>> Opened::Receive(milliseconds patience, std::stop_token stop) {
  const StopWaker waker(stop);
  const SteadyTime until = steady_clock::now() + patience;
  while (texts_.empty()) {
    TIDEMILL_CHECK(TakeFrames(stop));
    if (!texts_.empty()) break;
    if (ended_) return tl::unexpected(*ended_);
    TIDEMILL_ASSIGN(const bool more, ReadMore(until, waker));
    if (!more) return std::optional<std::string>();
  }
  std::optional<std::string> text(std::move(texts_.front()));
  texts_.pop_front();
  return text;
}

}  // namespace

base::Result<std::unique_ptr<WebSocketClient>> OpenWebSocketAt(const WebSocketRequest& request, std::stop_token stop) {
  for (const auto& [name, value] : request.headers) {
    if ((name + value).find_first_of("\r\n") != std::string::npos)
      return base::Fail(ErrorCode::kInvalid, "the header {} holds a line break", base::Quoted(name));
  }
  TIDEMILL_ASSIGN(auto socket, CurlSocket::Connect(request.url, request.connect_timeout, stop));
  auto opened = std::make_unique<Opened>(std::move(socket), request);
  TIDEMILL_CHECK(opened->Greet(request, stop));
  return opened;
}

}  // namespace tidemill::http
