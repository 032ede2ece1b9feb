// SPDX-License-Identifier: Apache-2.0
#include "answer.h"

#include "tidemill/base/json_writer.h"

namespace tidemill::orchestrator {
namespace {

Answer WithMember(int status, std::string_view name, std::string_view text) {
  base::JsonWriter json;
  json.BeginObject().Key(name).String(text).EndObject();
  return {.status = status, .body = json.Take()};
}

Answer AnswerOf(const base::Error& error) {
  switch (error.code) {
    case base::ErrorCode::kConflict:
      return WithMember(409, "detail",
                        "Data integrity conflict. This usually means a unique or foreign key constraint was violated.");
    case base::ErrorCode::kUnavailable: {
      Answer answer = WithMember(503, "exception_message", error.message);
      answer.retry_after = 1;
      return answer;
    }
    default:
      return WithMember(500, "exception_message", "Internal Server Error");
  }
}

}  // namespace

Refused::Refused(const base::Error& error) : answer(AnswerOf(error)), cause(error.ToText()) {}

tl::unexpected<Refused> Refuse(int status, std::string_view detail) {
  return tl::unexpected(Refused(WithMember(status, "detail", detail)));
}

tl::unexpected<Refused> RefuseWithMessage(int status, std::string_view message) {
  return tl::unexpected(Refused(WithMember(status, "exception_message", message)));
}

tl::unexpected<Refused> RefuseMember(std::string_view member, std::string_view message) {
  base::JsonWriter json;
  json.BeginObject().Key("exception_message").String("Invalid request received.");
  json.Key("exception_detail").BeginArray().BeginObject();
  json.Key("type").String("value_error").Key("loc").BeginArray().String("body");
  if (!member.empty()) json.String(member);
  json.EndArray().Key("msg").String(message).EndObject().EndArray();
  json.Key("request_body").Null().EndObject();
  return tl::unexpected(Refused({.status = 422, .body = json.Take()}));
}

Answer NoContent() {
  return {.status = 204};
}

}  // namespace tidemill::orchestrator
