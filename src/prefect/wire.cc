// SPDX-License-Identifier: Apache-2.0
#include "tidemill/prefect/wire.h"

#include <algorithm>
#include <array>

#include "tidemill/base/instant.h"

namespace tidemill::prefect {
namespace {

using flow::Answer;
using flow::StateType;

constexpr std::array kTypes{StateType::kScheduled, StateType::kPending, StateType::kRunning,
                            StateType::kCompleted, StateType::kFailed,  StateType::kCancelled,
                            StateType::kCrashed,   StateType::kPaused,  StateType::kCancelling};
constexpr std::size_t kLongestLine = 24'000;  // Cloud takes 25 kB

std::string Cut(const std::string& text) {
  if (text.size() <= kLongestLine) return text;
  std::size_t end = kLongestLine;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  return fmt::format("{}… ({} bytes more)", text.substr(0, end), text.size() - end);
}

}  // namespace

json::object StateJson(const flow::State& state, json::object details) {
  json::object out{{"type", std::string(flow::ToText(state.type))}, {"name", state.name}};
  out["message"] = TextOrNull(state.message);
  out["state_details"] = std::move(details);
  out["data"] = nullptr;
  return out;
}

std::optional<StateType> ParseStateType(std::string_view text) {
  const auto* found =
      std::find_if(kTypes.begin(), kTypes.end(), [&](StateType type) { return flow::ToText(type) == text; });
  return found != kTypes.end() ? std::optional(*found) : std::nullopt;
}

flow::State StateOf(const json::value& state) {
  flow::State out;
  out.type = ParseStateType(TextIn(state, "type")).value_or(StateType::kPending);
  out.name = TextIn(state, "name");
  if (out.name.empty()) out.name = "Pending";
  out.message = TextIn(state, "message");
  out.timestamp = base::ParseInstant(TextIn(state, "timestamp")).value_or(base::Time{});
  return out;
}

base::Result<Answer> AnswerOf(const json::value& result, base::Time now) {
  const std::string status = TextIn(result, "status");
  const json::value* state = Find(result, "state");
  Answer answer;
  if (state != nullptr) answer.state = StateOf(*state);
  answer.reason = TextIn(result, "details.reason");
  if (status == "ACCEPT") {
    answer.kind = Answer::Kind::kAccept;
  } else if (status == "REJECT") {
    answer.kind = Answer::Kind::kReject;
    const auto due = base::ParseInstant(state != nullptr ? TextIn(*state, "state_details.scheduled_time") : "");
    if (due && *due > now) answer.delay = std::chrono::ceil<std::chrono::milliseconds>(*due - now);
  } else if (status == "WAIT") {
    answer.kind = Answer::Kind::kWait;
    const json::value* delay = Find(result, "details.delay_seconds");
    const double seconds = delay != nullptr && delay->is_number() ? delay->to_number<double>() : 1.0;
    answer.delay = std::chrono::milliseconds(static_cast<std::int64_t>(std::clamp(seconds, 0.1, 86'400.0) * 1000));
  } else if (status == "ABORT") {
    answer.kind = Answer::Kind::kAbort;
  } else {
    return base::Fail(base::ErrorCode::kMalformed,
                      "set_state answered status {}: expected ACCEPT, REJECT, WAIT or ABORT", base::Quoted(status));
  }
  return answer;
}

json::object LogJson(const flow::LogRecord& record, const std::string& flow_run_id, const std::string& task_run_id) {
  json::object out{{"name", task_run_id.empty() ? "prefect.flow_runs" : "prefect.task_runs"},
                   {"level", static_cast<int>(record.level)},
                   {"message", Cut(record.text)},
                   {"timestamp", base::InstantText(record.time)}};
  out["flow_run_id"] = TextOrNull(flow_run_id);
  out["task_run_id"] = TextOrNull(task_run_id);
  return out;
}

}  // namespace tidemill::prefect
