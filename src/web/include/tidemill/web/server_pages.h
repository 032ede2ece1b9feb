// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "tidemill/http/message.h"

namespace tidemill::web {

// Answers for the pages of the orchestration server: / and the pages below it, one document whose script reads the
// address, and what it loads. They hold no data: their scripts ask /api. Nothing for any other path, and for methods
// other than GET and HEAD. Thread-safe.
std::optional<http::Response> HandleServerPage(const http::Request& request);

}  // namespace tidemill::web
