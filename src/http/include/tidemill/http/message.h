// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "tidemill/base/result.h"
#include "tidemill/http/headers.h"

namespace tidemill::http {

class WebSocketListener;

// A header field where it stands in the request's bytes.
struct Field {
  std::string_view name, value;
};

// A request's head; it points into the connection's buffer and lives as long as the call it is given to.
struct Request {
  std::string_view method;  // "GET"
  std::string_view target;  // as sent
  std::string_view path;    // of the target, still percent-encoded
  std::string_view query;   // what follows '?', without it
  std::vector<Field> fields;
  std::string_view body = {};  // where ServerOptions::most_body_bytes lets one in
};

// The first value of a field, or empty.
std::string_view FieldValue(const Request& request, std::string_view name);
// All values of a field as one list, joined by ", ".
std::string FieldList(const Request& request, std::string_view name);

// Bytes that `owner` keeps alive (none where they live as long as the program).
struct SharedBytes {
  std::string_view bytes;
  std::shared_ptr<const void> owner;
};

// Answers to HEAD are made as for GET: the server leaves the body away. It adds Date, Content-Length and Connection.
struct Response {
  int status = 200;
  Headers headers;
  std::string body;
  SharedBytes shared;  // the body where `body` is empty
  // The body where it is too large to lie ready: each call makes the next piece, an empty one ends it. It is called on
  // a worker, when the piece before has been written, and outlives the request. An error ends the connection without
  // the end of the body, so that what came is never taken for the whole.
  std::function<base::Result<std::string>()> next_piece = {};
  // Takes the connection over after this answer, a 101 (see OpenWebSocket).
  std::shared_ptr<WebSocketListener> web_socket = {};
};

// An answer whose bytes lie ready: written on the I/O thread without a copy of its own.
struct Prepared {
  int status = 200;
  std::string_view fields;       // whole header lines, each with its CRLF
  std::string_view more_fields;  // the same, behind them
  std::string_view body_fields;  // the same, left away from a 304
  std::string_view body;         // none for a 304
  std::shared_ptr<const void> owner;
};

// "Not Found"; "Unknown" for a number that is no registered status.
std::string_view ReasonOf(int status);

}  // namespace tidemill::http
