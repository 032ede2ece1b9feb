// SPDX-License-Identifier: Apache-2.0
#include "ending.h"

#include <string_view>
#include <utility>

namespace tidemill::flow {
namespace {

std::pair<StateType, std::string_view> TypeAndName(const base::Error& error, EndKind kind) {
  if (error.verdict == base::Verdict::kHeld) return {StateType::kFailed, "Held"};
  if (error.verdict == base::Verdict::kCheckFailed) return {StateType::kFailed, "CheckFailed"};
  if (error.code == base::ErrorCode::kCancelled) return {StateType::kCancelled, "Cancelled"};
  if (kind == EndKind::kThrew) return {StateType::kCrashed, "Crashed"};
  if (kind == EndKind::kTimedOut) return {StateType::kFailed, "TimedOut"};
  return {StateType::kFailed, "Failed"};
}

}  // namespace

State FinalState(const Ending& ending, base::Time now) {
  if (ending.status) return {.type = StateType::kCompleted, .name = "Completed", .timestamp = now};
  const auto [type, name] = TypeAndName(ending.status.error(), ending.kind);
  return {.type = type, .name = std::string(name), .message = ending.status.error().ToText(), .timestamp = now};
}

void CountAsCancelled(Ending& ending) {
  if (ending.status || ending.status.error().verdict != base::Verdict::kNone) return;
  if (ending.kind == EndKind::kThrew) return;
  ending.status.error().code = base::ErrorCode::kCancelled;
}

}  // namespace tidemill::flow
