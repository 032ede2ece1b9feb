// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "answer.h"
#include "call.h"

// Where flows keep their results if they do not say: a block that clients ask for when they begin.
namespace tidemill::orchestrator {

Outcome<Answer> GetDefaultStorage(Call& call);
Outcome<Answer> PutDefaultStorage(Call& call);
Outcome<Answer> DeleteDefaultStorage(Call& call);

}  // namespace tidemill::orchestrator
