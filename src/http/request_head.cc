// SPDX-License-Identifier: Apache-2.0
#include "request_head.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "field_text.h"

namespace tidemill::http {
namespace {

constexpr std::string_view kTokenMarks = "!#$%&'*+-.^_`|~";

constexpr std::array<bool, 256> MakeTokenTable() {
  std::array<bool, 256> table{};
  for (unsigned c = '0'; c <= '9'; ++c) table[c] = true;
  for (unsigned c = 'a'; c <= 'z'; ++c) table[c] = true;
  for (unsigned c = 'A'; c <= 'Z'; ++c) table[c] = true;
  for (const char c : kTokenMarks) table[static_cast<unsigned char>(c)] = true;
  return table;
}
constexpr std::array<bool, 256> kToken = MakeTokenTable();

bool IsToken(std::string_view text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return kToken[static_cast<unsigned char>(c)]; });
}

bool IsTokenList(std::string_view list) {
  while (!list.empty()) {
    const std::size_t comma = std::min(list.find(','), list.size());
    const std::string_view item = TrimBlanks(list.substr(0, comma));
    if (!item.empty() && !IsToken(item)) return false;
    list.remove_prefix(std::min(comma + 1, list.size()));
  }
  return true;
}

bool IsVisible(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c > 0x20 && c < 0x7F; });
}

// Visible, blank, tab, or a byte above ASCII.
bool IsFieldText(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte >= 0x20 && byte != 0x7F) || byte == '\t';
  });
}

constexpr std::array<bool, 256> MakeHostTable() {
  std::array<bool, 256> table = MakeTokenTable();
  for (const char c : std::string_view("#^`|")) table[static_cast<unsigned char>(c)] = false;
  for (const char c : std::string_view("(),;=")) table[static_cast<unsigned char>(c)] = true;
  return table;
}
constexpr std::array<bool, 256> kHostText = MakeHostTable();

// uri-host [ ":" port ] of RFC 3986; an empty one is a target's that names no host.
bool IsHost(std::string_view value) {
  const std::size_t bracket = value.starts_with('[') ? value.find(']') : 0;
  if (bracket == std::string_view::npos) return false;
  const std::size_t colon = std::min(value.find(':', bracket), value.size());
  const std::string_view port = value.substr(std::min(colon + 1, value.size()));
  if (port.find_first_not_of("0123456789") != std::string_view::npos) return false;
  if (bracket > 0) {
    const std::string_view address = value.substr(1, bracket - 1);
    return bracket + 1 == colon && address.find_first_not_of("0123456789abcdefABCDEF:.v") == std::string_view::npos;
  }
  const std::string_view name = value.substr(0, colon);
  return std::all_of(name.begin(), name.end(), [](char c) { return kHostText[static_cast<unsigned char>(c)]; });
}

Refusal Bad(std::string_view why) {
  return {400, why};
}

// "/path?query", "http://host/path?query", "*"; CONNECT's "host:port" is left for the handler to refuse.
Refusal ReadTarget(Request& request) {
  std::string_view rest = request.target;
  if (rest.front() != '/') {
    if (request.method == (rest == "*" ? "OPTIONS" : "CONNECT")) {
      request.path = rest;
      return {};
    }
    if (!StartsWithNoCase(rest, "http://") && !StartsWithNoCase(rest, "https://"))
      return Bad("the target must begin with '/'");
    rest.remove_prefix(rest.find("//") + 2);
    const std::size_t path = rest.find_first_of("/?");
    if (path == 0 || rest.empty()) return Bad("the target names no host");
    rest = path == std::string_view::npos ? "/" : rest.substr(path);
  }
  if (rest.find('#') != std::string_view::npos) return Bad("the target holds a '#'");
  const std::size_t mark = rest.find('?');
  request.path = mark == 0 ? "/" : rest.substr(0, mark);
  request.query = mark == std::string_view::npos ? std::string_view{} : rest.substr(mark + 1);
  return {};
}

Refusal ReadRequestLine(std::string_view line, Request& request, Framing& framing) {
  const std::size_t first = line.find(' ');
  const std::size_t last = line.rfind(' ');
  if (first == std::string_view::npos || first == last)
    return Bad("a request line has a method, a target and a version");
  request.method = line.substr(0, first);
  request.target = line.substr(first + 1, last - first - 1);
  const std::string_view version = line.substr(last + 1);
  if (!IsToken(request.method)) return Bad("the method is no token");
  if (request.target.empty() || !IsVisible(request.target)) return Bad("the target holds a byte that must be escaped");
  const bool shaped = version.size() == 8 && version.substr(0, 5) == "HTTP/" && version[6] == '.' &&
                      version[5] >= '0' && version[5] <= '9' && version[7] >= '0' && version[7] <= '9';
  if (!shaped) return Bad("the version is no HTTP version");
  if (version[5] != '1') return {505, "this server speaks HTTP/1.1"};
  framing.http10 = version[7] == '0';
  return ReadTarget(request);
}

Refusal ReadField(std::string_view line, Request& request) {
  if (line.front() == ' ' || line.front() == '\t') return Bad("a header field is folded over two lines");
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos) return Bad("a header field has no ':'");
  const std::string_view name = line.substr(0, colon);
  if (!IsToken(name)) return Bad("a header field's name is no token");
  if (!IsFieldText(line.substr(colon + 1))) return Bad("a header field holds a control character");
  request.fields.push_back({name, TrimBlanks(line.substr(colon + 1))});
  return {};
}

// How a body is coded, over all fields that say so: chunked is understood, alone (RFC 9112 6.1 and 6.3).
Refusal ReadCodings(std::string_view list, Framing& framing) {
  if (!IsTokenList(list)) return Bad("Transfer-Encoding is no list of tokens");
  while (!list.empty()) {
    const std::size_t comma = std::min(list.find(','), list.size());
    const std::string_view coding = TrimBlanks(list.substr(0, comma));
    list.remove_prefix(std::min(comma + 1, list.size()));
    if (coding.empty()) continue;
    if (framing.chunked) return Bad("chunked is not the last transfer coding");
    if (!EqualNoCase(coding, "chunked")) return {501, "of transfer codings only chunked is understood"};
    framing.chunked = true;
  }
  return framing.chunked ? Refusal{} : Bad("Transfer-Encoding names no coding");
}

// What the fields say of the message around them. Ambiguity is what request smuggling lives on, so it is refused.
Refusal ReadFraming(const Request& request, Framing& framing) {
  int hosts = 0;
  int lengths = 0;
  framing.keep_alive = !framing.http10;
  for (const Field& field : request.fields) {
    if (EqualNoCase(field.name, "host")) {
      ++hosts;
      if (!IsHost(field.value)) return Bad("Host is no host with a port");
    } else if (EqualNoCase(field.name, "content-length")) {
      ++lengths;
      const bool digits = !field.value.empty() && field.value.find_first_not_of("0123456789") == std::string_view::npos;
      if (!digits || field.value.size() > 18) return Bad("Content-Length is no number");
      for (const char digit : field.value)
        framing.body_bytes = framing.body_bytes * 10 + static_cast<unsigned>(digit - '0');
      framing.has_body = framing.has_body || framing.body_bytes > 0;
    } else if (EqualNoCase(field.name, "transfer-encoding")) {
      if (const Refusal refusal = ReadCodings(field.value, framing); refusal.status != 0) return refusal;
    } else if (EqualNoCase(field.name, "expect")) {
      framing.expects_continue = EqualNoCase(field.value, "100-continue");
    } else if (EqualNoCase(field.name, "connection")) {
      if (!IsTokenList(field.value)) return Bad("Connection is no list of tokens");
      if (ListHas(field.value, "close")) framing.keep_alive = false;
      if (framing.http10 && ListHas(field.value, "keep-alive")) framing.keep_alive = true;
    }
  }
  if (hosts > 1 || (hosts == 0 && !framing.http10)) return Bad("one Host field is needed");
  if (lengths > 1) return Bad("Content-Length stands twice");
  if (framing.chunked && (lengths > 0 || framing.http10))
    return Bad("Transfer-Encoding beside Content-Length or in HTTP/1.0");
  framing.has_body = framing.has_body || framing.chunked;
  return {};
}

}  // namespace

Refusal FindHeadEnd(std::string_view bytes, const HeadLimits& limits, HeadScan& scan, std::size_t& end) {
  end = 0;
  while (scan.at < bytes.size()) {
    const void* found = std::memchr(bytes.data() + scan.at, '\n', bytes.size() - scan.at);
    if (found == nullptr) {
      scan.at = bytes.size();
      break;
    }
    const auto newline = static_cast<std::size_t>(static_cast<const char*>(found) - bytes.data());
    if (newline == 0 || bytes[newline - 1] != '\r') return Bad("a line ends without CR");
    scan.at = newline + 1;
    if (scan.first_line == 0) {
      scan.first_line = scan.at;
      if (scan.first_line > limits.line_bytes) return {414, "the request line is too long"};
    } else if (scan.at - scan.line_start == 2) {
      end = scan.at;
    }
    scan.line_start = scan.at;
    if (end != 0) break;
  }
  if (scan.first_line == 0 && bytes.size() > limits.line_bytes) return {414, "the request line is too long"};
  const std::size_t fields = (end != 0 ? end : bytes.size()) - scan.first_line;
  if (scan.first_line != 0 && fields > limits.head_bytes) return {431, "the header fields are too large"};
  return {};
}

Refusal ReadHead(std::string_view head, const HeadLimits& limits, Request& request, Framing& framing) {
  request.method = request.target = request.path = request.query = request.body = {};
  request.fields.clear();
  framing = {};
  bool first = true;
  while (true) {
    const std::size_t newline = head.find('\n');
    if (newline == std::string_view::npos || newline == 0) return Bad("the head is cut short");
    const std::string_view line = head.substr(0, newline - 1);
    head.remove_prefix(newline + 1);
    if (line.empty() && !first) break;
    if (line.find('\r') != std::string_view::npos) return Bad("a CR stands alone");
    if (!first && request.fields.size() == limits.fields) return {431, "there are too many header fields"};
    const Refusal refusal = first ? ReadRequestLine(line, request, framing) : ReadField(line, request);
    if (refusal.status != 0) return refusal;
    first = false;
  }
  return ReadFraming(request, framing);
}

}  // namespace tidemill::http
