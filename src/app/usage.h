// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace CLI {
class App;
class ParseError;
}  // namespace CLI

namespace tidemill::app {

// What is wrong with a command line that `app` refused with `error`, in words for its writer: the command it was read
// as, the word, what was expected, the nearest name to a mistyped one, and how to see the usage. Ends with a new line.
std::string ExplainUsage(const CLI::App& app, const CLI::ParseError& error);

}  // namespace tidemill::app
