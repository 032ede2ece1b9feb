// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "tidemill/flow/observer.h"
#include "tidemill/prefect/json.h"

// The types of the engine as the wire has them.
namespace tidemill::prefect {

// {"type": …, "name": …, "message": …, "state_details": {…}}
json::object StateJson(const flow::State& state, json::object details = {});
std::optional<flow::StateType> ParseStateType(std::string_view text);
// The state of a run or of a set_state answer; Pending where there is none.
flow::State StateOf(const json::value& state);
// What set_state answered: {"state", "status", "details"}.
base::Result<flow::Answer> AnswerOf(const json::value& result, base::Time now);

// {"name", "level", "message", "timestamp", "flow_run_id", "task_run_id"}; long texts are cut, and say so.
json::object LogJson(const flow::LogRecord& record, const std::string& flow_run_id, const std::string& task_run_id);

}  // namespace tidemill::prefect
