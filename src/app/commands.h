// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "tidemill/base/result.h"

namespace CLI {
class App;
}

namespace tidemill::app {

// What was chosen on the command line: returns the exit code.
using Command = std::function<int()>;

// Each adds its command to the parser and sets `chosen` when it is the one that was typed.
void AddRunCommands(CLI::App& app, Command& chosen);  // run, extract, transform, load
void AddServeCommand(CLI::App& app, Command& chosen);
void AddRecipeCommands(CLI::App& app, Command& chosen);  // recipe check, new, explain, lock
void AddNewCommand(CLI::App& recipes, Command& chosen);
void AddExplainCommand(CLI::App& recipes, Command& chosen);
void AddLockCommand(CLI::App& recipes, Command& chosen);
void AddDatasetCommands(CLI::App& app, Command& chosen);  // dataset ls, show, diff, lineage, verify
void AddInspectCommand(CLI::App& app, Command& chosen);
void AddConvertCommand(CLI::App& app, Command& chosen);
void AddServerCommands(CLI::App& app, Command& chosen);  // server start
void AddHealthCommand(CLI::App& app, Command& chosen);

// Prints "tidemill: …" to standard error and returns the exit code of the error table.
int Complain(const base::Error& error);

}  // namespace tidemill::app
