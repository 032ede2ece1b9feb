// SPDX-License-Identifier: Apache-2.0
#include "published_events.h"

#include "tidemill/prefect/events.h"

namespace tidemill::app {
namespace {

namespace json = prefect::json;

prefect::EventFacts FactsOf(const etl::Report& report, const etl::TableReport& table, const std::string& flow_run_id) {
  prefect::EventFacts facts{.name = "tidemill.dataset.published",
                            .resource_id = "tidemill.dataset." + table.table,
                            .resource_name = table.table};
  facts.payload = {{"version", table.version}, {"recipe", report.recipe},  {"rows", table.rows},
                   {"added", table.added},     {"revised", table.revised}, {"removed", table.removed}};
  if (!flow_run_id.empty()) {
    facts.related.push_back(json::object{{"prefect.resource.id", "prefect.flow-run." + flow_run_id},
                                         {"prefect.resource.role", "flow-run"}});
  }
  return facts;
}

}  // namespace

void TellPublished(const prefect::Client& client, const etl::Report& report, const std::string& flow_run_id) {
  for (const auto* tables : {&report.past_tables, &report.tables}) {
    for (const etl::TableReport& table : *tables) {
      if (!table.published) continue;
      const prefect::AskOptions once{.repeats = 1, .timeout = std::chrono::seconds(5)};
      if (!prefect::PostEvent(client, FactsOf(report, table, flow_run_id), once)) return;
    }
  }
}

}  // namespace tidemill::app
