// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <cstdio>
#include <optional>

#include <CLI/CLI.hpp>
#include <fmt/core.h>
#include <malloc.h>

#include "tidemill/etl/flows.h"
#include "tidemill/etl/lock.h"

#include "commands.h"
#include "files.h"
#include "signals.h"
#include "stores.h"
#include "tables_library.h"
#include "terminal.h"
#include "user_agent.h"

namespace tidemill::app {
namespace {

struct RunOptions {
  std::string recipe;
  std::vector<std::string> files;
  std::string store = "./tidemill-data";
  etl::Options flow;
  double pause_seconds = -1;
  int min_year = 0;
  std::string contact;
  bool json = false;
  bool quiet = false;
  bool update_lock = false;
};

base::Result<const dataset::RowFunctions*> RowFunctions() {
  TIDEMILL_ASSIGN(const TablesLibrary* const library, OpenTablesLibrary());
  return library->rows;
}

// The lock file beside the recipe, where one lies there and is not to be written anew.
base::Result<std::optional<etl::LockFile>> ReadLockFile(const RunOptions& options) {
  if (options.update_lock) return std::nullopt;
  const std::string file = etl::LockFileOf(options.recipe);
  auto text = ReadFile(file, std::uint64_t{16} << 20U);
  if (text) return etl::LockFile{.name = file, .text = *std::move(text)};
  if (text.error().code == base::ErrorCode::kNotFound) return std::nullopt;
  return tl::unexpected(std::move(text).error());
}

// Writes the lock of what was bound, also where the version is held: its diff is what is to be reviewed.
base::Status UpdateLockFile(const RunOptions& options, const etl::Report& report) {
  const bool bound = report.outcome != etl::Outcome::kCheckFailed && report.outcome != etl::Outcome::kFailed;
  if (!options.update_lock || !bound || report.lock.empty()) return {};
  const std::string file = etl::LockFileOf(options.recipe);
  TIDEMILL_CHECK(WriteFile(file, report.lock));
  fmt::print(stderr, "{} written\n", file);
  return {};
}

base::Status RunOne(etl::Stage stage, const RunOptions& options, const SignalStop& signals, etl::Report& report) {
  TIDEMILL_ASSIGN(std::string recipe_text, ReadRecipeText(options.recipe));
  TIDEMILL_ASSIGN(const recipe::Recipe recipe, recipe::Recipe::Parse(recipe_text, options.recipe));
  TIDEMILL_ASSIGN(const transform::Register geography, ShippedRegister());
  TIDEMILL_ASSIGN(const auto store, OpenStore(options.store, signals.token()));
  TIDEMILL_ASSIGN(std::optional<etl::LockFile> lock_file, ReadLockFile(options));
  const auto client = http::MakeHttpClient(UserAgent(options.contact));
  const base::SystemClock clock;
  flow::TerminalObserver observer(TerminalOptionsOf(options.quiet || options.json), clock, MakeRandom());
  etl::Job job{.recipe = recipe,
               .geography = geography,
               .store = *store,
               .client = *client,
               .clock = clock,
               .options = options.flow,
               .recipe_text = std::move(recipe_text),
               .lock_file = std::move(lock_file),
               .program_version = TIDEMILL_VERSION,
               .rows = &RowFunctions};
  const bool fetches = stage == etl::Stage::kMain || stage == etl::Stage::kExtract;
  if (fetches && !options.flow.offline && options.flow.page.empty()) {
    TIDEMILL_ASSIGN(job.options.files, WorkbookAddresses(recipe.base().source, options.recipe, options.files));
  }
  if (options.pause_seconds >= 0) {
    job.options.pause = std::chrono::milliseconds{std::lround(options.pause_seconds * 1'000)};
  }
  if (options.min_year != 0) job.options.min_year = options.min_year;
  base::Status status = etl::RunStage(stage, job, {.observer = observer, .clock = clock, .random = MakeRandom()},
                                      signals.token(), report);
  TIDEMILL_CHECK(UpdateLockFile(options, report));
  return status;
}

// A run takes and gives back buffers of some hundred kilobytes all the time. Given back to the system, each would come
// back as new pages to be cleared: a twentieth of a run.
void KeepFreedMemory() {
  ::mallopt(M_MMAP_THRESHOLD, 32 << 20);
  ::mallopt(M_TRIM_THRESHOLD, 256 << 20);
  ::mallopt(M_TOP_PAD, 1 << 20);
}

int Run(etl::Stage stage, const RunOptions& options) {
  KeepFreedMemory();
  const SignalStop signals;
  etl::Report report;
  const base::Status status = RunOne(stage, options, signals, report);
  if (options.json) {
    if (report.flow.empty()) report.error = status ? std::string() : status.error().ToText();
    fmt::print("{}\n", etl::ToJson(report));
  } else if (!report.flow.empty()) {
    fmt::print("{}", etl::ToText(report));
  }
  std::fflush(stdout);
  return status ? 0 : Complain(status.error());
}

void AddOne(CLI::App& app, Command& chosen, etl::Stage stage, const std::string& name, const std::string& help,
            const std::string& example) {
  auto options = std::make_shared<RunOptions>();
  CLI::App* command = app.add_subcommand(name, help);
  command->footer("Example:\n  " + example);
  command->add_option("RECIPE", options->recipe, "the recipe's file (.toml)")->required();
  command
      ->add_option("--store", options->store,
                   "where datasets and workbooks are: a folder, gs://bucket/path or s3://bucket/path")
      ->envname("TIDEMILL_STORE")
      ->capture_default_str();
  if (stage == etl::Stage::kMain || stage == etl::Stage::kExtract) {
    command->add_option("FILE", options->files, "workbooks to read, instead of what the recipe's source says");
    command->add_option("--page", options->flow.page, "another page than the recipe's: http, https or file");
    command->add_option("--pause", options->pause_seconds, "seconds between requests, instead of the recipe's")
        ->check(CLI::Range(0.0, 3600.0));
    command->add_option("--contact", options->contact, "whom the publisher may write to; part of the User-Agent")
        ->envname("TIDEMILL_CONTACT");
    command->add_option("--retries", options->flow.retries, "of a request that may work later")
        ->check(CLI::Range(0, 20))
        ->capture_default_str();
  }
  if (stage == etl::Stage::kMain) {
    command->add_flag("--offline", options->flow.offline, "read only what the store holds");
    command->add_flag("--all-versions", options->flow.all_versions,
                      "read the superseded files too and publish each state of the past as a version");
  }
  if (stage != etl::Stage::kLoad) {
    command->add_option("--min-year", options->min_year, "only editions from this year on")
        ->check(CLI::Range(1800, 2199));
    command->add_flag("--force", options->flow.force, "download and read again what is held");
  }
  if (stage == etl::Stage::kMain || stage == etl::Stage::kTransform) {
    command
        ->add_flag("--update-lock", options->update_lock, "write what is bound to RECIPE's .lock.toml, to be reviewed")
        ->excludes("--min-year");
  }
  if (stage != etl::Stage::kExtract) {
    command
        ->add_option("--accept", options->flow.accept,
                     "publish in spite of this finding that holds the version, as the report prints it (repeatable)")
        ->expected(1)
        ->take_all();
  }
  command->add_flag("--json", options->json, "the report as JSON on standard output, no progress");
  command->add_flag("-q,--quiet", options->quiet, "warnings and errors only, and the report");
  command->callback([&chosen, options, stage] { chosen = [options, stage] { return Run(stage, *options); }; });
}

}  // namespace

void AddRunCommands(CLI::App& app, Command& chosen) {
  AddOne(app, chosen, etl::Stage::kMain, "run", "extract, transform and load in one go (the flow main-flow)",
         "tidemill run recipes/ons/deaths-monthly.toml --store ./tidemill-data");
  AddOne(app, chosen, etl::Stage::kExtract, "extract", "read the publisher's page, download what is new or changed",
         "tidemill extract recipes/ons/deaths-monthly.toml");
  AddOne(app, chosen, etl::Stage::kTransform, "transform", "make the held workbooks tidy, check, prepare a version",
         "tidemill transform recipes/ons/deaths-monthly.toml");
  AddOne(app, chosen, etl::Stage::kLoad, "load", "publish the prepared version",
         "tidemill load recipes/ons/deaths-monthly.toml");
}

}  // namespace tidemill::app
