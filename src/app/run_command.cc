// SPDX-License-Identifier: Apache-2.0
#include <cstdio>
#include <optional>

#include <CLI/CLI.hpp>
#include <fmt/core.h>

#include "tidemill/prefect/rest_observer.h"

#include "commands.h"
#include "environment.h"
#include "published_events.h"
#include "run_recipe.h"
#include "signals.h"
#include "terminal.h"
#include "user_agent.h"

namespace tidemill::app {
namespace {

constexpr std::chrono::milliseconds kPatienceAtTheEnd{5'000};  // with a server that is away

base::Status RunAndTell(etl::Stage stage, const RunOptions& options, const SignalStop& signals, etl::Report& report) {
  const base::SystemClock clock;
  flow::TerminalObserver observer(TerminalOptionsOf(options.quiet || options.json), clock, MakeRandom());
  TIDEMILL_ASSIGN(const prefect::ApiSettings settings, prefect::LoadSettings(FromEnvironment));
  if (!settings.configured) return RunRecipe(stage, options, observer, signals.token(), report);
  const auto http = http::MakeHttpClient(ApiUserAgent());
  const prefect::Client client(*http, settings, clock);
  prefect::RestObserver telling(observer, client, {.flow_version = FlowVersion(options.recipe)});
  base::Status status = RunRecipe(stage, options, telling, signals.token(), report);
  if (const std::string id = telling.server_run_id(); !id.empty()) TellPublished(client, report, id);
  telling.Flush(kPatienceAtTheEnd);
  if (const std::string losses = telling.Losses(); !losses.empty()) fmt::print(stderr, "tidemill: {}\n", losses);
  return status;
}

int Run(etl::Stage stage, const RunOptions& options) {
  const SignalStop signals;
  etl::Report report;
  const base::Status status = RunAndTell(stage, options, signals, report);
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
