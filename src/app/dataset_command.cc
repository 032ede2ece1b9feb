// SPDX-License-Identifier: Apache-2.0
#include <cstdio>
#include <ranges>

#include <CLI/CLI.hpp>
#include <fmt/core.h>

#include "tidemill/base/text.h"

#include "commands.h"
#include "dataset_formats.h"
#include "files.h"
#include "signals.h"
#include "stores.h"
#include "tables_library.h"

namespace tidemill::app {
namespace {

constexpr std::int64_t kMostVersion = std::int64_t{1} << 53U;

using base::ErrorCode;
using base::Result;

constexpr int kCheckFailed = 3;

struct DatasetArguments {
  std::string store = "./tidemill-data";
  std::string table;
  std::int64_t version = -1;           // -1: the newest
  std::vector<std::int64_t> versions;  // of diff
  std::vector<std::string> conditions;
  std::string recipe;
  bool json = false;
  bool csv = false;
};

// The store, and what reads its tables.
struct Opened {
  std::unique_ptr<base::FileStore> store;
  const dataset::RowFunctions* rows = nullptr;
};

Result<Opened> Open(const DatasetArguments& arguments) {
  Opened opened;
  TIDEMILL_ASSIGN(opened.store, OpenStore(arguments.store));
  TIDEMILL_ASSIGN(const TablesLibrary* const library, OpenTablesLibrary());
  opened.rows = library->rows;
  return opened;
}

std::optional<std::int64_t> Asked(std::int64_t version) {
  return version < 0 ? std::nullopt : std::optional(version);
}

// A table that is not there, with those that are.
base::Status CheckTable(const Opened& opened, const DatasetArguments& arguments) {
  TIDEMILL_ASSIGN(const auto tables, dataset::ListTables(*opened.store));
  if (tables.contains(arguments.table)) return {};
  const auto keys = std::views::keys(tables);
  const std::vector<std::string> names(keys.begin(), keys.end());
  return base::FailAt(ErrorCode::kNotFound, arguments.store, "no dataset {}{}; there are: {}",
                      base::Quoted(arguments.table), base::DidYouMean(arguments.table, names),
                      names.empty() ? "none" : base::Join(names, ", "));
}

Result<int> List(const DatasetArguments& arguments) {
  TIDEMILL_ASSIGN(const Opened opened, Open(arguments));
  TIDEMILL_ASSIGN(const auto found, dataset::ListTables(*opened.store));
  if (found.empty() && !arguments.json) {
    return base::FailAt(ErrorCode::kNotFound, arguments.store, "holds no datasets");
  }
  std::vector<NamedVersion> tables;
  for (const std::string& name : std::views::keys(found)) {
    TIDEMILL_ASSIGN(dataset::Version version, opened.rows->load_version(*opened.store, name, {}));
    tables.push_back({.table = name, .version = std::move(version)});
  }
  fmt::print("{}", arguments.json ? ListJson(tables) + "\n" : ListText(tables));
  return 0;
}

Result<int> Show(const DatasetArguments& arguments) {
  TIDEMILL_ASSIGN(const Opened opened, Open(arguments));
  TIDEMILL_CHECK(CheckTable(opened, arguments));
  TableStory story{.table = arguments.table};
  TIDEMILL_ASSIGN(story.shown, opened.rows->load_version(*opened.store, arguments.table, Asked(arguments.version)));
  TIDEMILL_ASSIGN(story.versions, opened.rows->load_history(*opened.store, arguments.table));
  TIDEMILL_ASSIGN(story.columns, dataset::ColumnsOf(story.shown, arguments.table));
  if (auto key = dataset::KeyColumns(story.shown, arguments.table)) story.key = *std::move(key);
  fmt::print("{}", arguments.json ? ShowJson(story) + "\n" : ShowText(story));
  return 0;
}

Result<dataset::Version> OneVersion(const Opened& opened, const DatasetArguments& arguments,
                                    std::optional<std::int64_t> number) {
  return opened.rows->load_version(*opened.store, arguments.table, number);
}

Result<int> Diff(const DatasetArguments& arguments) {
  constexpr std::size_t kMostShown = 100;
  TIDEMILL_ASSIGN(const Opened opened, Open(arguments));
  TIDEMILL_CHECK(CheckTable(opened, arguments));
  const auto& asked = arguments.versions;
  TIDEMILL_ASSIGN(const dataset::Version to,
                  OneVersion(opened, arguments, asked.size() > 1 ? std::optional(asked[1]) : std::nullopt));
  const std::int64_t before = asked.empty() ? to.number - 1 : asked.front();
  if (before < 0) {
    return base::FailAt(ErrorCode::kNotFound, arguments.table, "has one version only, nothing to compare it with");
  }
  TIDEMILL_ASSIGN(const dataset::Version from, OneVersion(opened, arguments, before));
  VersionDiff diff{.table = arguments.table, .from = from.number, .to = to.number};
  TIDEMILL_ASSIGN(diff.columns, dataset::ColumnsOf(to, arguments.table));
  TIDEMILL_ASSIGN(const auto key, dataset::KeyColumns(to, arguments.table));
  TIDEMILL_ASSIGN(diff.changes, opened.rows->list_changes(*opened.store, arguments.table, from, to, key));
  if (arguments.json) {
    fmt::print("{}\n", DiffJson(diff));
  } else {
    fmt::print("{}", arguments.csv ? DiffCsv(diff) : DiffText(diff, kMostShown));
  }
  return 0;
}

Result<std::vector<etl::Condition>> ParseConditions(const std::vector<std::string>& texts) {
  std::vector<etl::Condition> conditions;
  for (const std::string& text : texts) {
    const std::size_t equals = text.find('=');
    if (equals == std::string::npos || equals == 0) {
      return base::Fail(ErrorCode::kInvalid, "{} is no COLUMN=VALUE, expected a column and what it has to be",
                        base::Quoted(text));
    }
    conditions.emplace_back(text.substr(0, equals), text.substr(equals + 1));
  }
  return conditions;
}

Result<int> Trace(const DatasetArguments& arguments, const SignalStop& signals) {
  TIDEMILL_ASSIGN(const auto conditions, ParseConditions(arguments.conditions));
  TIDEMILL_ASSIGN(const Opened opened, Open(arguments));
  TIDEMILL_CHECK(CheckTable(opened, arguments));
  TIDEMILL_ASSIGN(const transform::Register geography, ShippedRegister());
  const etl::ProofTools tools{.store = *opened.store, .geography = geography, .rows = *opened.rows};
  TIDEMILL_ASSIGN(const auto rows,
                  etl::TraceRows(tools, arguments.table, Asked(arguments.version), conditions, signals.token()));
  fmt::print("{}", arguments.json ? LineageJson(arguments.table, rows) + "\n" : LineageText(rows));
  return 0;
}

Result<int> Verify(const DatasetArguments& arguments, const SignalStop& signals) {
  TIDEMILL_ASSIGN(const Opened opened, Open(arguments));
  TIDEMILL_CHECK(CheckTable(opened, arguments));
  TIDEMILL_ASSIGN(const transform::Register geography, ShippedRegister());
  etl::VerifyOptions options{.table = arguments.table, .version = Asked(arguments.version)};
  std::optional<recipe::Recipe> recipe;
  if (!arguments.recipe.empty()) {
    TIDEMILL_ASSIGN(recipe, ReadRecipe(arguments.recipe));
    options.recipe = &*recipe;
  }
  const etl::ProofTools tools{.store = *opened.store, .geography = geography, .rows = *opened.rows};
  TIDEMILL_ASSIGN(const etl::VerifyReport report, etl::VerifyVersion(tools, options, signals.token()));
  fmt::print("{}", arguments.json ? VerifyJson(report) + "\n" : VerifyText(report));
  return report.proven() ? 0 : kCheckFailed;
}

using Arguments = std::shared_ptr<DatasetArguments>;

CLI::App* AddOne(CLI::App& datasets, const Arguments& arguments, const char* name, const char* help,
                 const char* example) {
  CLI::App* command = datasets.add_subcommand(name, help);
  command->footer(std::string("Example:\n  tidemill dataset ") + example);
  command
      ->add_option("--store", arguments->store,
                   "where datasets and workbooks are: a folder, gs://bucket/path or s3://bucket/path")
      ->envname("TIDEMILL_STORE")
      ->capture_default_str();
  command->add_flag("--json", arguments->json, "as JSON on standard output");
  return command;
}

void AddVersion(CLI::App& command, const Arguments& arguments) {
  command.add_option("--version", arguments->version, "of this version; else of the newest")
      ->check(CLI::Range(std::int64_t{0}, kMostVersion));
}

// Runs `work` and turns what it gives into an exit code.
template <class Work>
Command Chosen(Work work) {
  return [work] {
    const Result<int> code = work();
    std::fflush(stdout);
    return code ? *code : Complain(code.error());
  };
}

void AddShow(CLI::App& datasets, Command& chosen) {
  const auto arguments = std::make_shared<DatasetArguments>();
  CLI::App* command = AddOne(datasets, arguments, "show", "tell a dataset's columns, versions, sources and checks",
                             "show deaths_monthly --store ./tidemill-data");
  command->add_option("NAME", arguments->table, "the dataset")->required();
  AddVersion(*command, arguments);
  command->callback([&chosen, arguments] { chosen = Chosen([arguments] { return Show(*arguments); }); });
}

void AddDiff(CLI::App& datasets, Command& chosen) {
  const auto arguments = std::make_shared<DatasetArguments>();
  CLI::App* command = AddOne(datasets, arguments, "diff", "say what one version adds, revises and withdraws",
                             "diff deaths_monthly 3 4 --csv > changes.csv");
  command->add_option("NAME", arguments->table, "the dataset")->required();
  command
      ->add_option("VERSIONS", arguments->versions,
                   "A B: from version A to B; else from the last but one to the newest")
      ->expected(0, 2)
      ->check(CLI::Range(std::int64_t{0}, kMostVersion));
  CLI::Option* csv = command->add_flag("--csv", arguments->csv, "a row a change, as CSV on standard output");
  csv->excludes("--json");
  command->callback([&chosen, arguments] { chosen = Chosen([arguments] { return Diff(*arguments); }); });
}

void AddLineage(CLI::App& datasets, Command& chosen) {
  const auto arguments = std::make_shared<DatasetArguments>();
  CLI::App* command = AddOne(datasets, arguments, "lineage", "lead an observation back to the cell it came from",
                             "lineage deaths_monthly geo_code=E08000007 period=2018-01");
  command->add_option("NAME", arguments->table, "the dataset")->required();
  command->add_option("WHERE", arguments->conditions, "COLUMN=VALUE: what the row has to be (repeatable)")->required();
  AddVersion(*command, arguments);
  command->callback([&chosen, arguments] {
    chosen = Chosen([arguments] {
      const SignalStop signals;
      return Trace(*arguments, signals);
    });
  });
}

void AddVerify(CLI::App& datasets, Command& chosen) {
  const auto arguments = std::make_shared<DatasetArguments>();
  CLI::App* command = AddOne(datasets, arguments, "verify",
                             "read a version's workbooks again and prove the published table, cell for cell",
                             "verify deaths_monthly --version 3");
  command->add_option("NAME", arguments->table, "the dataset")->required();
  AddVersion(*command, arguments);
  command->add_option("--recipe", arguments->recipe, "by this recipe, not by the one that the store keeps");
  command->callback([&chosen, arguments] {
    chosen = Chosen([arguments] {
      const SignalStop signals;
      return Verify(*arguments, signals);
    });
  });
}

}  // namespace

void AddDatasetCommands(CLI::App& app, Command& chosen) {
  CLI::App* datasets = app.add_subcommand("dataset", "look into datasets: versions, differences, lineage, proof");
  datasets->require_subcommand(1);
  const auto arguments = std::make_shared<DatasetArguments>();
  CLI::App* list = AddOne(*datasets, arguments, "ls", "list the datasets of a store", "ls --store ./tidemill-data");
  list->callback([&chosen, arguments] { chosen = Chosen([arguments] { return List(*arguments); }); });
  AddShow(*datasets, chosen);
  AddDiff(*datasets, chosen);
  AddLineage(*datasets, chosen);
  AddVerify(*datasets, chosen);
}

}  // namespace tidemill::app
