// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <utility>

#include "tidemill/base/result.h"
#include "tidemill/cloud/means.h"

namespace tidemill::cloud {

// An answer that is none to repeat, with any status; and whether an attempt before it may have done the work already,
// because its answer was lost.
struct Answer {
  http::ClientResponse response;
  bool doubtful = false;
};

// Sends requests to an API of a cloud: signs each attempt, and tries again what may work later (no answer, 408, 429,
// 5xx) with growing waits, as long as Retry-After asks. Thread-safe.
class Caller {
 public:
  static constexpr int kMostAttempts = 8;  // half a minute in all, where nobody asks for longer
  // Signs an attempt, by headers.
  using Sign = std::function<base::Status(http::ClientRequest& request)>;
  // Told that the signature was refused; the request is signed anew and sent once more.
  using Refused = std::function<void()>;

  Caller(Means means, Sign sign, Refused refused = {})
      : means_(std::move(means)), sign_(std::move(sign)), refused_(std::move(refused)) {}

  // `place` is what errors call the thing that is asked for, instead of its address.
  base::Result<Answer> Send(const http::ClientRequest& request, const std::string& place,
                            int most_attempts = kMostAttempts) const;
  // One attempt, for what must not be repeated.
  base::Result<http::ClientResponse> SendOnce(const http::ClientRequest& request, const std::string& place) const;
  const Means& means() const { return means_; }

 private:
  base::Result<http::ClientResponse> Attempt(http::ClientRequest request, const std::string& place) const;

  Means means_;
  Sign sign_;
  Refused refused_;
};

bool Worked(const http::ClientResponse& response);  // 2xx

// An answer that is no success as an error: what was refused, and the cloud's own words.
tl::unexpected<base::Error> FailOnAnswer(const http::ClientResponse& response, const std::string& place,
                                         std::string_view doing);

}  // namespace tidemill::cloud
