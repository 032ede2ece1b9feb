// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "tidemill/etl/report.h"
#include "tidemill/prefect/client.h"

namespace tidemill::app {

// Tells the server of each version that a run has published, so that automations can go on from there: the event
// tidemill.dataset.published of tidemill.dataset.<table>. A server that takes no events, or is away, is left be.
void TellPublished(const prefect::Client& client, const etl::Report& report, const std::string& flow_run_id);

}  // namespace tidemill::app
