// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "tidemill/worker/infrastructure.h"

namespace tidemill::worker {

struct ProcessOptions {
  std::string program;             // tidemill's own file: runs the flows of recipes
  std::string python = "python3";  // runs the flows of Python files: -m prefect.engine
  std::string host;                // for the identifier
};

// Each run in a process group of its own, with `variables.command`, else what its entrypoint needs; in
// `variables.working_dir`. What it writes is said line by line; a line is cut at 16 kB.
Starter StartsProcesses(ProcessOptions options);

// Words as a shell would see them: blanks part, quotes and backslashes hold together. kInvalid for an open quote.
base::Result<std::vector<std::string>> SplitCommand(std::string_view command);

}  // namespace tidemill::worker
