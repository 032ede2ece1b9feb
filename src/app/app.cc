// SPDX-License-Identifier: Apache-2.0
#include "tidemill/app/app.h"

#include <cstdio>
#include <exception>

#include <CLI/CLI.hpp>
#include <fmt/core.h>

#include "commands.h"

namespace tidemill::app {
namespace {

constexpr int kUsage = 2;

// CLI11's own code for an error, in the error table's numbers: help and version are no errors.
int Answer(const CLI::App& app, const CLI::ParseError& error) {
  if (error.get_exit_code() == 0) return app.exit(error);
  fmt::print(stderr, "tidemill: {}\nrun with --help for usage\n", error.what());
  return kUsage;
}

int ParseAndRun(int argc, char** argv) {
  CLI::App app{"Spreadsheets of statistics offices, made tidy with proof, versioned, and served"};
  app.name("tidemill");
  app.set_version_flag("--version", fmt::format("tidemill {} ({})", TIDEMILL_VERSION, TIDEMILL_COMPILER));
  app.require_subcommand(1);
  app.failure_message(CLI::FailureMessage::simple);
  Command chosen;
  AddRunCommands(app, chosen);

  AddServeCommand(app, chosen);
  AddRecipeCommands(app, chosen);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return Answer(app, error);
  }
  return chosen ? chosen() : kUsage;
}

}  // namespace

int Complain(const base::Error& error) {
  fmt::print(stderr, "tidemill: {}\n", error.ToText());
  return base::ExitCodeOf(error);
}

int Main(int argc, char** argv) {
  try {
    return ParseAndRun(argc, argv);
  } catch (const std::exception& error) {
    return Complain({.code = base::ErrorCode::kInternal, .message = error.what()});
  }
}

}  // namespace tidemill::app
