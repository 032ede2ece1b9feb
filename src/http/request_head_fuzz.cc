// SPDX-License-Identifier: Apache-2.0
// Reads request heads whole and in pieces, and compares with Boost.Beast: what we accept, Beast must accept with the
// same method, target and fields (we refuse more than it does).
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>

#include "request_head.h"

namespace {

using tidemill::http::FindHeadEnd;
using tidemill::http::Framing;
using tidemill::http::HeadLimits;
using tidemill::http::HeadScan;
using tidemill::http::ReadHead;
using tidemill::http::Refusal;
using tidemill::http::Request;
namespace beast = boost::beast;

constexpr HeadLimits kLimits{.line_bytes = 1000, .head_bytes = 4000, .fields = 100};

void Expect(bool condition) {
  if (!condition) std::abort();
}

std::string_view ViewOf(beast::string_view text) {
  return {text.data(), text.size()};
}

void CompareWithBeast(std::string_view head, const Request& ours) {
  beast::http::request_parser<beast::http::empty_body> parser;
  parser.header_limit(8000);
  parser.eager(false);
  parser.body_limit(boost::none);
  beast::error_code error;
  parser.put(boost::asio::const_buffer(head.data(), head.size()), error);
  Expect(!error);
  Expect(parser.is_header_done());
  const auto& theirs = parser.get();
  Expect(ViewOf(theirs.method_string()) == ours.method);
  Expect(ViewOf(theirs.target()) == ours.target);
  // Beast puts fields of one name together, so the order is left aside.
  std::vector<std::pair<std::string_view, std::string_view>> our_fields;
  std::vector<std::pair<std::string_view, std::string_view>> their_fields;
  for (const auto& field : ours.fields) our_fields.emplace_back(field.name, field.value);
  for (const auto& field : theirs) their_fields.emplace_back(ViewOf(field.name_string()), ViewOf(field.value()));
  std::sort(our_fields.begin(), our_fields.end());
  std::sort(their_fields.begin(), their_fields.end());
  Expect(our_fields == their_fields);
}

// Fed a byte at a time, the search must end where it ends when fed at once.
void CompareWithPieces(std::string_view bytes, const Refusal& refusal, std::size_t end) {
  HeadScan scan;
  for (std::size_t size = 1; size <= bytes.size(); ++size) {
    std::size_t piecewise = 0;
    const Refusal early = FindHeadEnd(bytes.substr(0, size), kLimits, scan, piecewise);
    if (early.status != 0) return Expect(refusal.status != 0);
    if (piecewise != 0) return Expect(refusal.status == 0 && piecewise == end);
  }
  Expect(refusal.status == 0 && end == 0);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  HeadScan scan;
  std::size_t end = 0;
  const Refusal refusal = FindHeadEnd(bytes, kLimits, scan, end);
  if (size < 2000) CompareWithPieces(bytes, refusal, end);
  if (refusal.status != 0 || end == 0) return 0;
  Request request;
  Framing framing;
  if (ReadHead(bytes.substr(0, end), kLimits, request, framing).status == 0) {
    const char minor = bytes[bytes.find('\r') - 1];
    if (minor == '0' || minor == '1') CompareWithBeast(bytes.substr(0, end), request);  // Beast knows no other
  }
  return 0;
}
