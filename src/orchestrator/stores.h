// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "call.h"

// What flows keep beside their runs: variables, artifacts.
namespace tidemill::orchestrator {

Outcome<Answer> CreateVariable(Call& call);
Outcome<Answer> GetVariable(Call& call);
Outcome<Answer> GetVariableByName(Call& call);
Outcome<Answer> PatchVariable(Call& call);
Outcome<Answer> PatchVariableByName(Call& call);
Outcome<Answer> DeleteVariable(Call& call);
Outcome<Answer> DeleteVariableByName(Call& call);
Outcome<Answer> FilterVariables(Call& call);
Outcome<Answer> CountVariables(Call& call);

Outcome<Answer> CreateArtifact(Call& call);
Outcome<Answer> GetArtifact(Call& call);
Outcome<Answer> GetLatestArtifact(Call& call);
Outcome<Answer> PatchArtifact(Call& call);
Outcome<Answer> DeleteArtifact(Call& call);
Outcome<Answer> FilterArtifacts(Call& call);
Outcome<Answer> CountArtifacts(Call& call);
Outcome<Answer> FilterLatestArtifacts(Call& call);
Outcome<Answer> CountLatestArtifacts(Call& call);

}  // namespace tidemill::orchestrator
