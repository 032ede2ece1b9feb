// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "tidemill/http/message.h"

#include "output.h"

namespace tidemill::http {

// What the connection, not the handler, knows of an answer.
struct AnswerFraming {
  std::string_view date;   // "Thu, 18 Apr 2024 08:31:07 GMT"
  bool head_only = false;  // the request was HEAD
  bool close = false;      // the last answer on this connection
  bool http10 = false;     // a connection that stays open must say so
};

void WriteResponse(Output& out, Response&& response, const AnswerFraming& framing);
void WritePrepared(Output& out, const Prepared& prepared, const AnswerFraming& framing);

}  // namespace tidemill::http
