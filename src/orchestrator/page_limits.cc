// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <utility>

#include "limit_slots.h"
#include "pages.h"

namespace tidemill::orchestrator {
namespace {

constexpr std::int64_t kLimitsShown = 50;

constexpr std::array kLimitLineColumns{Column{"id", "c.id"},
                                       Column{"name", "c.name"},
                                       Column{"active", "c.active", Kind::kBool},
                                       Column{"limit", "c.slots", Kind::kInt},
                                       Column{"active_slots", kSlotsTaken, Kind::kInt},
                                       Column{"slot_decay_per_second", "c.decay_per_second", Kind::kNumber},
                                       Column{"cursor", "c.name"}};
constexpr Entity kLimitLine{"Concurrency limit", "concurrency_limit c", kLimitLineColumns};

}  // namespace

Outcome<Answer> PageLimits(Call& call) {
  Selection selection{.order = "c.name"};
  if (const auto after = QueryText(call, "after")) AddCondition(selection, "c.name > {}", *after);
  TIDEMILL_ASSIGN(std::string page, PagedJson(call, kLimitLine, std::move(selection), "limits", kLimitsShown));
  return Answer{.status = 200, .body = std::move(page)};
}

}  // namespace tidemill::orchestrator
