// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "tidemill/base/result.h"
#include "tidemill/etl/job.h"
#include "tidemill/etl/report.h"
#include "tidemill/flow/run.h"

// The flows of a recipe: main-flow and its three stages, each a flow of its own too;
// shared/design/orchestration.md 2.3.
namespace tidemill::etl {

enum class Stage { kMain, kExtract, kTransform, kLoad };

// "main-flow"; "get-ons-deaths-data" or "extract" …
std::string FlowName(Stage stage, const recipe::Spec& spec);

// Runs one flow to its end. The report is filled as far as the run came, also when an error comes back:
// Verdict::kCheckFailed (nothing published), Verdict::kHeld (prepared, waits for --accept), or what went wrong. When
// some editions could not be had and no copy is held, the others are published and the first such error comes back.
base::Status RunStage(Stage stage, const Job& job, const flow::Engine& engine, std::stop_token stop, Report& report);

}  // namespace tidemill::etl
