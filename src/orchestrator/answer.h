// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include <tl/expected.hpp>

#include "tidemill/base/result.h"

namespace tidemill::orchestrator {

// What a route answers: a status and JSON (or nothing).
struct Answer {
  int status = 200;
  std::string body = {};
  int retry_after = 0;  // seconds; 0: not said
};

// An answer that is none: the command's work is taken back.
struct Refused {
  Refused(Answer refused) : answer(std::move(refused)) {}  // NOLINT: meant to convert
  Refused(const base::Error& error);                       // NOLINT: a failed statement is a 500, 503 or 409
  Answer answer;
  std::string cause = {};  // of a failed statement, for whoever runs the server; the answer does not tell
};

template <class T>
using Outcome = tl::expected<T, Refused>;

// {"detail": text}, the shape of most of Prefect's refusals.
tl::unexpected<Refused> Refuse(int status, std::string_view detail);
// {"exception_message": text}, the other one.
tl::unexpected<Refused> RefuseWithMessage(int status, std::string_view message);
// 422, naming the member that is wrong and what was expected of it.
tl::unexpected<Refused> RefuseMember(std::string_view member, std::string_view message);

Answer NoContent();

}  // namespace tidemill::orchestrator
