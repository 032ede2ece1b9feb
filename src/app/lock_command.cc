// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <CLI/CLI.hpp>
#include <fmt/core.h>

#include "tidemill/base/file_store.h"
#include "tidemill/base/text.h"
#include "tidemill/etl/lock.h"

#include "commands.h"
#include "files.h"
#include "stores.h"

namespace tidemill::app {
namespace {

constexpr int kCheckFailed = 3;

struct LockArguments {
  std::string recipe;
  std::string store = "./tidemill-data";
  bool check = false;
};

// What differs between two locks, edition by edition, for people; empty where nothing does.
std::string Difference(const recipe::Lock& was, const recipe::Lock& is) {
  std::string text;
  for (const recipe::LockEdition& edition : is.editions) {
    const recipe::LockEdition* before = was.Find(edition.edition);
    if (before == nullptr) {
      text += fmt::format("edition {}: new\n", edition.edition);
      continue;
    }
    std::vector<recipe::LockChange> changes = recipe::CompareBindings(*before, edition);
    if (before->sha256 != edition.sha256) changes.insert(changes.begin(), {"sha256", before->sha256, edition.sha256});
    if (!changes.empty()) text += fmt::format("edition {}:\n{}", edition.edition, recipe::ToText(changes, "  "));
  }
  for (const recipe::LockEdition& edition : was.editions) {
    if (is.Find(edition.edition) == nullptr) text += fmt::format("edition {}: gone\n", edition.edition);
  }
  return text;
}

base::Result<int> LockOne(const LockArguments& arguments) {
  TIDEMILL_ASSIGN(const recipe::Recipe recipe, ReadRecipe(arguments.recipe));
  TIDEMILL_ASSIGN(const auto store, OpenStore(arguments.store));
  TIDEMILL_ASSIGN(const std::string text, etl::LoadHeldLock(*store, recipe.base()));
  if (text.empty()) {
    return base::FailAt(base::ErrorCode::kNotFound, arguments.store,
                        "nothing of recipe {} is published here; `tidemill run` publishes, and `run --update-lock` "
                        "writes the lock of what it bound",
                        base::Quoted(recipe.base().name));
  }
  const std::string file = etl::LockFileOf(arguments.recipe);
  TIDEMILL_ASSIGN(const recipe::Lock is, recipe::ParseLock(text, arguments.store));
  recipe::Lock was;
  const auto there = ReadFile(file, text.size() * 4 + (std::uint64_t{1} << 20U));
  if (there) {
    TIDEMILL_ASSIGN(was, recipe::ParseLock(*there, file));
  } else if (there.error().code != base::ErrorCode::kNotFound || arguments.check) {
    return tl::unexpected(there.error());
  }
  const std::string difference = Difference(was, is);
  fmt::print("{}", difference);
  if (arguments.check) {
    fmt::print("{}: {}\n", file,
               difference.empty() ? "agrees with what is published" : "differs from what is published");
    return difference.empty() ? 0 : kCheckFailed;
  }
  if (there && *there == text) {
    fmt::print("{}: up to date, {} editions\n", file, is.editions.size());
    return 0;
  }
  TIDEMILL_CHECK(WriteFile(file, text));
  fmt::print("{} written: {} editions\n", file, is.editions.size());
  return 0;
}

}  // namespace

void AddLockCommand(CLI::App& recipes, Command& chosen) {
  auto arguments = std::make_shared<LockArguments>();
  CLI::App* command = recipes.add_subcommand(
      "lock", "write what each published edition was bound to beside the recipe, to be reviewed");
  command->footer("Example:\n  tidemill recipe lock recipes/ons/deaths-monthly.toml --store ./tidemill-data");
  command->add_option("RECIPE", arguments->recipe, "the recipe's file (.toml)")->required();
  command->add_option("--store", arguments->store, "folder of the datasets and workbooks")
      ->envname("TIDEMILL_STORE")
      ->capture_default_str();
  command->add_flag("--check", arguments->check, "write nothing; exit code 3 where the file differs");
  command->callback([&chosen, arguments] {
    chosen = [arguments] {
      const auto code = LockOne(*arguments);
      return code ? *code : Complain(code.error());
    };
  });
}

}  // namespace tidemill::app
