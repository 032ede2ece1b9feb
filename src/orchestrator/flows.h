// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "call.h"

namespace tidemill::orchestrator {

Outcome<Answer> CreateFlow(Call& call);  // 201, or 200 where the name is known
Outcome<Answer> GetFlow(Call& call);
Outcome<Answer> GetFlowByName(Call& call);
Outcome<Answer> PatchFlow(Call& call);
Outcome<Answer> DeleteFlow(Call& call);
Outcome<Answer> FilterFlows(Call& call);
Outcome<Answer> CountFlows(Call& call);
Outcome<Answer> PageFlows(Call& call);

// A name of a flow, deployment or pool; 422 where it holds one of / % & > <, or nothing.
Outcome<void> CheckName(std::string_view name);

}  // namespace tidemill::orchestrator
