// SPDX-License-Identifier: Apache-2.0
#include "tidemill/prefect/work_pools.h"

#include "handlers.h"
#include "show.h"

namespace tidemill::console {
namespace {

namespace json = prefect::json;

}  // namespace

// Servers leave a pool's template empty where it is not sent.
base::Status CreateWorkPool(const Context& context) {
  TIDEMILL_ASSIGN(json::value body, BodyOf(context));
  if (prefect::Find(body, "base_job_template") == nullptr) {
    TIDEMILL_ASSIGN(json::value base, prefect::BaseJobTemplate(prefect::TextIn(body, "type")));
    body.as_object()["base_job_template"] = std::move(base);
  }
  TIDEMILL_ASSIGN(const json::value made, context.client().Post("/work_pools/", body, context.ask()));
  return ShowDone(
      context, made,
      fmt::format("work pool '{}' created (id {})", prefect::TextIn(made, "name"), prefect::TextIn(made, "id")));
}

}  // namespace tidemill::console
