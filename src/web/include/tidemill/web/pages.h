// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "tidemill/http/message.h"

namespace tidemill::web {

// Answers for the pages that are part of the program: / (where the client does not ask for JSON), /docs, /explore,
// /explore/{dataset}, /embed/chart and what they load. Nothing for any other path, and for methods other than GET and
// HEAD. Thread-safe.
std::optional<http::Response> HandlePage(const http::Request& request);

}  // namespace tidemill::web
