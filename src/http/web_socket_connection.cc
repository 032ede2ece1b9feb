// SPDX-License-Identifier: Apache-2.0
#include "web_socket_connection.h"

#include <algorithm>
#include <cstring>
#include <exception>
#include <span>
#include <utility>

#include "io_thread.h"

namespace tidemill::http {
namespace {

using Outcome = StreamSocket::Outcome;

constexpr std::size_t kFirstBuffer = std::size_t{4} << 10U;
constexpr std::size_t kMostPending = std::size_t{1} << 20U;  // bytes of messages that wait for the listener
constexpr std::size_t kItemBytes = 64;                       // what one counts beside its text

}  // namespace

WebSocketConnection::WebSocketConnection(StreamSocket socket, IoThread& thread,
                                         std::shared_ptr<WebSocketListener> listener, std::string_view input)
    : socket_(std::move(socket)),
      thread_(thread),
      listener_(std::move(listener)),
      frames_(thread.shared().options.most_message_bytes),
      input_(input),
      input_size_(input.size()) {}

void WebSocketConnection::Start() {
  heard_ = pinged_ = thread_.now();
  Work();
  TakeFrames();
}

void WebSocketConnection::OnReady(const Readiness& ready) {
  if (closed_) return;
  socket_.Tell(ready);
  if (ready.output && std::exchange(blocked_, false)) WriteOn();
  if (ready.input) Read();
}

void WebSocketConnection::StartRead() {
  if (reading_ || ending_ || closed_ || pending_bytes_ > kMostPending) return;
  // The limit of a message refuses a frame before the buffer grows past it.
  if (input_size_ == input_.size()) input_.resize(std::max(kFirstBuffer, input_.size() * 2));
  reading_ = true;
  if (socket_.may_read()) thread_.loop().Post([self = shared_from_this()] { self->Read(); });
}

void WebSocketConnection::Read() {
  if (closed_ || !reading_ || !socket_.may_read()) return;
  std::size_t count = 0;
  const Outcome outcome = socket_.Read(std::span(input_).subspan(input_size_), count);
  if (outcome == Outcome::kBlocked) return;
  if (outcome == Outcome::kClosed) return Abandon();
  reading_ = false;
  if (ending_) return;
  input_size_ += count;
  heard_ = thread_.now();
  TakeFrames();
}

void WebSocketConnection::TakeFrames() {
  std::vector<WebSocketItem> items;
  std::size_t taken = 0;
  const WebSocketFault fault = frames_.Read(input_.data(), input_size_, taken, items);
  std::memmove(input_.data(), input_.data() + taken, input_size_ - taken);
  input_size_ -= taken;
  if (input_size_ == 0 && input_.size() > kMostPending) std::string(kFirstBuffer, '\0').swap(input_);
  for (WebSocketItem& item : items) {
    pending_bytes_ += item.bytes.size() + kItemBytes;
    pending_.push_back(std::move(item));
  }
  if (fault.code != 0) return End(fault.code, fault.why);
  Work();
  StartRead();
}

// Gives what waits to the listener, if it is free; what needs no listener is answered at once.
void WebSocketConnection::Work() {
  if (working_ || closed_ || ending_) return;
  if (opened_ && pending_.empty()) return;
  working_ = true;
  auto items = std::exchange(pending_, {});
  pending_bytes_ = 0;
  const bool first = !std::exchange(opened_, true);
  thread_.shared().pool.Post(
      [self = shared_from_this(), listener = listener_, first, items = std::move(items)]() mutable {
        bool failed = false;
        try {
          if (first) listener->OnOpen(self);
          std::vector<std::string> texts;
          for (WebSocketItem& item : items) {
            if (item.kind == WebSocketItem::Kind::kText) texts.push_back(std::move(item.bytes));
          }
          if (!texts.empty()) listener->OnTexts(std::move(texts));
        } catch (const std::exception&) {
          failed = true;
        }
        self->thread_.loop().Post([self, failed, items = std::move(items)] { self->OnWorked(items, failed); });
      });
}

void WebSocketConnection::OnWorked(const std::vector<WebSocketItem>& done, bool failed) {
  working_ = false;
  if (closed_) return;
  if (failed) return End(1011, "the server failed");
  for (const WebSocketItem& item : done) Answer(item);
  Write();
  Work();
  StartRead();
}

void WebSocketConnection::Answer(const WebSocketItem& item) {
  if (ending_) return;
  if (item.kind == WebSocketItem::Kind::kPing) AppendFrame(ready_, WebSocketItem::Kind::kPong, item.bytes);
  if (item.kind == WebSocketItem::Kind::kClose) End(item.code, {});
}

bool WebSocketConnection::Send(std::string text) {
  const std::size_t size = text.size() + kItemBytes;
  const std::lock_guard lock(open_mutex_);
  if (!is_open_) return false;
  if (queued_ + size > thread_.shared().options.most_socket_bytes) {
    thread_.loop().Post([self = shared_from_this()] { self->End(1013, "the client reads too slowly"); });
    return false;
  }
  queued_ += size;
  thread_.loop().Post([self = shared_from_this(), size, text = std::move(text)] {
    if (self->closed_ || self->ending_) return;
    AppendFrame(self->ready_, WebSocketItem::Kind::kText, text);
    self->ready_cost_ += size;
    self->Write();
  });
  return true;
}

void WebSocketConnection::Close(std::uint16_t code, std::string_view reason) {
  const std::lock_guard lock(open_mutex_);
  if (!is_open_) return;
  thread_.loop().Post([self = shared_from_this(), code, reason = std::string(reason)] { self->End(code, reason); });
}

void WebSocketConnection::End(std::uint16_t code, std::string_view reason) {
  if (ending_ || closed_) return;
  ending_ = true;
  AppendCloseFrame(ready_, code, reason);
  Write();
}

void WebSocketConnection::Write() {
  if (writing_ || closed_ || ready_.empty()) return;
  writing_ = true;
  std::swap(ready_, writing_out_);
  written_ = 0;
  writing_cost_ = std::exchange(ready_cost_, 0);
  write_began_ = thread_.now();
  WriteOn();
}

void WebSocketConnection::WriteOn() {
  while (!closed_ && written_ < writing_out_.size()) {
    const std::string_view rest = std::string_view(writing_out_).substr(written_);
    std::size_t count = 0;
    const Outcome outcome = socket_.Send({&rest, 1}, false, count);
    blocked_ = outcome == Outcome::kBlocked;
    if (blocked_) return;
    if (outcome == Outcome::kClosed) return Abandon();
    written_ += count;
  }
  writing_ = false;
  writing_out_.clear();
  queued_ -= std::exchange(writing_cost_, 0);
  if (ending_ && ready_.empty()) return Abandon();
  Write();
}

void WebSocketConnection::CheckTime() {
  const ServerOptions& options = thread_.shared().options;
  const Milliseconds now = thread_.now();
  if (writing_ && now - write_began_ >= options.slow_window) return Abandon();
  if (ending_ || working_) return;
  if (now - heard_ >= 3 * options.ping_every) return Abandon();
  if (now - heard_ < options.ping_every || now - pinged_ < options.ping_every) return;
  pinged_ = now;
  AppendFrame(ready_, WebSocketItem::Kind::kPing, "");
  Write();
}

void WebSocketConnection::Drain() {
  End(1001, "the server is stopping");
}

void WebSocketConnection::Abandon() {
  if (closed_) return;
  closed_ = true;
  {
    const std::lock_guard lock(open_mutex_);
    is_open_ = false;
  }
  thread_.loop().Forget(socket_.descriptor());
  socket_.EndOutput();
  socket_.Close();
  listener_.reset();  // it may hold us; a call that is under way has its own
  thread_.Remove(shared_from_this());
}

}  // namespace tidemill::http
