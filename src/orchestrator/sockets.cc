// SPDX-License-Identifier: Apache-2.0
#include "sockets.h"

#include <chrono>
#include <utility>
#include <vector>

#include "tidemill/http/web_socket.h"

#include "body.h"
#include "event_filter.h"
#include "events.h"
#include "gate.h"
#include "instant.h"
#include "logs.h"
#include "searchables.h"

namespace tidemill::orchestrator {
namespace {

constexpr std::uint16_t kProtocolViolated = 1002;
constexpr std::uint16_t kPolicyViolated = 1008;
constexpr std::uint16_t kTryLater = 1013;
constexpr std::chrono::minutes kMostBackfill{15};

// The handshake that all of them begin with where the client speaks the subprotocol: {"type":"auth","token":…}.
class Listener : public http::WebSocketListener {
 public:
  Listener(const SocketNeeds& needs, bool greets) : needs_(needs), knows_(!greets) {}

  void OnOpen(std::shared_ptr<http::WebSocket> socket) override { socket_ = std::move(socket); }
  void OnTexts(std::vector<std::string> texts) override {
    std::vector<json::value> messages;
    for (const std::string& text : texts) {
      auto message = ParseBody(text);
      if (!message || !message->is_object()) return Refuse("a message is no JSON object");
      if (std::exchange(knows_, true)) {
        messages.push_back(*std::move(message));
      } else if (!Greet(message->get_object())) {
        return;
      }
    }
    if (!messages.empty()) Take(messages);
  }

 protected:
  virtual void Take(const std::vector<json::value>& messages) = 0;
  void Refuse(std::string_view why, std::uint16_t code = kPolicyViolated) { socket_->Close(code, why); }
  const SocketNeeds& needs() const { return needs_; }
  const std::shared_ptr<http::WebSocket>& socket() const { return socket_; }

 private:
  bool Greet(const json::object& message) {
    const std::string token = TextMember(message, "token").value_or("");
    if (TextMember(message, "type") != "auth") {
      Refuse("Expected 'auth' message");
      return false;
    }
    if (!needs_.auth_string.empty() && !SameText(token, needs_.auth_string)) {
      Refuse(token.empty() ? "Auth required but no token provided" : "Invalid token");
      return false;
    }
    return socket_->Send(R"({"type":"auth_success"})");
  }

  const SocketNeeds& needs_;
  bool knows_;
  std::shared_ptr<http::WebSocket> socket_;
};

// Events of clients. What is no event ends the connection, after what came before it is kept.
class EventsIn final : public Listener {
 public:
  using Listener::Listener;

 private:
  void Take(const std::vector<json::value>& messages) override {
    std::optional<std::string> fault;
    const auto stored = needs().write([&](Call& call) -> Outcome<Answer> {
      for (const json::value& message : messages) {
        const auto event = ParseEvent(message, call);
        if (!event) {
          fault = event.error().answer.body;
          break;
        }
        TIDEMILL_CHECK(StoreEvent(call, *event));
      }
      return NoContent();
    });
    if (!stored) return socket()->Close(1011, "the events could not be kept");
    if (fault) Refuse("no event: " + *fault);
  }
};

// {"type":"filter","filter":…}: told from then on.
class Out final : public Listener {
 public:
  Out(const SocketNeeds& needs, bool greets, Stream::Kind kind) : Listener(needs, greets), kind_(kind) {}

 private:
  void Take(const std::vector<json::value>& messages) override {
    for (const json::value& message : messages) {
      if (TextMember(message.get_object(), "type") != "filter")
        return Refuse("Expected 'filter' message", kProtocolViolated);
      const auto begun = Begin(message.get_object());
      if (!begun) return RefuseFilter(begun.error().answer);
    }
  }

  void RefuseFilter(const Answer& answer) {
    if (answer.status == 503) return Refuse(answer.body, kTryLater);
    Refuse("Invalid filter: " + answer.body, kProtocolViolated);
  }

  Outcome<void> Begin(const json::object& message) {
    const json::value* sent = Find(message, "filter");
    if (sent != nullptr && !sent->is_object()) return RefuseMember("filter", "an object was expected");
    const json::object& filter = sent != nullptr ? sent->get_object() : EmptyObject();
    Selection selection;
    std::optional<std::int64_t> since;
    if (kind_ == Stream::Kind::kLogLines) {
      TIDEMILL_CHECK(AddFilter(kLogs.table, filter, selection));
      TIDEMILL_CHECK(AddLogText(filter, selection));
    } else {
      TIDEMILL_CHECK(AddEventFilter(filter, selection));
      const json::value* backfill = Find(message, "backfill");
      if (backfill == nullptr || *backfill == json::value(true))
        since = Micros(needs().clock.Now() - kMostBackfill);  // an earlier one stands in the filter
    }
    const bool first = stream_ == nullptr;
    if (first) stream_ = std::make_shared<Stream>(kind_, socket());
    stream_->Begin(std::move(selection), since);
    if (!first) needs().streams.Wake();
    if (first && !needs().streams.Add(stream_)) return orchestrator::Refuse(503, "too many streams are open");
    return {};
  }

  const Stream::Kind kind_;
  std::shared_ptr<Stream> stream_;
};

bool IsSocketPath(std::string_view path) {
  return path == "/events/in" || path == "/events/out" || path == "/logs/out";
}

}  // namespace

bool AuthorizesLater(const http::Request& request, std::string_view path) {
  return IsSocketPath(path) && http::AsksForWebSocket(request) && http::OffersSubprotocol(request, "prefect");
}

std::optional<http::Response> OpenSocket(const http::Request& request, std::string_view path,
                                         const SocketNeeds& needs) {
  if (!IsSocketPath(path)) return std::nullopt;
  if (!http::AsksForWebSocket(request)) {
    return http::Response{.status = 426,
                          .headers = {{"Upgrade", "websocket"}, {"Content-Type", "application/json"}},
                          .body = R"({"detail":"this path is for WebSockets"})",
                          .shared = {}};
  }
  const bool greets = http::OffersSubprotocol(request, "prefect");
  std::shared_ptr<Listener> listener;
  if (path == "/events/in") {
    listener = std::make_shared<EventsIn>(needs, greets);
  } else {
    listener =
        std::make_shared<Out>(needs, greets, path == "/events/out" ? Stream::Kind::kEvents : Stream::Kind::kLogLines);
  }
  return http::OpenWebSocket(request, std::move(listener), greets ? "prefect" : "");
}

}  // namespace tidemill::orchestrator
