// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "commands.h"

namespace tidemill::app {

void AddUpCommand(CLI::App& app, Command& chosen);
void AddFlowRunExecute(CLI::App& app, Command& chosen);   // flow-run execute
void AddAgentCommands(CLI::App& app, Command& chosen);    // agent start, worker start
void AddConsoleCommands(CLI::App& app, Command& chosen);  // flow, flow-run, deployment, block …: what asks a server

// The group of commands of this name, made where it is not there yet.
CLI::App& GroupOf(CLI::App& app, const std::string& name, const std::string& help);

}  // namespace tidemill::app
