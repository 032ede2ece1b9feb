// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "tidemill/console/verb.h"

namespace tidemill::console {

// What --cron, --interval (with --anchor-date), --rrule and --timezone say; null where none does. kInvalid for two
// kinds of schedule, and for options that belong to another one.
base::Result<prefect::json::value> ScheduleOf(const Context& context);
// The schedule in words: "0 0 * * *", "every 3600 s".
std::string ScheduleText(const prefect::json::value& schedule);

// {"env.A": 1, "x": 2} as workers of Prefect 3 read it: {"env": {"A": "1"}, "x": 2}.
prefect::json::object JobVariables(const prefect::json::object& overrides);

// 2 for a server of Prefect 2, else 3: their deployments have other members.
base::Result<int> MajorOf(const Context& context);

// Puts a deployment (as its file has it) onto the server, with its flow and infrastructure; its id.
base::Result<std::string> ApplyDeployment(const Context& context, const prefect::json::object& deployment);
// What a person is told of it.
void TellApplied(const Context& context, const prefect::json::object& deployment, const std::string& id);

// kInvalid for a parameter that the flow's schema does not name; flows without a schema take any.
base::Status CheckParameterNames(const prefect::json::object& schema, const prefect::json::object& parameters);

// The deployment of the argument F/N ("flow/name").
base::Result<prefect::json::value> DeploymentOf(const Context& context);

// The block type of a slug; one that is known here is made where the server has none.
base::Result<prefect::json::value> FindOrMakeBlockType(const Context& context, const std::string& slug);
// Its newest schema, likewise.
base::Result<prefect::json::value> FindOrMakeBlockSchema(const Context& context, const prefect::json::value& type);
// The document of "slug/name", with its secrets.
base::Result<prefect::json::value> FindBlock(const Context& context, const std::string& slug_and_name);

}  // namespace tidemill::console
