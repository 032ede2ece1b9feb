// SPDX-License-Identifier: Apache-2.0
#include "connection.h"

#include <algorithm>
#include <cstring>
#include <exception>
#include <span>
#include <utility>

#include "answer_bytes.h"
#include "io_thread.h"
#include "web_socket_connection.h"

namespace tidemill::http {
namespace {

using Outcome = StreamSocket::Outcome;

constexpr std::size_t kFirstBuffer = std::size_t{4} << 10U;
constexpr std::size_t kKeptBuffer = std::size_t{64} << 10U;
constexpr std::size_t kMostAnswers = 64;  // gathered before a write
constexpr std::size_t kMostReadyBytes = std::size_t{256} << 10U;
constexpr std::size_t kMostDiscarded = std::size_t{1} << 20U;

HeadLimits LimitsOf(const ServerOptions& options) {
  return {options.most_line_bytes, options.most_head_bytes, options.most_fields};
}

Response PlainRefusal(int status, std::string_view detail) {
  return {.status = status,
          .headers = {{"Content-Type", "text/plain; charset=utf-8"}},
          .body = std::string(detail) + "\n",
          .shared = {}};
}

}  // namespace

Connection::Connection(StreamSocket socket, IoThread& thread) : socket_(std::move(socket)), thread_(thread) {}

void Connection::Start() {
  socket_.SetNoDelay();
  if (thread_.shared().handlers.observe) peer_ = socket_.Peer();
  Enter(Phase::kIdle, thread_.shared().options.idle_timeout);
  StartRead();
}

void Connection::OnReady(const Readiness& ready) {
  if (closed_) return;
  socket_.Tell(ready);
  if (ready.output && std::exchange(blocked_, false)) GoOn();
  if (closed_ || !ready.input) return;
  phase_ == Phase::kLinger ? Discard() : Read();
}

void Connection::Enter(Phase phase, Milliseconds timeout) {
  phase_ = phase;
  deadline_ = thread_.now() + timeout;
}

void Connection::Close() {
  if (closed_) return;
  closed_ = true;
  thread_.loop().Forget(socket_.descriptor());
  socket_.Close();
  thread_.Remove(shared_from_this());
}

void Connection::Drain() {
  if (waiting_ || writing_) {
    last_ = true;
  } else if (phase_ != Phase::kLinger) {
    Close();
  }
}

// Takes what was read apart, writes what is ready, and asks for more when both are done. Where that is more than a
// batch, the other connections have their turn in between: a client that asks without end, or takes a large answer as
// fast as it comes, holds up nobody.
void Connection::Step() {
  while (!closed_ && !writing_) {
    while (!waiting_ && !sending_pieces_ && !web_socket_ && !last_ && answers_ < kMostAnswers &&
           ready_.bytes() < kMostReadyBytes && TakeRequest()) {
    }
    if (!ready_.empty()) {
      const bool is_whole_batch = answers_ >= kMostAnswers || ready_.bytes() >= kMostReadyBytes;
      std::swap(ready_, writing_out_);
      answers_ = 0;
      window_bytes_ = 0;
      window_end_ = thread_.now() + thread_.shared().options.slow_window;
      if (!Write()) return;
      if (is_whole_batch) return GoOnLater();
      continue;
    }
    if (waiting_) return;
    if (web_socket_) return HandSocketOver();
    if (sending_pieces_) return AskForPiece();
    return last_ ? StartLinger() : StartRead();
  }
}

// True where a request was taken; then its answer is ready, or a worker has it.
bool Connection::TakeRequest() {
  Refusal refusal;
  if (!TakeHead(refusal)) {
    if (refusal.status == 0) return false;
    request_ = {};
    Refuse(refusal);
    return false;
  }
  if (thread_.shared().handlers.observe) request_began_ = std::chrono::steady_clock::now();
  const std::string_view method = request_.method;
  if (framing_.has_body && (method == "GET" || method == "HEAD" || method == "OPTIONS")) {
    Refuse({413, "a request with this method takes no body"});
    return false;
  }
  last_ = !framing_.keep_alive || (framing_.has_body && !ReadsBody()) || thread_.draining();
  phase_ = Phase::kAnswer;
  const auto& fast = thread_.shared().handlers.fast;
  Prepared prepared;
  if (!fast || framing_.has_body || !fast(request_, prepared)) {
    HandOver();
    return true;
  }
  WritePrepared(ready_, prepared, {thread_.HttpDate(), IsHeadRequest(), last_, framing_.http10});
  ++answers_;
  is_prepared_ = true;
  Observe(prepared.status, IsHeadRequest() ? 0 : prepared.body.size());
  is_prepared_ = false;
  return true;
}

bool Connection::TakeHead(Refusal& refusal) {
  const auto skip = [this] { return end_ - begin_ >= 2 && std::memcmp(input_.data() + begin_, "\r\n", 2) == 0; };
  while (head_size_ == 0 && scan_.at == 0 && skip()) begin_ += 2;
  const std::string_view bytes(input_.data() + begin_, end_ - begin_);
  const HeadLimits limits = LimitsOf(thread_.shared().options);
  std::size_t size = head_size_;
  if (size == 0) {
    refusal = FindHeadEnd(bytes, limits, scan_, size);
    if (refusal.status != 0 || size == 0) return false;
  }
  refusal = ReadHead(bytes.substr(0, size), limits, request_, framing_);
  if (refusal.status != 0) return false;
  if (framing_.has_body && ReadsBody() && !TakeBody(size, refusal)) return false;
  begin_ += size + request_.body.size();
  head_size_ = 0;
  scan_ = {};
  return true;
}

bool Connection::ReadsBody() const {
  const std::string_view method = request_.method;
  return thread_.shared().options.most_body_bytes > 0 && method != "GET" && method != "HEAD" && method != "OPTIONS";
}

// True where the whole body lies in the buffer. Until then the head stays before it and is read again each time: the
// buffer moves when it grows.
bool Connection::TakeBody(std::size_t head_size, Refusal& refusal) {
  const ServerOptions& options = thread_.shared().options;
  if (framing_.chunked) refusal = {411, "a body needs a Content-Length"};
  if (framing_.body_bytes > options.most_body_bytes) refusal = {413, "the body is too large"};
  if (refusal.status != 0) return false;
  const std::size_t size = framing_.body_bytes;
  if (end_ - begin_ - head_size >= size) {
    request_.body = std::string_view(input_.data() + begin_ + head_size, size);
    return true;
  }
  if (head_size_ == 0) {
    head_size_ = head_size;
    Enter(Phase::kHead, options.body_timeout);
    if (framing_.expects_continue) ready_.Append("HTTP/1.1 100 Continue\r\n\r\n");
  }
  return false;
}

void Connection::HandOver() {
  waiting_ = true;
  const std::uint64_t number = ++answer_number_;
  Enter(Phase::kAnswer, thread_.shared().options.answer_timeout);
  const bool taken = thread_.shared().pool.TryPost([self = shared_from_this(), number] {
    self->thread_.loop().Post(
        [self, number, response = self->RunHandler()]() mutable { self->OnAnswer(number, std::move(response)); });
  });
  if (taken) return;
  waiting_ = false;
  Refuse({503, "too many requests are waiting"});
}

// On a worker. The request's bytes stay as they are while an answer is awaited.
Response Connection::RunHandler() const {
  const ServerHandlers& handlers = thread_.shared().handlers;
  try {
    return handlers.handle(request_);
  } catch (const std::exception&) {
    return handlers.refuse ? handlers.refuse(500, "the request failed") : PlainRefusal(500, "the request failed");
  }
}

void Connection::OnAnswer(std::uint64_t number, Response response) {
  if (closed_ || !waiting_ || number != answer_number_) return;  // closed, or answered for it with 504
  waiting_ = false;
  last_ = last_ || thread_.draining();
  const bool in_pieces = response.next_piece != nullptr;
  sending_pieces_ = in_pieces && !IsHeadRequest() && !HasNoBody(response.status);
  if (sending_pieces_) {
    last_ = last_ || framing_.http10;
    next_piece_ = std::move(response.next_piece);
    piece_bytes_ = 0;
  }
  status_ = response.status;
  web_socket_ = std::move(response.web_socket);
  const std::size_t bytes = WriteResponse(ready_, std::move(response),
                                          {thread_.HttpDate(), IsHeadRequest(), last_, framing_.http10, in_pieces});
  ++answers_;
  if (!sending_pieces_) Observe(status_, bytes);
  Step();
}

// What came behind the request is the WebSocket's first input.
void Connection::HandSocketOver() {
  const std::string_view rest(input_.data() + begin_, end_ - begin_);
  auto socket = std::make_shared<WebSocketConnection>(std::move(socket_), thread_, std::move(web_socket_), rest);
  closed_ = true;
  thread_.Replace(shared_from_this(), std::move(socket));
}

// Answers in the server's own name. What follows on the connection cannot be trusted, so this is the last answer.
void Connection::Refuse(const Refusal& refusal) {
  const auto& page = thread_.shared().handlers.refuse;
  Response response = page ? page(refusal.status, refusal.why) : PlainRefusal(refusal.status, refusal.why);
  if (refusal.status == 503) response.headers.emplace_back("Retry-After", "1");
  last_ = true;
  const int status = response.status;
  Observe(status, WriteResponse(ready_, std::move(response), {thread_.HttpDate(), false, true, false}));
  ++answers_;
}

void Connection::StartRead() {
  if (reading_ || closed_) return;
  const ServerOptions& options = thread_.shared().options;
  if (begin_ == end_) {
    begin_ = end_ = 0;
    if (input_.size() > kKeptBuffer) std::string(kFirstBuffer, '\0').swap(input_);
    Enter(Phase::kIdle, options.idle_timeout);
  } else if (phase_ != Phase::kHead) {
    Enter(Phase::kHead, options.head_timeout);
  }
  if (begin_ > 0) {
    std::memmove(input_.data(), input_.data() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
  }
  // The limits refuse a head before the buffer grows past them.
  if (end_ == input_.size()) input_.resize(std::max(kFirstBuffer, input_.size() * 2));
  reading_ = true;
  // A client that sends without end lets the others have their turn.
  if (socket_.may_read()) thread_.loop().Post([self = shared_from_this()] { self->Read(); });
}

void Connection::Read() {
  if (closed_ || !reading_ || !socket_.may_read()) return;
  std::size_t count = 0;
  const Outcome outcome = socket_.Read(std::span(input_).subspan(end_), count);
  if (outcome == Outcome::kBlocked) return;
  if (outcome == Outcome::kClosed) return Close();
  reading_ = false;
  end_ += count;
  Step();
}

// After the last answer the client's remaining bytes are read for a while: closing on them would reset the connection
// and could destroy the answer on its way.
void Connection::StartLinger() {
  if (phase_ == Phase::kLinger) return;
  socket_.EndOutput();
  Enter(Phase::kLinger, thread_.shared().options.linger);
  Discard();
}

void Connection::Discard() {
  while (socket_.may_read()) {
    std::size_t count = 0;
    const Outcome outcome = socket_.Read(thread_.scratch(), count);
    discarded_ += count;
    if (outcome == Outcome::kClosed || discarded_ > kMostDiscarded) return Close();
  }
}

void Connection::CheckTime() {
  const Milliseconds now = thread_.now();
  if (writing_) {
    if (now < window_end_) return;
    if (window_bytes_ < thread_.shared().options.slow_bytes) return sending_pieces_ ? Abort() : Close();
    window_bytes_ = 0;
    window_end_ = now + thread_.shared().options.slow_window;
    return;
  }
  if (now < deadline_) return;
  if (phase_ == Phase::kIdle || phase_ == Phase::kLinger) return Close();
  if (phase_ == Phase::kHead && !reading_) return;
  if (phase_ == Phase::kAnswer && !waiting_) return;
  if (sending_pieces_) return Abort();
  waiting_ = false;
  if (phase_ == Phase::kHead) request_ = {};
  Refuse(phase_ == Phase::kHead ? Refusal{408, "the request's head did not come in time"}
                                : Refusal{504, "the answer took too long"});
  Step();
}

}  // namespace tidemill::http
