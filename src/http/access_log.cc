// SPDX-License-Identifier: Apache-2.0
#include "tidemill/http/access_log.h"

#include <array>
#include <chrono>
#include <string_view>

#include <fmt/format.h>

#include "tidemill/base/date.h"
#include "tidemill/base/json_writer.h"
#include "tidemill/base/text.h"

namespace tidemill::http {
namespace {

// As nginx and Apache escape: quotes, backslashes and all that is no visible ASCII.
std::string Escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c >= 0x20 && c < 0x7F && c != '"' && c != '\\') {
      out += c;
    } else {
      out += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
    }
  }
  return out.empty() ? "-" : out;
}

// "18/Apr/2024:08:31:07 +0000"
std::string CommonTime(base::Time now) {
  constexpr std::array<std::string_view, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                        "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto day = std::chrono::floor<std::chrono::days>(now);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss time(std::chrono::floor<std::chrono::seconds>(now - day));
  return fmt::format("{:02}/{}/{:04}:{:02}:{:02}:{:02} +0000", unsigned{date.day()},
                     kMonths[unsigned{date.month()} - 1], int{date.year()}, time.hours().count(),
                     time.minutes().count(), time.seconds().count());
}

std::string CommonLine(const Exchange& exchange, base::Time now) {
  const Request& request = exchange.request;
  const std::string line =
      request.method.empty() ? "-" : fmt::format("{} {} HTTP/1.1", Escaped(request.method), Escaped(request.target));
  return fmt::format("{} - - [{}] \"{}\" {} {} \"{}\" \"{}\" {}{}\n", exchange.peer.empty() ? "-" : exchange.peer,
                     CommonTime(now), line, exchange.status, exchange.body_bytes,
                     Escaped(FieldValue(request, "Referer")), Escaped(FieldValue(request, "User-Agent")),
                     exchange.duration.count(), exchange.whole ? "" : " broken-off");
}

std::string JsonLine(const Exchange& exchange, base::Time now) {
  const Request& request = exchange.request;
  // Fields may hold bytes that are no UTF-8; a line of JSON may not.
  const auto text = [](std::string_view bytes) {
    return base::IsValidUtf8(bytes) ? std::string(bytes) : Escaped(bytes);
  };
  base::JsonWriter json;
  json.BeginObject().Key("time").String(base::ToRfc3339(now));
  json.Stated("peer", exchange.peer).Stated("method", request.method).Stated("target", request.target);
  json.Key("status").Int(exchange.status).Key("bytes").Int(static_cast<std::int64_t>(exchange.body_bytes));
  json.Key("microseconds").Int(exchange.duration.count());
  json.Stated("referrer", text(FieldValue(request, "Referer")));
  json.Stated("agent", text(FieldValue(request, "User-Agent")));
  if (!exchange.whole) json.Key("broken_off").Bool(true);
  json.EndObject();
  return json.Take() + "\n";
}

}  // namespace

std::string AccessLine(AccessLog form, const Exchange& exchange, base::Time now) {
  if (form == AccessLog::kNone) return {};
  return form == AccessLog::kCommon ? CommonLine(exchange, now) : JsonLine(exchange, now);
}

}  // namespace tidemill::http
