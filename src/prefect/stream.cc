// SPDX-License-Identifier: Apache-2.0
#include "tidemill/prefect/stream.h"

#include <algorithm>
#include <utility>

#include "tidemill/base/instant.h"
#include "tidemill/base/text.h"

namespace tidemill::prefect {
namespace {

using base::ErrorCode;
using base::Result;
using base::Status;
using std::chrono::milliseconds;

constexpr milliseconds kGreeting{10'000};
constexpr milliseconds kPatience{60'000};
constexpr std::size_t kMostSeen = 10'000;
constexpr int kMostFailures = 10;

std::string Token(const ApiSettings& settings) {
  return settings.auth_string.empty() ? settings.api_key : settings.auth_string;
}

// The answer to the greeting; a server that does not take the token ends the connection.
Status Greet(http::WebSocketClient& socket, const ApiSettings& settings, const std::stop_token& stop) {
  const json::object greeting{{"type", "auth"}, {"token", TextOrNull(Token(settings))}};
  TIDEMILL_CHECK(socket.Send(ToText(greeting), stop));
  TIDEMILL_ASSIGN(const auto text, socket.Receive(kGreeting, stop));
  if (!text) return base::Fail(ErrorCode::kTimeOut, "the server does not answer the greeting of a stream");
  TIDEMILL_ASSIGN(const json::value answer, ParseJson(*text, "the answer to the greeting"));
  if (TextIn(answer, "type") == "auth_success") return {};
  return base::Fail(ErrorCode::kForbidden, "the server lets nobody into its stream: {}", base::Quoted(*text));
}

bool MayWorkLater(const base::Error& error) {
  return error.code == ErrorCode::kUnavailable || error.code == ErrorCode::kTimeOut;
}

}  // namespace

Result<Stream> Stream::Open(const ApiSettings& settings, std::string_view path, const json::value& filter,
                            std::stop_token stop) {
  TIDEMILL_ASSIGN(
      auto socket,
      http::OpenWebSocketAt(
          {.url = settings.url + std::string(path), .headers = settings.headers, .subprotocol = "prefect"}, stop));
  TIDEMILL_CHECK(Greet(*socket, settings, stop));
  TIDEMILL_CHECK(socket->Send(ToText(json::object{{"type", "filter"}, {"filter", filter}}), stop));
  return Stream(std::move(socket));
}

Result<std::optional<json::value>> Stream::Next(milliseconds patience, std::stop_token stop) {
  TIDEMILL_ASSIGN(const auto text, socket_->Receive(patience, std::move(stop)));
  if (!text) return std::optional<json::value>();
  TIDEMILL_ASSIGN(const json::value message, ParseJson(*text, "a message of the stream"));
  const json::value* what = Find(message, TextIn(message, "type"));
  if (what == nullptr || !what->is_object())
    return base::Fail(ErrorCode::kInvalid, "a message of the stream is {}: expected an event or a line of a log",
                      base::Quoted(*text));
  return std::optional<json::value>(*what);
}

bool Seen::Add(const std::string& id) {
  if (!ids_.insert(id).second) return false;
  order_.push_back(id);
  if (order_.size() > kMostSeen) {
    ids_.erase(order_.front());
    order_.pop_front();
  }
  return true;
}

EventStream::EventStream(ApiSettings settings, const base::Clock& clock)
    : settings_(std::move(settings)), clock_(clock), since_(clock.Now() - std::chrono::minutes(1)) {}

Status EventStream::Open(const std::stop_token& stop) {
  const base::Time until = clock_.Now() + std::chrono::days(365);
  const json::object filter{
      {"occurred", json::object{{"since", base::InstantText(since_)}, {"until", base::InstantText(until)}}}};
  TIDEMILL_ASSIGN(stream_, Stream::Open(settings_, "/events/out", filter, stop));
  begun_ = true;
  return {};
}

// What is refused, or not there at first, is not there later.
Status EventStream::WaitToOpen(base::Error error, const std::stop_token& stop) {
  stream_.reset();
  if (!begun_ || !MayWorkLater(error) || ++failures_ > kMostFailures) return tl::unexpected(std::move(error));
  if (failures_ == 1 || clock_.SleepFor(std::chrono::seconds(1), stop)) return {};
  return base::Fail(ErrorCode::kCancelled, "stopped");
}

Result<json::value> EventStream::Next(const std::stop_token& stop) {
  for (;;) {
    if (!stream_) {
      if (auto opened = Open(stop); !opened) {
        TIDEMILL_CHECK(WaitToOpen(std::move(opened).error(), stop));
        continue;
      }
    }
    auto next = stream_->Next(kPatience, stop);
    if (!next) {
      TIDEMILL_CHECK(WaitToOpen(std::move(next).error(), stop));
      continue;
    }
    failures_ = 0;
    if (!*next || !seen_.Add(TextIn(**next, "id"))) continue;
    if (const auto occurred = base::ParseInstant(TextIn(**next, "occurred")))
      since_ = std::max(since_, *occurred - std::chrono::minutes(1));
    return **std::move(next);
  }
}

}  // namespace tidemill::prefect
