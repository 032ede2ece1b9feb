// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <mutex>

#include <CLI/CLI.hpp>
#include <fmt/core.h>

#include "tidemill/base/text.h"
#include "tidemill/console/verb.h"

#include "client_commands.h"
#include "entrypoint.h"
#include "environment.h"
#include "files.h"
#include "flow_parameters.h"
#include "signals.h"
#include "user_agent.h"

namespace tidemill::app {
namespace {

using console::Kind;
using console::Option;
using console::Verb;

// What the parser fills in for one command.
struct Typed {
  std::vector<std::pair<CLI::Option*, const Option*>> options;
  bool json = false;
  std::string api;
};

std::string ReadStandardInput() {
  std::string text;
  std::array<char, 4096> buffer{};
  for (std::size_t got = 1; got > 0 && text.size() < (std::size_t{1} << 20U);) {
    got = std::fread(buffer.data(), 1, buffer.size(), stdin);
    text.append(buffer.data(), got);
  }
  return text;
}

base::Result<std::string> ReadTyped(const std::string& file) {
  constexpr std::uint64_t kMostBytes = std::uint64_t{1} << 20U;
  return file == "-" ? ReadStandardInput() : ReadFile(file, kMostBytes);
}

// A recipe's flow: its name, what it was made of, what may be told to it. Of a Python file only the name can be told.
base::Result<console::FlowFacts> DescribeFlow(const std::string& text) {
  TIDEMILL_ASSIGN(const Entrypoint entrypoint, ParseEntrypoint(text));
  if (!IsRecipe(entrypoint)) {
    TIDEMILL_ASSIGN(const std::string code, ReadFile(entrypoint.file, std::uint64_t{4} << 20U));
    return console::FlowFacts{
        .flow_name = entrypoint.flow,
        .version = {},
        .parameter_schema = prefect::json::object{
            {"title", "Parameters"}, {"type", "object"}, {"properties", prefect::json::object()}}};
  }
  TIDEMILL_ASSIGN(const recipe::Recipe recipe, ReadRecipe(entrypoint.file));
  TIDEMILL_ASSIGN(const etl::Stage stage, StageOf(entrypoint, recipe.base()));
  return console::FlowFacts{.flow_name = etl::FlowName(stage, recipe.base()),
                            .version = FlowVersion(entrypoint.file),
                            .parameter_schema = FlowParameterSchema()};
}

console::Arguments ArgumentsOf(const Typed& typed) {
  console::Arguments arguments;
  for (const auto& [option, described] : typed.options) {
    if (option->count() > 0) {
      arguments.Add(described->key(),
                    described->kind == Kind::kFlag ? std::vector<std::string>{"true"} : option->results());
    } else if (!described->otherwise.empty()) {
      arguments.Add(described->key(), {std::string(described->otherwise)});
    }
  }
  return arguments;
}

base::Status Run(const Verb& verb, const Typed& typed) {
  const SignalStop signals;
  const prefect::Environment environment = FromEnvironment;
  // What sets the settings has to work with settings that are wrong.
  const bool local = verb.group == "config" || verb.group == "profile";
  prefect::ApiSettings settings;
  if (!local) {
    TIDEMILL_ASSIGN(settings, prefect::LoadSettings(environment));
  }
  const auto http = http::MakeHttpClient(ApiUserAgent());
  const base::SystemClock clock;
  std::once_flag told;
  const prefect::Client client(*http, settings, clock, [&told](const std::string& why) {
    std::call_once(told, [&] { fmt::print(stderr, "tidemill: {}; trying again\n", why); });
  });
  std::error_code ignored;
  const console::Surroundings around{.client = client,
                                     .environment = environment,
                                     .print =
                                         [](std::string_view text) {
                                           fmt::print("{}", text);
                                           std::fflush(stdout);
                                         },
                                     .note = [](std::string_view text) { fmt::print(stderr, "{}", text); },
                                     .describe_flow = DescribeFlow,
                                     .read_file = ReadTyped,
                                     .write_file = WriteFile,
                                     .append_file = AppendFile,
                                     .folder = std::filesystem::current_path(ignored).string(),
                                     .stop = signals.token()};
  const console::Arguments arguments = ArgumentsOf(typed);
  return console::RunVerb({.verb = verb, .arguments = arguments, .around = around, .as_json = typed.json});
}

CLI::Option* AddOption(CLI::App& command, const Option& option) {
  std::string names(option.names);
  const bool many = names.ends_with("...");
  const bool optional = names.ends_with("?");
  if (many) names.resize(names.size() - 3);
  if (optional) names.pop_back();
  const std::string help(option.help);
  if (option.kind == Kind::kFlag) return command.add_flag(names, help);
  CLI::Option* added = command.add_option(names, help);
  if (option.kind == Kind::kList || option.kind == Kind::kPairs) {
    if (names.starts_with('-')) {
      added->expected(1)->take_all();
    } else {
      added->expected(1, 1000);
    }
  } else {
    added->expected(1);
  }
  if (option.required) added->required();
  if (!option.otherwise.empty()) added->default_str(std::string(option.otherwise));
  return added;
}

// "deployment schedule": a group within a group.
CLI::App& NestedGroup(CLI::App& app, std::string_view names) {
  CLI::App* at = &app;
  std::string so_far;
  for (const std::string_view name : base::Split(names, ' ')) {
    so_far += (so_far.empty() ? "" : " ") + std::string(name);
    at = &GroupOf(*at, std::string(name), std::string(console::HelpOfGroup(so_far)));
  }
  return *at;
}

void AddVerb(CLI::App& app, Command& chosen, const Verb& verb) {
  CLI::App& group = verb.group.empty() ? app : NestedGroup(app, verb.group);
  CLI::App* command = group.add_subcommand(std::string(verb.name), std::string(verb.help));
  command->footer("Example:\n  " + console::ExampleOf(verb));
  auto typed = std::make_shared<Typed>();
  for (const Option& option : verb.options) typed->options.emplace_back(AddOption(*command, option), &option);
  command->add_flag("--json", typed->json, "what the server answered, as JSON");
  command->callback([&chosen, &verb, typed] {
    chosen = [&verb, typed] {
      const base::Status status = Run(verb, *typed);
      return status ? 0 : Complain(status.error());
    };
  });
}

}  // namespace

void AddConsoleCommands(CLI::App& app, Command& chosen) {
  for (const Verb& verb : console::Verbs()) AddVerb(app, chosen, verb);
}

}  // namespace tidemill::app
