// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "body.h"
#include "call.h"

// What a backfill fills: the instants of a schedule over past dates, or editions.
namespace tidemill::orchestrator {

struct Slot {
  std::string text;     // "2026-01-05T00:00:00Z", "2015": what it is known by
  json::object values;  // what stands for {year}, {month}, {day}, {date}, {instant}; {edition}; {slot}
};

// Those that a request asks for, in their order, none twice: "editions", or "from" and "to" (a year, month, day or
// instant each, the end's period belongs to it, what is after `now` does not) with a "schedule" or one of `schedules`.
// 422 for what cannot be read, for none and for more than 10,000.
Outcome<std::vector<Slot>> ReadSlots(const json::object& request, const std::vector<json::object>& schedules,
                                     base::Time now);
// All texts in a value with {name} filled in; a text that is one name alone becomes that value, whatever its type. 422
// for a name that the slot does not have.
Outcome<json::value> FillSlot(const json::value& value, const Slot& slot);

}  // namespace tidemill::orchestrator
