// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "tidemill/prefect/client.h"

namespace tidemill::prefect {

struct EventFacts {
  std::string name;  // "tidemill.dataset.published"
  std::string resource_id, resource_name;
  json::array related = {};
  json::object payload = {};
};

// Tells a server of what happened just now, by HTTP. Servers of 2.11 have no such route: an error then.
base::Status PostEvent(const Client& client, const EventFacts& facts, const AskOptions& options);

}  // namespace tidemill::prefect
