// SPDX-License-Identifier: Apache-2.0
#include "tidemill/prefect/work_pools.h"

#include "tidemill_embedded/work_pool_types.h"

namespace tidemill::prefect {

base::Result<json::value> BaseJobTemplate(std::string_view type) {
  TIDEMILL_ASSIGN(const json::value all, ParseJson(embedded::work_pool_types(), "the types of work pools"));
  const json::value* found = AsObject(all).if_contains(type);
  return found != nullptr ? *found : json::value(json::object());
}

base::Status EnsureAgentPool(const Client& client, const AskOptions& ask) {
  const auto there = client.Get("/work_pools/default-agent-pool", ask);
  if (there) return {};
  if (there.error().code != base::ErrorCode::kNotFound) return tl::unexpected(there.error());
  const json::object pool{{"name", "default-agent-pool"}, {"type", "prefect-agent"}};
  const auto made = client.Post("/work_pools/", pool, ask);
  if (made || made.error().code == base::ErrorCode::kConflict) return {};  // somebody else has made it just now
  return tl::unexpected(made.error());
}

}  // namespace tidemill::prefect
