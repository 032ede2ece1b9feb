// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <fmt/core.h>

#include "commands.h"
#include "files.h"

namespace tidemill::app {
namespace {

// All faults of one recipe, a line each: "file:line:column: slug: message".
int CheckOne(const std::string& file) {
  std::vector<recipe::Problem> problems;
  const auto recipe = ReadRecipe(file, &problems);
  if (recipe) {
    fmt::print("{}: {} is a recipe, {} outputs\n", file, recipe->base().name, recipe->base().outputs.size());
    return 0;
  }
  if (problems.empty()) return Complain(recipe.error());
  for (const recipe::Problem& problem : problems) {
    fmt::print(stderr, "{}:{}:{}: {}: {}\n", file, problem.line, problem.column, problem.code, problem.message);
  }
  return base::ExitCodeOf(recipe.error());
}

}  // namespace

void AddRecipeCommands(CLI::App& app, Command& chosen) {
  CLI::App* recipes = app.add_subcommand("recipe", "work with recipes");
  recipes->require_subcommand(1);
  auto files = std::make_shared<std::vector<std::string>>();
  CLI::App* check =
      recipes->add_subcommand("check", "find the faults of recipes, with line, column and the nearest right key");
  check->footer("Example:\n  tidemill recipe check recipes/ons/deaths-monthly.toml");
  check->add_option("FILE", *files, "recipes (.toml)")->required();
  check->callback([&chosen, files] {
    chosen = [files] {
      int worst = 0;
      for (const std::string& file : *files) worst = std::max(worst, CheckOne(file));
      return worst;
    };
  });
  AddNewCommand(*recipes, chosen);
  AddExplainCommand(*recipes, chosen);
  AddLockCommand(*recipes, chosen);
}

}  // namespace tidemill::app
