// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "body.h"
#include "entity.h"

namespace tidemill::orchestrator {

extern const Entity kEvent;  // over "event e"

// Of labels or of filters in a list: each is a condition of its own, and the database takes a thousand in a row.
inline constexpr std::size_t kMostConditions = 100;

// Adds to `selection`, over "event e", what an EventFilter of Prefect's asks: occurred, event, resource, related,
// any_resource, id, text. 422 for members of a wrong type.
Outcome<void> AddEventFilter(const json::object& filter, Selection& selection);
// The same for an automation's trigger: names, and labels of the resource and of one related resource, that may hold
// '*', '?' and "[abc]".
Outcome<void> AddEventNames(const json::value& names, Selection& selection);
Outcome<void> AddResourceLabels(const json::object& labels, Selection& selection);
Outcome<void> AddRelatedLabels(const json::object& labels, Selection& selection);

}  // namespace tidemill::orchestrator
