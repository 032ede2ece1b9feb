// SPDX-License-Identifier: Apache-2.0
#include "catch_up.h"

#include <cmath>
#include <optional>
#include <string>
#include <variant>

#include <fmt/format.h>

#include "tidemill/base/text.h"

#include "instant.h"
#include "rounds.h"
#include "runs.h"

namespace tidemill::orchestrator {
namespace {

constexpr std::int64_t kLateAfter = 15'000'000;
constexpr double kMostSeconds = 3.2e9;

// "90", "90s", "6h", "2d" or a number of seconds, in microseconds.
std::optional<std::int64_t> ReadSpan(const json::value& value) {
  double seconds = -1;
  if (value.is_number()) seconds = value.to_number<double>();
  if (value.is_string() && !value.get_string().empty()) {
    std::string_view text(value.get_string().data(), value.get_string().size());
    double unit = 1;
    if (const auto at = std::string_view("smhd").find(text.back()); at != std::string_view::npos) {
      constexpr double kUnits[] = {1, 60, 3600, 86'400};
      unit = kUnits[at];
      text.remove_suffix(1);
    }
    const auto number = base::ParseInt(text);
    if (number) seconds = static_cast<double>(*number) * unit;
  }
  if (!(seconds >= 0 && seconds <= kMostSeconds)) return std::nullopt;
  return std::llround(seconds * kMicros);
}

// Runs of schedules that are late and that nobody took, with what their deployment says of them. A run's key without
// its instant is its schedule's. A run that was due before it was made was asked for as it is: it has missed nothing.
constexpr std::string_view kPassedOver =
    "SELECT id, mode, newer FROM (SELECT r.id AS id, r.next_start AS due, coalesce(d.catch_up, 'latest') AS mode, "
    "d.max_lateness AS most, EXISTS(SELECT 1 FROM flow_run n WHERE n.deployment_id = r.deployment_id AND n.state_type "
    "= "
    "'SCHEDULED' AND n.auto_scheduled AND n.next_start > r.next_start AND n.next_start <= ?2 AND "
    "substr(n.idempotency_key, 1, length(n.idempotency_key) - 28) = substr(r.idempotency_key, 1, "
    "length(r.idempotency_key) - 28)) AS newer FROM flow_run r INDEXED BY flow_run_state JOIN deployment d ON d.id = "
    "r.deployment_id WHERE "
    "r.state_type = 'SCHEDULED' AND r.state_name IN ('Scheduled', 'Late') AND r.auto_scheduled AND "
    "coalesce(r.next_start, r.start, r.expected_start) <= ?2 AND r.next_start <= ?2 AND r.next_start >= r.created) "
    "WHERE mode = 'none' OR (mode = 'latest' AND newer) OR due + most < ?1 LIMIT ?3";

}  // namespace

Outcome<void> AddCatchUpCells(Members& members, Cells& cells) {
  const json::object* labels = members.Object("labels");
  TIDEMILL_CHECK(members.Check());
  const auto find = [&](std::string_view member, std::string_view label) {
    const json::value* found = Find(members.object(), member);
    return found == nullptr && labels != nullptr ? Find(*labels, label) : found;
  };
  if (const json::value* mode = find("catch_up", "tidemill.catch-up")) {
    const std::string text = mode->is_string() ? std::string(mode->get_string()) : std::string();
    if (text != "all" && text != "latest" && text != "none")
      return RefuseMember("catch_up", "all, latest or none was expected");
    cells.emplace_back("catch_up", text);
  }
  if (const json::value* most = find("max_lateness", "tidemill.max-lateness")) {
    const auto span = ReadSpan(*most);
    if (!span) return RefuseMember("max_lateness", "seconds or a span such as \"6h\" was expected");
    cells.emplace_back("max_lateness", *span);
  } else if (members.Has("max_lateness")) {
    cells.emplace_back("max_lateness", std::monostate{});
  }
  return {};
}

Outcome<bool> SkipLateRuns(Call& call, std::int64_t most) {
  TIDEMILL_ASSIGN(const db::Rows rows,
                  call.db.Query(kPassedOver, {Micros(call.now), Micros(call.now) - kLateAfter, most}));
  for (const db::Row& row : rows) {
    std::string why = "nobody took it within the most lateness that its deployment allows";
    if (db::TextOf(row[1]) == "none") why = "nobody took it in time, and its deployment catches up with nothing";
    if (db::TextOf(row[1]) == "latest" && db::IntOf(row[2]) != 0)
      why = "nobody took it before a later run of its schedule was due";
    TIDEMILL_ASSIGN(const auto run, LoadRun(call, RunKind::kFlow, db::TextOf(row[0])));
    State skipped = MakeState(StateType::kCancelled, "Skipped", why);
    TIDEMILL_CHECK(TakeState(call, RunKind::kFlow, *run, skipped, run->policy));
  }
  return static_cast<std::int64_t>(rows.size()) == most;
}

}  // namespace tidemill::orchestrator
