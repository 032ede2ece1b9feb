// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <cstdio>
#include <memory>
#include <mutex>

#include <CLI/CLI.hpp>
#include <fmt/core.h>
#include <unistd.h>

#include "tidemill/http/url.h"
#include "tidemill/worker/poll.h"
#include "tidemill/worker/process.h"

#include "agent.h"
#include "client_commands.h"
#include "cloud_starter.h"
#include "environment.h"
#include "signals.h"
#include "user_agent.h"

namespace tidemill::app {
namespace {

using base::Status;
using std::chrono::milliseconds;
using std::chrono::seconds;

std::string HostName() {
  std::array<char, 256> name{};
  return ::gethostname(name.data(), name.size() - 1) == 0 ? std::string(name.data()) : std::string("localhost");
}

// Where the notes on running processes lie.
std::string StateFolder() {
  const std::string said = FromEnvironment("XDG_STATE_HOME");
  if (!said.empty()) return said + "/tidemill";
  const std::string home = FromEnvironment("HOME");
  return (home.empty() ? std::string(".") : home) + "/.local/state/tidemill";
}

milliseconds Milliseconds(double value) {
  return milliseconds(static_cast<std::int64_t>(value * 1000));
}

// What runs need to report to the same server: every setting, also those of the profile.
base::Result<std::vector<std::pair<std::string, std::string>>> SettingsForRuns(const prefect::ApiSettings& api) {
  TIDEMILL_ASSIGN(const auto all, prefect::AllSettings(FromEnvironment));
  std::vector<std::pair<std::string, std::string>> settings{{"PREFECT_API_URL", api.url}};
  for (const prefect::Setting& setting : all) {
    if (setting.name != "PREFECT_API_URL" && setting.name != "PREFECT_SERVER_API_AUTH_STRING") {
      settings.emplace_back(setting.name, setting.value);
    }
  }
  return settings;
}

void AddCommon(CLI::App& command, AgentOptions& options) {
  command.add_option("-l,--limit", options.limit, "runs at once")->check(CLI::Range(1, 10'000));
  command.add_option("--prefetch-seconds", options.prefetch_seconds, "how early a run is taken")
      ->check(CLI::Range(0.0, 86'400.0))
      ->capture_default_str();
  command.add_option("--poll", options.poll_seconds, "seconds between asking for runs")
      ->check(CLI::Range(0.05, 3600.0))
      ->capture_default_str();
  command.add_option("--grace", options.grace_seconds, "seconds that running runs have when this program is to end")
      ->check(CLI::Range(0.0, 86'400.0))
      ->capture_default_str();
  command.add_flag("--run-once", options.once, "take what is due now, see it to its end, and stop");
  command.add_flag("--hide-welcome", options.quiet, "no word of what is asked");
  command.add_option("--api", options.api, "address of the server, instead of PREFECT_API_URL");
}

void Choose(Command& chosen, const std::shared_ptr<AgentOptions>& options) {
  chosen = [options] {
    const SignalStop signals;
    const Status status = RunAgent(*options, signals.token());
    return status ? 0 : Complain(status.error());
  };
}

void AddAgentStart(CLI::App& app, Command& chosen) {
  auto options = std::make_shared<AgentOptions>();
  CLI::App* start = GroupOf(app, "agent", "takes the runs of work queues").add_subcommand("start", "start an agent");
  start->footer("Example:\n  tidemill agent start -q default");
  options->python = FromEnvironment("TIDEMILL_PYTHON");
  start->add_option("QUEUE", options->queues, "work queues, as -q");
  start->add_option("-q,--work-queue", options->queues, "a work queue, made where it is not there (repeatable)")
      ->expected(1)
      ->take_all();
  start->add_option("-m,--match", options->prefixes, "all queues whose names begin so (repeatable)")
      ->expected(1)
      ->take_all();
  start->add_option("-p,--pool", options->pool, "the work pool whose queues these are");
  AddCommon(*start, *options);
  start->callback([&chosen, options] { Choose(chosen, options); });
}

void AddWorkerStart(CLI::App& app, Command& chosen) {
  auto options = std::make_shared<AgentOptions>();
  options->worker = true;
  options->python = FromEnvironment("TIDEMILL_PYTHON");
  options->poll_seconds = 10;
  options->prefetch_seconds = 10;
  CLI::App* start = GroupOf(app, "worker", "takes the runs of a work pool").add_subcommand("start", "start a worker");
  start->footer("Example:\n  tidemill worker start -p my-pool -t process");
  start->add_option("-p,--pool", options->pool, "the work pool")->required();
  start->add_option("-t,--type", options->type, "a pool of this type is made where there is none");
  start->add_option("-q,--work-queue", options->queues, "only this queue of the pool (repeatable)")
      ->expected(1)
      ->take_all();
  start->add_option("-n,--name", options->name, "of this worker; else made of host and process");
  AddCommon(*start, *options);
  start->callback([&chosen, options] { Choose(chosen, options); });
}

}  // namespace

Status RunAgent(const AgentOptions& options, std::stop_token stop) {
  if (options.queues.empty() && options.prefixes.empty() && options.pool.empty()) {
    return base::Fail(base::ErrorCode::kInvalid, "no work queue is named: -q default, or -m PREFIX, or -p POOL");
  }
  TIDEMILL_ASSIGN(prefect::ApiSettings settings, prefect::LoadSettings(FromEnvironment));
  if (!options.api.empty()) settings.url = options.api;
  const auto http = http::MakeHttpClient(ApiUserAgent());
  const base::SystemClock clock;
  const prefect::Client client(*http, settings, clock);
  TIDEMILL_ASSIGN(auto for_runs, SettingsForRuns(client.settings()));
  std::mutex mutex;
  const auto say = [&mutex](const std::string& line) {
    const std::lock_guard lock(mutex);
    fmt::print("{}\n", line);
    std::fflush(stdout);
  };
  const std::string host = HostName();
  worker::Starters starters;
  starters["process"] =
      worker::StartsProcesses({.program = OwnProgram(),
                               .python = options.python.empty() ? std::string("python3") : options.python,
                               .host = host});
  worker::Finders finders;
  // A pool of the type cloud-run is an older one, with fewer of the same variables.
  for (const auto& [type, fields] :
       {std::pair("cloud-run-job", "cloud-run-job"), std::pair("cloud-run-v2", "cloud-run-v2"),
        std::pair("cloud-run", "cloud-run-v2")}) {
    starters[type] = StartsCloudRunJobs(fields);
    finders[type] = FindsCloudRunJobs(fields);
  }
  const std::string what = options.worker ? options.pool : options.queues.empty() ? "match" : options.queues.front();
  worker::Supervisor supervisor(
      client, std::move(starters),
      {.journal = (options.state.empty() ? StateFolder() : options.state) + (options.worker ? "/worker-" : "/agent-") +
                  prefect::PathPart(what) + "-" + prefect::PathPart(http::HostAndPort(settings.url)),
       .host = host,
       .finders = std::move(finders),
       .settings = std::move(for_runs),
       .say = say});
  if (!options.once) supervisor.TakeOver();
  const std::unique_ptr<worker::WorkSource> source =
      options.worker
          ? worker::MakePoolSource(
                client,
                {.pool = options.pool,
                 .type = options.type,
                 .queues = options.queues,
                 .worker_name = options.name.empty() ? fmt::format("tidemill {} {}", host, ::getpid()) : options.name})
          : worker::MakeAgentSource(client,
                                    {.names = options.queues, .prefixes = options.prefixes, .pool = options.pool}, say);
  if (!options.quiet) {
    say(fmt::format("{} asks {} for runs of {}", options.worker ? "worker" : "agent", http::MaskUrl(settings.url),
                    what));
  }
  Status status = worker::PollForRuns(*source, supervisor, client,
                                      {.interval = Milliseconds(options.poll_seconds),
                                       .prefetch = Milliseconds(options.prefetch_seconds),
                                       .limit = static_cast<std::size_t>(options.limit),
                                       .once = options.once,
                                       .say = say},
                                      stop);
  // One look for what is due ends with what it found; a signal in the meantime ends that too.
  while (options.once && supervisor.running() > 0 && clock.SleepFor(milliseconds(100), stop)) {
  }
  supervisor.Finish(Milliseconds(options.once && !stop.stop_requested() ? 0 : options.grace_seconds));
  return status;
}

void AddAgentCommands(CLI::App& app, Command& chosen) {
  AddAgentStart(app, chosen);
  AddWorkerStart(app, chosen);
}

}  // namespace tidemill::app
