// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "body.h"
#include "call.h"
#include "entity.h"

// When an automation acts. An event trigger waits for events: Reactive, for `threshold` of them `within` so many
// seconds; Proactive, for so many not to come within that time; either one only after an event of `after`, where it has
// some; apart for each value of the labels `for_each`. A compound trigger fires when enough of its parts have, a
// sequence when all have in their order, both within a time of their own. Time is that of the events, and never after
// now.
namespace tidemill::orchestrator {

// A trigger that waits for what does not come waits for so many seconds at least.
inline constexpr double kLeastAbsence = 10;

// 422 for what is no trigger: an unknown type, wrong members, more than 32 parts, nested deeper than 4.
Outcome<void> CheckTrigger(const json::object& trigger);

// A trigger with its parts, numbered from the root, 0, on; parts before their own parts.
class Trigger {
 public:
  struct Part {
    const json::object* trigger;
    std::size_t above;  // its own number: the root
    std::vector<std::size_t> below = {};
  };
  // `trigger` has passed CheckTrigger and outlives it.
  explicit Trigger(const json::object& trigger);

  const std::vector<Part>& parts() const { return parts_; }
  // Of a part: whether it is an event trigger.
  bool IsEvent(std::size_t part) const { return parts_[part].below.empty(); }

 private:
  void Add(const json::object& trigger, std::size_t above);
  std::vector<Part> parts_;
};

// Conditions on an event, over "event e": what the part expects, or what it comes after (false where it has none).
Outcome<void> AddExpected(const json::object& trigger, Selection& selection);
Outcome<bool> AddAfter(const json::object& trigger, Selection& selection);

// Forgets what the trigger waited for; what waits for absence begins to.
Outcome<void> BeginToWait(Call& call, const std::string& automation, const Trigger& trigger);

// What becomes of an automation by an event or by time. It is resolved where what it fired for the absence of comes
// after all: only automations whose trigger is one Proactive event trigger are.
enum class Change : std::uint8_t { kNone, kTriggered, kResolved };

// What an expected event did, and whether it was one of those that the part was waiting for behind another.
struct Taken {
  Change change = Change::kNone;
  bool was_awaited = false;
};

// An event that the part expects, or that it comes after.
Outcome<Taken> TakeExpected(Call& call, const std::string& automation, const Trigger& trigger, std::size_t part,
                            const json::object& event);
Outcome<void> TakeAfter(Call& call, const std::string& automation, const Trigger& trigger, std::size_t part,
                        const json::object& event);
// The time of a part, for the thing `key`, is over without what it expects. True where the whole trigger fires.
Outcome<bool> TakeAbsence(Call& call, const std::string& automation, const Trigger& trigger, std::size_t part,
                          const std::string& key);

}  // namespace tidemill::orchestrator
