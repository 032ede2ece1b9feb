// SPDX-License-Identifier: Apache-2.0

#include "tidemill/base/json_writer.h"

#include "deployments.h"
#include "instant.h"
#include "schedule.h"

namespace tidemill::orchestrator {

Outcome<Answer> ListInstants(Call& call) {
  constexpr std::int64_t kMost = 1000;
  Members members(call.body);
  const json::object* sent = members.Object("schedule");
  const base::Time from = members.Instant("from").value_or(call.now);
  const std::int64_t count = members.Int("count").value_or(10);
  TIDEMILL_CHECK(members.Check());
  if (sent == nullptr) return RefuseMember("schedule", "an object was expected");
  if (count < 0 || count > kMost) return RefuseMember("count", "a number from 0 to 1000 was expected");
  json::object copy = *sent;
  TIDEMILL_ASSIGN(const auto schedule, ParseSchedule(copy, from));
  base::JsonWriter json;
  json.BeginArray();
  for (const base::Time at : schedule->Next(from, static_cast<std::size_t>(count))) json.String(InstantText(at));
  return Answer{.status = 200, .body = json.EndArray().Take()};
}

}  // namespace tidemill::orchestrator
