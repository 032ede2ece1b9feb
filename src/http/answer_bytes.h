// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
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
  bool in_pieces = false;  // the body comes by AppendPiece; of no known length
};

// How many bytes of a body were written.
std::size_t WriteResponse(Output& out, Response&& response, const AnswerFraming& framing);
void WritePrepared(Output& out, const Prepared& prepared, const AnswerFraming& framing);
// A piece of a body that has no known length; an empty one ends it. To HTTP/1.0, which knows no chunks, the end of the
// connection is the end.
void AppendPiece(Output& out, std::string&& piece, bool http10);
bool HasNoBody(int status);

}  // namespace tidemill::http
