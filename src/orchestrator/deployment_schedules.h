// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include <boost/json/array.hpp>

#include "body.h"
#include "call.h"

namespace tidemill::orchestrator {

// What a deployment's body says of schedules, in the shape of 3.x or of 2.11, as a list; nothing where it says nothing.
Outcome<std::optional<json::array>> SchedulesIn(Members& members);
// Those and no others.
Outcome<void> SetSchedules(Call& call, const std::string& deployment, const json::array& schedules);
// Where all that there are have slugs, each of the list changes the one of its slug (or of what it "replaces"), or is a
// new one, and others stay; else as SetSchedules. 422 where slugs are missing or meet.
Outcome<void> ChangeSchedules(Call& call, const std::string& deployment, const json::array& schedules);
// After any change: what was planned goes, what is to come now is planned.
Outcome<void> Replan(Call& call, const std::string& deployment);

Outcome<Answer> ListSchedules(Call& call);
Outcome<Answer> CreateSchedules(Call& call);
Outcome<Answer> PatchSchedule(Call& call);
Outcome<Answer> DeleteSchedule(Call& call);

}  // namespace tidemill::orchestrator
