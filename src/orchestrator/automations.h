// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "body.h"
#include "call.h"
#include "entity.h"

// Automations: what to do when events of a kind come. Triggers on events (a run's state, a dataset's new version, a
// hook), counted within a time where asked; actions on deployments, runs, pools, queues, and posts to a web address.
namespace tidemill::orchestrator {

Outcome<Answer> CreateAutomation(Call& call);
Outcome<Answer> GetAutomation(Call& call);
Outcome<Answer> PutAutomation(Call& call);
Outcome<Answer> PatchAutomation(Call& call);
Outcome<Answer> DeleteAutomation(Call& call);
Outcome<Answer> FilterAutomations(Call& call);
Outcome<Answer> CountAutomations(Call& call);
Outcome<Answer> ListAutomationsRelatedTo(Call& call);
Outcome<Answer> DeleteAutomationsOwnedBy(Call& call);

// Text with {{ dotted.name }} and {{ name | default('…') }} filled from `values`. Nothing else is understood, and what
// is filled in is not looked at again.
std::string FillTemplate(std::string_view text, const json::object& values);
// The first placeholder that is neither of the two, or empty.
std::string BadPlaceholder(std::string_view text);
// All texts in a JSON value filled.
json::value FillTexts(const json::value& value, const json::object& values);

// 422 for what is no action or has no such members.
Outcome<void> CheckAction(const json::value& action);
// Does it for an event. A refusal is told as an event, it takes nothing back.
Outcome<void> Act(Call& call, const std::string& automation, const json::object& action, const json::object& event);

}  // namespace tidemill::orchestrator
