// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "call.h"

// Addresses that other programs post to. What they send becomes the event tidemill.hook.received of the resource
// tidemill.hook.<name>, with the body as its payload. Who knows the address may post: it is the password.
namespace tidemill::orchestrator {

// True for a post to a hook, which needs no other password.
bool IsHookPath(std::string_view method, std::string_view path);

Outcome<Answer> CreateHook(Call& call);
Outcome<Answer> ListHooks(Call& call);
Outcome<Answer> DeleteHook(Call& call);
Outcome<Answer> TakeHook(Call& call);

}  // namespace tidemill::orchestrator
