// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "tidemill/http/message.h"

// The head of an HTTP/1.x request, read by the letter of RFC 9112: what is ambiguous is refused.
namespace tidemill::http {

struct HeadLimits {
  std::size_t line_bytes, head_bytes, fields;
};

// Where a search for the end of a head stands; starts anew with each head.
struct HeadScan {
  std::size_t at = 0;          // looked at so far
  std::size_t line_start = 0;  // of the line being looked at
  std::size_t first_line = 0;  // bytes of the request line with its CRLF, 0 before it is whole
};

// A head that was refused: the status to answer and why.
struct Refusal {
  int status = 0;  // 0: not refused
  std::string_view why = {};
};

// Looks on for the empty line that ends a head. `end` becomes its length, or 0 while bytes are missing.
Refusal FindHeadEnd(std::string_view bytes, const HeadLimits& limits, HeadScan& scan, std::size_t& end);

// How the connection goes on.
struct Framing {
  bool http10 = false;
  bool keep_alive = true;
  bool has_body = false;
  bool chunked = false;
  bool expects_continue = false;
  std::uint64_t body_bytes = 0;  // Content-Length
};

// Reads a whole head. `request` then points into it.
Refusal ReadHead(std::string_view head, const HeadLimits& limits, Request& request, Framing& framing);

}  // namespace tidemill::http
