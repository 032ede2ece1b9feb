// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "node.h"
#include "section.h"

namespace tidemill::recipe {

// One key of a [[when]] that is no section: a range of numbers, a range of dates, or patterns any of which hits.
struct Condition {
  std::string name;
  std::optional<NumberRange> range;
  std::string from_date, to_date;  // ISO 8601, inclusive; empty: open
  std::vector<Pattern> patterns;
  Place place;
};

struct When {
  std::vector<Condition> conditions;
  Node sections;  // what is laid over the recipe
};

// The blocks of the recipe; `source` and `output`, or a block without a condition, are faults.
std::vector<When> ReadWhens(const Entry* when, Faults& faults);
bool Holds(const When& when, const Captures& captures);
// Conditions that no edition of the recipe can meet are faults ("when-unreachable").
void CheckReachable(const std::vector<When>& whens, const Spec& base, Faults& faults);

}  // namespace tidemill::recipe
