// SPDX-License-Identifier: Apache-2.0
#include "usage.h"

#include <algorithm>
#include <string_view>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/core.h>

#include "tidemill/base/result.h"
#include "tidemill/base/text.h"

namespace tidemill::app {
namespace {

// The command that was read last, with the words in front of it: "tidemill recipe check".
struct CommandRead {
  const CLI::App* app = nullptr;
  std::string words;
};

CommandRead LastRead(const CLI::App& app) {
  CommandRead read{.app = &app, .words = app.get_name()};
  for (auto commands = app.get_subcommands(); !commands.empty(); commands = commands.back()->get_subcommands()) {
    read.app = commands.back();
    read.words += " " + read.app->get_name();
  }
  return read;
}

std::vector<std::string> CommandsOf(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* command : app.get_subcommands({})) names.push_back(command->get_name());
  return names;
}

std::vector<std::string> OptionsOf(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
  }
  return names;
}

std::string UnknownCommand(const std::vector<std::string>& names, const std::string& word) {
  std::string meant = base::DidYouMean(word, names);
  if (meant.empty()) meant = "; there are: " + base::Join(names, ", ");
  return "unknown command " + base::Quoted(word) + meant;
}

// CLI11 gives what it could not use in its own order.
std::string Unused(const CLI::App& app, const std::vector<std::string>& words) {
  const auto option = std::ranges::find_if(words, [](const std::string& word) { return word.starts_with('-'); });
  if (option == words.end()) return fmt::format("{} is one word too many", base::Quoted(words.front()));
  return fmt::format("unknown option {}{}", base::Quoted(*option), base::DidYouMean(*option, OptionsOf(app)));
}

// A mistyped word may also be why another one is missing. Of values CLI11 says what was expected.
std::string ProblemOf(const CLI::App& read, const std::vector<std::string>& unused, const CLI::ParseError& error) {
  const bool of_words = dynamic_cast<const CLI::ExtrasError*>(&error) != nullptr ||
                        dynamic_cast<const CLI::RequiredError*>(&error) != nullptr;
  if (!of_words) return error.what();
  const std::vector<std::string> commands = CommandsOf(read);
  if (unused.empty()) {
    return commands.empty() ? error.what() : "a command is missing; there are: " + base::Join(commands, ", ");
  }
  const bool is_command = !commands.empty() && !unused.front().starts_with('-');
  return is_command ? UnknownCommand(commands, unused.front()) : Unused(read, unused);
}

}  // namespace

std::string ExplainUsage(const CLI::App& app, const CLI::ParseError& error) {
  const CommandRead read = LastRead(app);
  return fmt::format("{0}: {1}\n'{0} --help' tells the usage\n", read.words,
                     ProblemOf(*read.app, app.remaining(true), error));
}

}  // namespace tidemill::app
