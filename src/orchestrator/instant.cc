// SPDX-License-Identifier: Apache-2.0
#include "instant.h"

#include "tidemill/base/instant.h"

namespace tidemill::orchestrator {

std::string InstantText(base::Time time) {
  return base::InstantText(time);
}

std::optional<base::Time> ParseInstant(std::string_view text) {
  return base::ParseInstant(text);
}

}  // namespace tidemill::orchestrator
