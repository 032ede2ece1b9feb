// SPDX-License-Identifier: Apache-2.0
#include "caller.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

#include <boost/json/object.hpp>

#include "tidemill/base/text.h"

#include "json.h"
#include "xml.h"

namespace tidemill::cloud {
namespace {

using base::Duration;
using base::ErrorCode;

constexpr Duration kFirstWait = std::chrono::milliseconds(200);
constexpr Duration kLongestWait = std::chrono::seconds(10);
constexpr std::int64_t kLongestAsked = 60;  // seconds of Retry-After
constexpr int kUnauthorized = 401;
constexpr int kTooManyRequests = 429;

bool MayWorkLater(const base::Result<http::ClientResponse>& answer) {
  if (!answer) return base::TraitsOf(answer.error().code).retryable;
  constexpr std::array kStatuses = {408, kTooManyRequests, 500, 502, 503, 504};
  return std::find(kStatuses.begin(), kStatuses.end(), answer->status) != kStatuses.end();
}

// 429 says that nothing was done.
bool MayHaveWorked(const base::Result<http::ClientResponse>& answer) {
  return !answer || answer->status != kTooManyRequests;
}

Duration WaitBefore(int repeat, double chance, const base::Result<http::ClientResponse>& answer) {
  const Duration grown = std::min(kLongestWait, kFirstWait * (1 << std::min(repeat, 10)));
  const auto asked = answer ? base::ParseInt(http::HeaderValue(answer->headers, "Retry-After")) : std::nullopt;
  const Duration least = std::chrono::seconds(std::clamp<std::int64_t>(asked.value_or(0), 0, kLongestAsked));
  return std::max(least, std::chrono::duration_cast<Duration>(grown * (0.5 + chance)));
}

// What the cloud says in words: JSON of Google's, XML of S3's.
std::string WordsOf(const http::ClientResponse& response) {
  if (const auto object = ParseObject(response.body, "")) {
    const std::string nested = Text(Object(*object, "error"), "message");
    if (!nested.empty()) return nested;
    const std::string described = Text(*object, "error_description");
    return described.empty() ? Text(*object, "error") : described;
  }
  const std::string code = FirstElement(response.body, "Code").value_or("");
  const std::string message = FirstElement(response.body, "Message").value_or("");
  return code.empty() || message.empty() ? code + message : code + ": " + message;
}

ErrorCode CodeOf(int status) {
  switch (status) {
    case 400:
      return ErrorCode::kInvalid;
    case kUnauthorized:
      return ErrorCode::kUnauthenticated;
    case 403:
      return ErrorCode::kForbidden;
    case 404:
      return ErrorCode::kNotFound;
    case 409:
    case 412:
      return ErrorCode::kConflict;
    case 413:
      return ErrorCode::kTooLarge;
    default:
      return ErrorCode::kUnavailable;
  }
}

}  // namespace

base::Result<http::ClientResponse> Caller::Attempt(http::ClientRequest request, const std::string& place) const {
  TIDEMILL_CHECK(sign_(request));
  auto answer = means_.client->Send(request, means_.stop);
  if (answer) return answer;
  base::Error error = std::move(answer).error();
  error.place = place;  // the address may hold what is secret
  return tl::unexpected(std::move(error));
}

base::Result<http::ClientResponse> Caller::SendOnce(const http::ClientRequest& request,
                                                    const std::string& place) const {
  auto answer = Attempt(request, place);
  if (!answer || answer->status != kUnauthorized || !refused_) return answer;
  refused_();
  return Attempt(request, place);
}

base::Result<Answer> Caller::Send(const http::ClientRequest& request, const std::string& place,
                                  int most_attempts) const {
  bool doubtful = false;
  for (int repeat = 0;; ++repeat) {
    auto answer = SendOnce(request, place);
    const bool again = MayWorkLater(answer) && repeat + 1 < most_attempts;
    if (!again) {
      if (!answer) return tl::unexpected(std::move(answer).error());
      return Answer{.response = *std::move(answer), .doubtful = doubtful};
    }
    doubtful = doubtful || MayHaveWorked(answer);
    if (!means_.clock->SleepFor(WaitBefore(repeat, means_.chance(), answer), means_.stop)) {
      return base::FailAt(ErrorCode::kCancelled, place, "cancelled");
    }
  }
}

bool Worked(const http::ClientResponse& response) {
  return response.status / 100 == 2;
}

tl::unexpected<base::Error> FailOnAnswer(const http::ClientResponse& response, const std::string& place,
                                         std::string_view doing) {
  constexpr std::size_t kMostWords = 300;
  std::string words = base::CollapseSpace(WordsOf(response));
  if (words.size() > kMostWords) words = words.substr(0, kMostWords) + "…";
  return base::FailAt(CodeOf(response.status), place, "cannot {}: answered {}{}{}", doing, response.status,
                      words.empty() ? "" : ", ", words);
}

}  // namespace tidemill::cloud
