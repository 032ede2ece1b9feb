// SPDX-License-Identifier: Apache-2.0
#include "tidemill/prefect/client.h"

#include <algorithm>
#include <array>

#include "tidemill/base/signature.h"
#include "tidemill/base/text.h"
#include "tidemill/http/url.h"

namespace tidemill::prefect {
namespace {

using base::ErrorCode;
using std::chrono::milliseconds;

constexpr std::uint64_t kMostBytes = std::uint64_t{64} << 20U;
constexpr milliseconds kLongestWait{30'000};

http::Headers HeadersOf(const ApiSettings& settings) {
  http::Headers headers{{"Content-Type", "application/json"}, {"X-PREFECT-API-VERSION", "0.8.4"}};
  if (!settings.auth_string.empty()) {
    headers.emplace_back("Authorization", "Basic " + base::Base64(settings.auth_string));
  } else if (!settings.api_key.empty()) {
    headers.emplace_back("Authorization", "Bearer " + settings.api_key);
  }
  headers.insert(headers.end(), settings.headers.begin(), settings.headers.end());
  return headers;
}

ErrorCode CodeOf(int status) {
  constexpr std::array<std::pair<int, ErrorCode>, 14> kCodes{{{400, ErrorCode::kMalformed},
                                                              {401, ErrorCode::kUnauthenticated},
                                                              {403, ErrorCode::kForbidden},
                                                              {404, ErrorCode::kNotFound},
                                                              {405, ErrorCode::kUnsupported},
                                                              {408, ErrorCode::kTimeOut},
                                                              {409, ErrorCode::kConflict},
                                                              {413, ErrorCode::kTooLarge},
                                                              {422, ErrorCode::kInvalid},
                                                              {423, ErrorCode::kUnavailable},
                                                              {429, ErrorCode::kUnavailable},
                                                              {502, ErrorCode::kUnavailable},
                                                              {503, ErrorCode::kUnavailable},
                                                              {504, ErrorCode::kTimeOut}}};
  const auto* found =
      std::find_if(kCodes.begin(), kCodes.end(), [&](const auto& entry) { return entry.first == status; });
  if (found != kCodes.end()) return found->second;
  return status >= 500 ? ErrorCode::kInternal : ErrorCode::kInvalid;
}

// The server's own words, from any of the shapes that its errors have.
std::string WordsOf(const std::string& body) {
  const auto parsed = ParseJson(body, "answer");
  if (!parsed) return body.substr(0, 300);
  if (const json::value* faults = Find(*parsed, "exception_detail"); faults != nullptr && faults->is_array()) {
    std::vector<std::string> all;
    for (const json::value& fault : faults->get_array()) {
      std::string place;
      for (const json::value& part : ArrayIn(fault, "loc")) place += (place.empty() ? "" : ".") + AsText(part);
      all.push_back(place + ": " + TextIn(fault, "msg"));
    }
    return base::Join(all, "; ");
  }
  for (const std::string_view name : {"detail", "exception_message", "message"}) {
    if (std::string text = TextIn(*parsed, name); !text.empty()) return text;
  }
  return body.substr(0, 300);
}

bool MayRepeat(int status) {
  return status == 408 || status == 429 || status == 502 || status == 503;
}

// A busy stock server answers 503 for many seconds: Prefect's own clients wait 1, 2, 4, 8 and 16 s for it.
milliseconds WaitBefore(int attempt, bool answered, const http::Headers& headers) {
  const auto said = base::ParseDouble(http::HeaderValue(headers, "Retry-After"));
  if (said && *said >= 0) return std::min(kLongestWait, milliseconds(static_cast<std::int64_t>(*said * 1000)));
  return std::min(kLongestWait, milliseconds(answered ? 1000 : 500) * (1 << std::min(attempt, 6)));
}

}  // namespace

bool IsAway(const base::Error& error) {
  return error.code == ErrorCode::kUnavailable || error.code == ErrorCode::kTimeOut;
}

std::string PathPart(std::string_view text) {
  return base::PercentEncode(text);
}

Client::Client(http::HttpClient& http, ApiSettings settings, const base::Clock& clock, Waiting waiting)
    : http_(http),
      settings_(std::move(settings)),
      clock_(clock),
      headers_(HeadersOf(settings_)),
      waiting_(std::move(waiting)) {}

base::Result<json::value> Client::Get(std::string_view path, const AskOptions& options) const {
  return Ask("GET", path, nullptr, options);
}

base::Result<json::value> Client::Post(std::string_view path, const json::value& body,
                                       const AskOptions& options) const {
  return Ask("POST", path, body, options);
}

base::Result<json::value> Client::Ask(std::string_view method, std::string_view path, const json::value& body,
                                      const AskOptions& options) const {
  http::ClientRequest request;
  request.method = method;
  request.url = settings_.url + std::string(path);
  request.headers = headers_;
  if (!body.is_null()) request.body = ToText(body);
  request.most_bytes = kMostBytes;
  request.timeout = options.timeout;
  request.stall_timeout = options.timeout;
  request.connect_timeout = std::min<milliseconds>(options.timeout, milliseconds(5'000));
  for (int attempt = 0;; ++attempt) {
    auto answer = http_.Send(request, options.stop);
    const bool away = answer ? MayRepeat(answer->status) : IsAway(answer.error());
    if (away && attempt < options.repeats) {
      const milliseconds wait = WaitBefore(attempt, answer.has_value(), answer ? answer->headers : http::Headers{});
      if (waiting_) {
        waiting_(answer ? fmt::format("{} said {}", http::MaskUrl(settings_.url), answer->status)
                        : answer.error().ToText());
      }
      if (clock_.SleepFor(wait, options.stop)) continue;
      return base::Fail(ErrorCode::kCancelled, "stopped while asking {}", http::MaskUrl(settings_.url));
    }
    if (!answer) return tl::unexpected(std::move(answer).error());
    if (answer->status >= 400) {
      return base::FailAt(CodeOf(answer->status), fmt::format("{} {}", method, path), "the server said {}: {}",
                          answer->status, WordsOf(answer->body));
    }
    if (answer->body.empty()) return json::value();
    return ParseJson(answer->body, fmt::format("the answer to {} {}", method, path));
  }
}

std::string Client::PageUrl(std::string_view path) const {
  std::string url = settings_.url;
  if (url.ends_with("/api")) url.resize(url.size() - 4);
  return url + std::string(path);
}

}  // namespace tidemill::prefect
