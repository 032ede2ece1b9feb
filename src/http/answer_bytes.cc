// SPDX-License-Identifier: Apache-2.0
#include "answer_bytes.h"

#include <array>
#include <charconv>
#include <cstddef>
#include <string>
#include <utility>

namespace tidemill::http {
namespace {

void AppendNumber(Output& out, std::size_t number) {
  std::array<char, 20> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  out.Append({digits.data(), static_cast<std::size_t>(end - digits.data())});
}

void AppendStatusAndDate(Output& out, int status, std::string_view date) {
  if (status == 200) {
    out.Append("HTTP/1.1 200 OK\r\nDate: ");
  } else {
    out.Append("HTTP/1.1 ");
    AppendNumber(out, static_cast<std::size_t>(status));
    out.Append(" ");
    out.Append(ReasonOf(status));
    out.Append("\r\nDate: ");
  }
  out.Append(date);
  out.Append("\r\n");
}

// A value comes from the program, but may quote what a client sent: a line break in it would forge a field.
void AppendField(Output& out, std::string_view name, std::string_view value) {
  out.Append(name);
  out.Append(": ");
  if (value.find_first_of(std::string_view("\r\n\0", 3)) == std::string_view::npos) {
    out.Append(value);
  } else {
    for (const char c : value) {
      if (c != '\r' && c != '\n' && c != '\0') out.Append({&c, 1});
    }
  }
  out.Append("\r\n");
}

void AppendFraming(Output& out, int status, std::size_t length, const AnswerFraming& framing) {
  if (status == 101) return out.Append("Connection: Upgrade\r\n\r\n");
  if (framing.in_pieces && !HasNoBody(status)) {
    if (!framing.http10) out.Append("Transfer-Encoding: chunked\r\n");
  } else if (!HasNoBody(status)) {
    out.Append("Content-Length: ");
    AppendNumber(out, length);
    out.Append("\r\n");
  }
  if (framing.close) {
    out.Append("Connection: close\r\n");
  } else if (framing.http10) {
    out.Append("Connection: keep-alive\r\n");
  }
  out.Append("\r\n");
}

}  // namespace

bool HasNoBody(int status) {
  return status == 101 || status == 204 || status == 304;
}

std::size_t WriteResponse(Output& out, Response&& response, const AnswerFraming& framing) {
  AppendStatusAndDate(out, response.status, framing.date);
  for (const auto& [name, value] : response.headers) AppendField(out, name, value);
  const std::size_t length = response.body.empty() ? response.shared.bytes.size() : response.body.size();
  AppendFraming(out, response.status, length, framing);
  if (framing.head_only || framing.in_pieces || HasNoBody(response.status)) return 0;
  if (response.body.empty()) {
    out.AppendBody(std::move(response.shared));
  } else {
    out.AppendBody(std::move(response.body));
  }
  return length;
}

void WritePrepared(Output& out, const Prepared& prepared, const AnswerFraming& framing) {
  AppendStatusAndDate(out, prepared.status, framing.date);
  out.Append(prepared.fields);
  out.Append(prepared.more_fields);
  if (prepared.status != 304) out.Append(prepared.body_fields);
  AppendFraming(out, prepared.status, prepared.body.size(), framing);
  if (!framing.head_only && !HasNoBody(prepared.status)) out.AppendBody(SharedBytes{prepared.body, prepared.owner});
}

void AppendPiece(Output& out, std::string&& piece, bool http10) {
  if (!http10) {
    std::array<char, 16> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), piece.size(), 16).ptr;
    out.Append({digits.data(), static_cast<std::size_t>(end - digits.data())});
    out.Append("\r\n");
  }
  out.AppendBody(std::move(piece));
  if (!http10) out.Append("\r\n");
}

}  // namespace tidemill::http
