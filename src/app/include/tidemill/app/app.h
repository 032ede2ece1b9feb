// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace tidemill::app {

// The program: parses the command line, runs one command, returns the exit code of the error table
// (docs/architecture.md). Nothing escapes it.
int Main(int argc, char** argv);

}  // namespace tidemill::app
