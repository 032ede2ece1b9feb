// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "call.h"
#include "transition.h"

// How many may do something at once: limits by name, slots taken for good or on a lease that its holder renews. The
// limit of a tag is one named "tag:<tag>".
namespace tidemill::orchestrator {

// The tags of a task run (JSON) against their limits: what it needs to know before it runs. Slots it holds already are
// not counted.
Outcome<TagSlots> LookAtTagSlots(Call& call, const std::string& tags, const std::string& task_run);
// Takes a slot of each tag that has a limit, for a task run that tells of itself over REST.
Outcome<void> TakeTagSlots(Call& call, const std::string& tags, const std::string& task_run);
Outcome<void> GiveTagSlotsBack(Call& call, const std::string& task_run);
// How many runs of its deployment run or are claimed, where that is limited.
Outcome<std::optional<DeploymentSlots>> LookAtDeploymentSlots(Call& call, const std::string& flow_run);
// Takes back what leases hold that nobody renewed; true where more may be left.
Outcome<bool> EndLeases(Call& call, std::int64_t most);

Outcome<Answer> CreateLimit(Call& call);
Outcome<Answer> GetLimit(Call& call);
Outcome<Answer> PatchLimit(Call& call);
Outcome<Answer> DeleteLimit(Call& call);
Outcome<Answer> FilterLimits(Call& call);
Outcome<Answer> IncrementLimits(Call& call);
Outcome<Answer> DecrementLimits(Call& call);
Outcome<Answer> IncrementLimitsWithLease(Call& call);
Outcome<Answer> DecrementLimitsWithLease(Call& call);
Outcome<Answer> RenewLease(Call& call);

Outcome<Answer> CreateTagLimit(Call& call);
Outcome<Answer> GetTagLimit(Call& call);
Outcome<Answer> GetTagLimitByTag(Call& call);
Outcome<Answer> DeleteTagLimit(Call& call);
Outcome<Answer> DeleteTagLimitByTag(Call& call);
Outcome<Answer> FilterTagLimits(Call& call);
Outcome<Answer> ResetTagLimit(Call& call);
Outcome<Answer> IncrementTagLimits(Call& call);
Outcome<Answer> DecrementTagLimits(Call& call);

}  // namespace tidemill::orchestrator
