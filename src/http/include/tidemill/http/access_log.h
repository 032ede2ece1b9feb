// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "tidemill/base/clock.h"
#include "tidemill/http/server.h"

namespace tidemill::http {

enum class AccessLog { kNone, kCommon, kJson };

// One line about a request, with its line break: the common log format with referrer, agent and microseconds behind it,
// or a JSON object. What a client sent is escaped, so that it can forge no line and no terminal sequence.
std::string AccessLine(AccessLog form, const Exchange& exchange, base::Time now);

}  // namespace tidemill::http
