// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <filesystem>

#include <CLI/CLI.hpp>
#include <fmt/core.h>
#include <unistd.h>

#include "tidemill/base/clock.h"
#include "tidemill/base/mapped_file.h"
#include "tidemill/base/sha256.h"
#include "tidemill/base/text.h"
#include "tidemill/transform/explained_formats.h"

#include "commands.h"
#include "draft_source.h"
#include "files.h"
#include "signals.h"
#include "terminal.h"

namespace tidemill::app {
namespace {

struct ExplainArguments {
  std::string recipe, file, sheet, edition, html;
  std::vector<std::string> set;  // "year=2018"
  bool json = false;
};

// What the name of a local file tells, where the recipe's links look like it.
recipe::Captures CapturesOf(const recipe::Recipe& recipe, const std::string& file) {
  recipe::Captures captures;
  const auto match = recipe::MatchLink(recipe.base().source, {.targets = {file}, .text = {}, .heading = {}});
  if (match && match->conflict.empty()) captures = match->captures;
  std::string extension = base::Lower(std::filesystem::path(file).extension().string());
  if (!extension.empty()) captures.try_emplace("ext", extension.substr(1));
  return captures;
}

std::vector<std::string> NamesOf(const recipe::Recipe& recipe, const recipe::Captures& set) {
  std::vector<std::string> names = recipe::CapturedNames(recipe.base());
  if (const auto spec = recipe.For(set)) {
    for (std::string& name : recipe::CapturedNames(*spec)) names.push_back(std::move(name));
  }
  names.emplace_back("released");
  return names;
}

base::Result<transform::EditionInput> InputOf(const recipe::Recipe& recipe, const ExplainArguments& arguments,
                                              std::string_view bytes) {
  transform::EditionInput input{.edition = arguments.edition,
                                .captures = CapturesOf(recipe, arguments.file),
                                .final = true,
                                .file = std::filesystem::path(arguments.file).filename().string(),
                                .url = {},
                                .sha256 = base::Sha256Hex(bytes),
                                .today = std::chrono::floor<std::chrono::days>(base::SystemClock().Now())};
  TIDEMILL_ASSIGN(const recipe::Captures set, ParseCaptures(arguments.set));
  TIDEMILL_CHECK(RefuseUnknown(set, NamesOf(recipe, set)));
  for (const auto& [name, value] : set) input.captures.insert_or_assign(name, value);
  if (input.edition.empty()) {
    const auto year = input.captures.find("year");
    input.edition = year == input.captures.end() ? std::filesystem::path(arguments.file).stem().string() : year->second;
  }
  return input;
}

base::Result<transform::Explained> ExplainFile(const ExplainArguments& arguments, const SignalStop& signals) {
  TIDEMILL_ASSIGN(const recipe::Recipe recipe, ReadRecipe(arguments.recipe));
  TIDEMILL_ASSIGN(const base::MappedFile file, base::MappedFile::Open(arguments.file));
  TIDEMILL_ASSIGN(const transform::EditionInput input, InputOf(recipe, arguments, file.bytes()));
  TIDEMILL_ASSIGN(const transform::Register geography, ShippedRegister());
  return transform::ExplainBinding(file.bytes(), recipe, input, {.sheet = arguments.sheet}, geography, {},
                                   signals.token());
}

int Explain(const ExplainArguments& arguments) {
  const SignalStop signals;
  const auto explained = ExplainFile(arguments, signals);
  if (!explained) return Complain(explained.error());
  if (!arguments.html.empty()) {
    const base::Status written = WriteFile(arguments.html, transform::ToHtml(*explained));
    if (!written) return Complain(written.error());
  }
  if (arguments.json) {
    fmt::print("{}\n", transform::ToJson(*explained));
  } else {
    const Screen screen = ScreenOf(STDOUT_FILENO);
    fmt::print("{}", transform::ToText(*explained, {.colour = screen.colour, .columns = screen.columns}));
  }
  if (explained->error) return base::ExitCodeOf(*explained->error);
  const bool failed = std::ranges::any_of(explained->findings, [](const transform::Finding& finding) {
    return finding.severity == transform::FindingSeverity::kFail;
  });
  constexpr int kCheckFailed = 3;
  return failed ? kCheckFailed : 0;
}

}  // namespace

void AddExplainCommand(CLI::App& recipes, Command& chosen) {
  auto arguments = std::make_shared<ExplainArguments>();
  CLI::App* command = recipes.add_subcommand("explain", "draw how a recipe reads a workbook, cell by cell");
  command->footer(
      "Example:\n  tidemill recipe explain recipes/ons/deaths-monthly.toml publishedannual2018.xls --html a.html");
  command->add_option("RECIPE", arguments->recipe, "the recipe's file (.toml)")->required();
  command->add_option("FILE", arguments->file, "the workbook")->required();
  command->add_option("--sheet", arguments->sheet, "this sheet, whatever the recipe picks");
  command->add_option("--edition", arguments->edition,
                      "its edition; else the year that is captured, or the file's name");
  command->add_option("--set", arguments->set, "NAME=VALUE: a capture, as the publisher's link would give (repeatable)")
      ->expected(1)
      ->take_all();
  command->add_option("--html", arguments->html, "write a page that draws every cell to this file");
  command->add_flag("--json", arguments->json, "everything as JSON on standard output");
  command->callback([&chosen, arguments] { chosen = [arguments] { return Explain(*arguments); }; });
}

}  // namespace tidemill::app
