// SPDX-License-Identifier: Apache-2.0
#include "tidemill/app/app.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <exception>
#include <string>
#include <string_view>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/core.h>

#include "client_commands.h"
#include "usage.h"

namespace tidemill::app {
namespace {

constexpr int kUsage = 2;

// CLI11's own code for an error, in the error table's numbers: help and version are no errors.
int Answer(const CLI::App& app, const CLI::ParseError& error) {
  if (error.get_exit_code() == 0) return app.exit(error);
  fmt::print(stderr, "{}", ExplainUsage(app, error));
  return kUsage;
}

// Prefect has two options of two letters behind one dash, which would read as two options here.
std::vector<char*> WithLongNames(int argc, char** argv) {
  static char infra_block[] = "--infra-block";
  static char storage_block[] = "--storage-block";
  std::vector<char*> words(argv, argv + argc);
  for (char*& word : words) {
    if (std::string_view(word) == "-ib") word = infra_block;
    if (std::string_view(word) == "-sb") word = storage_block;
  }
  return words;
}

// To set up all options takes a quarter of a start: those of other commands are left out where the first word is one of
// these, which nothing else adds to.
struct Part {
  void (*add)(CLI::App& app, Command& chosen);
  std::array<std::string_view, 4> names;
};
constexpr Part kParts[] = {
    {&AddRunCommands, {"run", "extract", "transform", "load"}},
    {&AddServeCommand, {"serve"}},
    {&AddRecipeCommands, {"recipe"}},
    {&AddDatasetCommands, {"dataset"}},
    {&AddInspectCommand, {"inspect"}},
    {&AddConvertCommand, {"convert"}},
    {&AddUpCommand, {}},
    {&AddServerCommands, {}},
    {&AddFlowRunExecute, {}},
    {&AddAgentCommands, {}},
    {&AddConsoleCommands, {}},
    {&AddHealthCommand, {}},
    {&AddCloudRunCommand, {}},
};

void AddCommands(CLI::App& app, Command& chosen, std::string_view first) {
  for (const Part& part : kParts) {
    if (!first.empty() && std::find(part.names.begin(), part.names.end(), first) != part.names.end()) {
      return part.add(app, chosen);
    }
  }
  for (const Part& part : kParts) part.add(app, chosen);
}

int ParseAndRun(int argc, char** argv) {
  CLI::App app{"Spreadsheets of statistics offices, made tidy with proof, versioned, and served"};
  app.name("tidemill");
  app.set_version_flag("--version", fmt::format("tidemill {} ({})", TIDEMILL_VERSION, TIDEMILL_COMPILER));
  app.require_subcommand(1);
  app.failure_message(CLI::FailureMessage::simple);
  Command chosen;
  AddCommands(app, chosen, argc > 1 ? argv[1] : "");
  try {
    app.parse(argc, WithLongNames(argc, argv).data());
  } catch (const CLI::ParseError& error) {
    return Answer(app, error);
  }
  return chosen ? chosen() : kUsage;
}

}  // namespace

CLI::App& GroupOf(CLI::App& app, const std::string& name, const std::string& help) {
  for (CLI::App* command : app.get_subcommands({})) {
    if (command->get_name() == name) return *command;
  }
  CLI::App* group = app.add_subcommand(name, help);
  group->require_subcommand(1);
  return *group;
}

int Complain(const base::Error& error) {
  fmt::print(stderr, "tidemill: {}\n", error.ToText());
  return base::ExitCodeOf(error);
}

int Main(int argc, char** argv) {
  int code = 0;
  try {
    code = ParseAndRun(argc, argv);
  } catch (const std::exception& error) {
    // fmt throws where standard output takes no more.
    if (std::ferror(stdout) == 0) return Complain({.code = base::ErrorCode::kInternal, .message = error.what()});
  }
  // What is still buffered may not find room either.
  if (code != 0 || (std::fflush(stdout) == 0 && std::ferror(stdout) == 0)) return code;
  return Complain({.code = base::ErrorCode::kUnavailable, .message = "standard output takes no more: not all is said"});
}

}  // namespace tidemill::app
