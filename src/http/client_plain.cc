// SPDX-License-Identifier: Apache-2.0
#include "client_plain.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <optional>

#include "tidemill/base/text.h"
#include "tidemill/http/url.h"

#include "answer_reader.h"
#include "client_error.h"
#include "field_text.h"

namespace tidemill::http {
namespace {

using std::chrono::steady_clock;

constexpr std::size_t kMostIdle = 4;
constexpr std::size_t kBufferBytes = std::size_t{64} * 1024;

bool IsSet(const char* name) {
  const char* const value = std::getenv(name);
  return value != nullptr && *value != '\0';
}

void AppendField(std::string& out, std::string_view name, std::string_view value) {
  out.append(name).append(": ").append(value).append("\r\n");
}

std::string HeadOf(const ClientRequest& request, const std::string& user_agent) {
  const UrlParts url = SplitUrl(request.url);
  const AuthorityParts authority = SplitAuthority(url.authority.value_or(""));
  std::string head = request.method + " ";
  head += url.path.empty() ? "/" : url.path;
  if (url.query) head.append("?").append(*url.query);
  head += " HTTP/1.1\r\n";
  const std::string host =
      authority.port.empty() || authority.port == "80" ? std::string(authority.host) : HostAndPort(request.url);
  const std::array<std::pair<std::string_view, std::string_view>, 4> usual = {
      {{"Host", host}, {"User-Agent", user_agent}, {"Accept", "*/*"}, {"Accept-Encoding", "gzip"}}};
  for (const auto& [name, value] : usual) {
    if (HeaderValue(request.headers, name).empty()) AppendField(head, name, value);
  }
  for (const auto& [name, value] : request.headers) AppendField(head, name, value);
  return head + "\r\n";
}

// One request over one connection.
class Exchange {
 public:
  Exchange(const ClientRequest& request, SteadyTime end, const StopWaker& waker)
      : request_(request), end_(end), waker_(waker), reader_(request.method == "HEAD", request.most_bytes) {}

  // Gives a failure, or nothing where the answer is whole.
  std::optional<Failure> Connect(std::unique_ptr<ClientSocket>& socket);
  std::optional<Failure> Run(ClientSocket& socket, std::string_view head);
  const AnswerReader& reader() const { return reader_; }
  ClientResponse TakeResponse() && { return std::move(reader_).TakeResponse(); }

 private:
  Failure Fail(CURLcode code, std::string detail = {}) const {
    return {.code = code,
            .connected = connected_,
            .timed_out_whole = steady_clock::now() >= end_,
            .detail = std::move(detail),
            .url = request_.url,
            .have = reader_.have()};
  }
  Failure FailAt(SocketOutcome outcome, CURLcode otherwise) const;
  std::optional<Failure> Explain(AnswerReader::Fault fault) const;

  const ClientRequest& request_;
  const SteadyTime end_;
  const StopWaker& waker_;
  AnswerReader reader_;
  bool connected_ = false;
};

Failure Exchange::FailAt(SocketOutcome outcome, CURLcode otherwise) const {
  switch (outcome) {
    case SocketOutcome::kTimedOut:
      return Fail(CURLE_OPERATION_TIMEDOUT);
    case SocketOutcome::kStopped:
      return Fail(CURLE_ABORTED_BY_CALLBACK);
    case SocketOutcome::kDone:
    case SocketOutcome::kClosed:
    case SocketOutcome::kFailed:
      break;
  }
  return Fail(otherwise);
}

std::optional<Failure> Exchange::Explain(AnswerReader::Fault fault) const {
  switch (fault) {
    case AnswerReader::Fault::kNone:
      return std::nullopt;
    case AnswerReader::Fault::kNoHttp:
      return Fail(CURLE_WEIRD_SERVER_REPLY, "the answer is no HTTP");
    case AnswerReader::Fault::kHeadTooLarge:
      return Fail(CURLE_WEIRD_SERVER_REPLY, "the headers of the answer are too large");
    case AnswerReader::Fault::kBodyTooLarge:
      return Fail(CURLE_FILESIZE_EXCEEDED);
    case AnswerReader::Fault::kBodyUnreadable:
      return Fail(CURLE_BAD_CONTENT_ENCODING, "the body of the answer cannot be decoded");
    case AnswerReader::Fault::kNothing:
      return Fail(CURLE_GOT_NOTHING);
    case AnswerReader::Fault::kBrokenOff:
      return Fail(CURLE_PARTIAL_FILE);
  }
  return std::nullopt;
}

std::optional<Failure> Exchange::Connect(std::unique_ptr<ClientSocket>& socket) {
  const SteadyTime until = std::min(end_, steady_clock::now() + request_.connect_timeout);
  const UrlParts url = SplitUrl(request_.url);
  const AuthorityParts authority = SplitAuthority(url.authority.value_or(""));
  const std::string port(authority.port.empty() ? "80" : authority.port);
  const Lookup lookup = LookUpHost(std::string(authority.host), port, until, [this] { return waker_.stopped(); });
  switch (lookup.outcome) {
    case Lookup::Outcome::kFound:
      break;
    case Lookup::Outcome::kUnknown:
      return Fail(CURLE_COULDNT_RESOLVE_HOST);
    case Lookup::Outcome::kTimedOut:
      return Fail(CURLE_OPERATION_TIMEDOUT);
    case Lookup::Outcome::kStopped:
      return Fail(CURLE_ABORTED_BY_CALLBACK);
  }
  int os_error = 0;
  const SocketOutcome outcome = ClientSocket::Connect(lookup.addresses, until, waker_, socket, os_error);
  if (outcome == SocketOutcome::kDone) return std::nullopt;
  Failure failure = FailAt(outcome, CURLE_COULDNT_CONNECT);
  failure.os_error = os_error;
  return failure;
}

std::optional<Failure> Exchange::Run(ClientSocket& socket, std::string_view head) {
  connected_ = true;
  const auto patience = [&] { return std::min(end_, steady_clock::now() + request_.stall_timeout); };
  if (const SocketOutcome sent = socket.Send(head, patience(), waker_); sent != SocketOutcome::kDone) {
    return FailAt(sent, CURLE_SEND_ERROR);
  }
  std::string buffer(kBufferBytes, '\0');
  while (!reader_.whole()) {
    std::size_t got = 0;
    const SocketOutcome received = socket.Receive(buffer, patience(), waker_, got);
    if (received == SocketOutcome::kClosed) {
      if (auto failure = Explain(reader_.End())) return failure;
      continue;
    }
    if (received != SocketOutcome::kDone) return FailAt(received, CURLE_RECV_ERROR);
    if (auto failure = Explain(reader_.Take(std::string_view(buffer).substr(0, got)))) return failure;
    if (request_.progress && reader_.have() > 0) request_.progress(reader_.have(), reader_.of());
  }
  return std::nullopt;
}

}  // namespace

bool PlainClient::CanSend(const ClientRequest& request) {
  const UrlParts url = SplitUrl(request.url);
  const bool fits = (request.method == "GET" || request.method == "HEAD") && request.body.empty() &&
                    EqualNoCase(url.scheme, "http") && SplitAuthority(url.authority.value_or("")).user_info.empty();
  // The names that libcurl goes by; it also knows which hosts need none.
  return fits && !IsSet("http_proxy") && !IsSet("all_proxy") && !IsSet("ALL_PROXY");
}

PlainClient::Socket PlainClient::TakeIdle(const std::string& host_and_port) {
  const std::lock_guard lock(mutex_);
  for (std::size_t i = idle_.size(); i-- > 0;) {
    if (idle_[i].first != host_and_port) continue;
    Socket socket = std::move(idle_[i].second);
    idle_.erase(idle_.begin() + static_cast<std::ptrdiff_t>(i));
    if (socket->IsIdle()) return socket;
  }
  return nullptr;
}

void PlainClient::KeepIdle(const std::string& host_and_port, Socket socket) {
  const std::lock_guard lock(mutex_);
  if (idle_.size() >= kMostIdle) idle_.erase(idle_.begin());
  idle_.emplace_back(host_and_port, std::move(socket));
}

base::Result<ClientResponse> PlainClient::Send(const ClientRequest& request, const ClientRequest& asked, SteadyTime end,
                                               std::stop_token stop) {
  const std::string peer = base::Lower(HostAndPort(request.url));
  const std::string head = HeadOf(request, user_agent_);
  const StopWaker waker(std::move(stop));
  for (;;) {
    Exchange exchange(request, end, waker);
    Socket socket = TakeIdle(peer);
    const bool reused = socket != nullptr;
    std::optional<Failure> failure;
    if (!reused) failure = exchange.Connect(socket);
    if (!failure) failure = exchange.Run(*socket, head);
    // The server may have closed an idle connection just now. Nothing was answered, and neither GET nor HEAD changes
    // anything, so it may be asked again.
    const bool gone = failure && (failure->code == CURLE_GOT_NOTHING || failure->code == CURLE_SEND_ERROR ||
                                  failure->code == CURLE_RECV_ERROR);
    if (reused && gone && !exchange.reader().begun()) continue;
    if (failure) return tl::unexpected(ToError(*failure, asked));
    if (exchange.reader().keeps_alive()) KeepIdle(peer, std::move(socket));
    ClientResponse response = std::move(exchange).TakeResponse();
    response.url = request.url;
    return response;
  }
}

}  // namespace tidemill::http
