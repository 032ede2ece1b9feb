// SPDX-License-Identifier: Apache-2.0
#include <cstdio>
#include <filesystem>
#include <system_error>

#include <CLI/CLI.hpp>
#include <fmt/core.h>

#include "tidemill/prefect/rest_observer.h"
#include "tidemill/prefect/run_watch.h"
#include "tidemill/prefect/wire.h"

#include "client_commands.h"
#include "entrypoint.h"
#include "environment.h"
#include "files.h"
#include "flow_parameters.h"
#include "published_events.h"
#include "signals.h"
#include "terminal.h"
#include "user_agent.h"

namespace tidemill::app {
namespace {

namespace json = prefect::json;
using base::ErrorCode;
using base::Fail;
using base::Result;
using base::Status;

constexpr std::chrono::milliseconds kPatienceAtTheEnd{120'000};

// The flow run as its server has it, and what is run for it.
struct Plan {
  json::value run, deployment;
  etl::Stage stage = etl::Stage::kMain;
  RunOptions options;
};

Status GoTo(const std::string& folder) {
  if (folder.empty()) return {};
  std::error_code error;
  std::filesystem::current_path(folder, error);
  if (error) return base::FailAt(ErrorCode::kNotFound, folder, "cannot be entered: {}", error.message());
  return {};
}

// The steps of a deployment of 3.x that need no program of others.
Status TakePullSteps(const json::value& deployment) {
  for (const json::value& step : prefect::ArrayIn(deployment, "pull_steps")) {
    for (const auto& [name, inputs] : prefect::AsObject(step)) {
      if (!std::string_view(name).ends_with("set_working_directory")) {
        return Fail(ErrorCode::kUnsupported, "pull step {} is not known here: set_working_directory is",
                    base::Quoted(std::string_view(name)));
      }
      TIDEMILL_CHECK(GoTo(prefect::TextIn(inputs, "directory")));
    }
  }
  return {};
}

// Where the recipe lies: pull steps, else a storage block of this machine, else the deployment's path.
Status EnterItsFolder(const prefect::Client& client, const json::value& deployment) {
  if (const std::string said = FromEnvironment("PREFECT__STORAGE_BASE_PATH"); !said.empty()) return GoTo(said);
  TIDEMILL_CHECK(GoTo(prefect::TextIn(deployment, "path")));
  if (!prefect::ArrayIn(deployment, "pull_steps").empty()) return TakePullSteps(deployment);
  const std::string storage = prefect::TextIn(deployment, "storage_document_id");
  if (storage.empty()) return {};
  TIDEMILL_ASSIGN(const json::value block, client.Get("/block_documents/" + storage + "?include_secrets=true"));
  const std::string type = prefect::TextIn(block, "block_type.slug");
  if (type != "local-file-system") {
    return Fail(ErrorCode::kUnsupported, "the deployment's storage is a {} block: local-file-system is known here",
                base::Quoted(type));
  }
  return GoTo(prefect::TextIn(block, "data.basepath"));
}

// The old system's flow wrote into the bucket of a block of this name, which no parameter said.
constexpr std::string_view kOldBucket = "gcs-bucket/etlapi-bucket";

Status ChooseStore(const prefect::Client& client, const recipe::Spec& recipe, Plan& plan) {
  if (const std::string store = FromEnvironment("TIDEMILL_STORE"); !store.empty()) {
    plan.options.store = store;
    return {};
  }
  if (prefect::Find(plan.run, "parameters.store") != nullptr || !etl::KeepsOldNames(recipe)) return {};
  const std::size_t slash = kOldBucket.find('/');
  const auto block = client.Get(fmt::format("/block_types/slug/{}/block_documents/name/{}", kOldBucket.substr(0, slash),
                                            kOldBucket.substr(slash + 1)));
  if (!block && block.error().code == ErrorCode::kNotFound) return {};
  if (!block) return tl::unexpected(block.error());
  plan.options.store = fmt::format("block:{}", kOldBucket);
  fmt::print("no store is named: the figures go to the server's block {}\n", kOldBucket);
  return {};
}

Status MakePlan(const prefect::Client& client, Plan& plan) {
  const std::string deployment = prefect::TextIn(plan.run, "deployment_id");
  if (deployment.empty()) return Fail(ErrorCode::kInvalid, "the flow run has no deployment: there is nothing to run");
  TIDEMILL_ASSIGN(plan.deployment, client.Get("/deployments/" + deployment));
  std::string said = FromEnvironment("PREFECT__FLOW_ENTRYPOINT");
  if (said.empty()) said = prefect::TextIn(plan.deployment, "entrypoint");
  TIDEMILL_ASSIGN(const Entrypoint entrypoint, ParseEntrypoint(said));
  if (!IsRecipe(entrypoint)) {
    return Fail(ErrorCode::kUnsupported, "entrypoint {} is no recipe (.toml): Python flows are run by prefect.engine",
                base::Quoted(said));
  }
  TIDEMILL_CHECK(EnterItsFolder(client, plan.deployment));
  TIDEMILL_ASSIGN(const recipe::Recipe recipe, ReadRecipe(entrypoint.file));
  TIDEMILL_ASSIGN(plan.stage, StageOf(entrypoint, recipe.base()));
  plan.options.recipe = entrypoint.file;
  TIDEMILL_CHECK(ChooseStore(client, recipe.base(), plan));
  return ApplyFlowParameters(prefect::ObjectIn(plan.run, "parameters"), plan.options);
}

// A run that could not be begun ends Failed, and its server knows why.
int FailRun(const prefect::Client& client, const std::string& id, const base::Error& error) {
  Complain(error);
  const flow::State failed{.type = flow::StateType::kFailed,
                           .name = "Failed",
                           .message = "the flow could not be begun: " + error.ToText(),
                           .timestamp = {}};
  const auto told = client.Post("/flow_runs/" + id + "/set_state",
                                json::object{{"state", prefect::StateJson(failed)}, {"force", false}});
  return told ? 0 : Complain(told.error());
}

int RunPlan(const prefect::Client& client, const std::string& id, const Plan& plan, std::stop_token from_signals) {
  std::stop_source stop;
  const std::stop_callback on_signal(std::move(from_signals), [&stop] { stop.request_stop(); });
  flow::TerminalOptions shown = TerminalOptionsOf(false);
  shown.live = false;  // what is written becomes lines of a log
  flow::TerminalObserver terminal(std::move(shown), client.clock(), MakeRandom());
  prefect::RestObserver observer(terminal, client, {.flow_run_id = id, .server_decides = true});
  etl::Report report;
  Status status;
  {
    const prefect::RunWatch watch(client, id, prefect::TextIn(plan.run, "name"), [&stop] { stop.request_stop(); });
    status = RunRecipe(plan.stage, plan.options, observer, stop.get_token(), report);
    TellPublished(client, report, id);
    observer.Flush(kPatienceAtTheEnd);
  }
  if (!report.flow.empty()) fmt::print("{}", etl::ToText(report));
  if (const std::string losses = observer.Losses(); !losses.empty()) fmt::print(stderr, "tidemill: {}\n", losses);
  if (observer.server_knows_the_end()) return 0;
  return status ? Complain({.code = ErrorCode::kUnavailable, .message = "the server was not told how the run ended"})
                : Complain(status.error());
}

Result<int> Execute(std::string id, std::stop_token stop) {
  if (id.empty()) id = FromEnvironment("PREFECT__FLOW_RUN_ID");
  if (id.empty()) {
    return Fail(ErrorCode::kInvalid, "no flow run is named: give its ID, or set PREFECT__FLOW_RUN_ID");
  }
  TIDEMILL_ASSIGN(const prefect::ApiSettings settings, prefect::LoadSettings(FromEnvironment));
  const auto http = http::MakeHttpClient(ApiUserAgent());
  const base::SystemClock clock;
  const prefect::Client client(*http, settings, clock);
  Plan plan;
  TIDEMILL_ASSIGN(plan.run, client.Get("/flow_runs/" + prefect::PathPart(id), {.stop = stop}));
  id = prefect::TextIn(plan.run, "id");
  if (const Status made = MakePlan(client, plan); !made) return FailRun(client, id, made.error());
  TIDEMILL_ASSIGN(const json::value noted,
                  client.Ask("PATCH", "/flow_runs/" + id,
                             json::object{{"flow_version", FlowVersion(plan.options.recipe)}}, {.stop = stop}));
  return RunPlan(client, id, plan, std::move(stop));
}

}  // namespace

void AddFlowRunExecute(CLI::App& app, Command& chosen) {
  auto id = std::make_shared<std::string>();
  CLI::App* command = GroupOf(app, "flow-run", "runs of flows on a server")
                          .add_subcommand("execute", "run a deployment's flow here, for a run that the server has");
  command->footer(
      "Example:\n  tidemill flow-run execute 5c2f1a0e-…\nWhat an agent or a worker starts. Ends with 0 when the server "
      "knows how the run ended, be it Failed.");
  command->add_option("ID", *id, "of the flow run; else PREFECT__FLOW_RUN_ID");
  command->callback([&chosen, id] {
    chosen = [id] {
      const SignalStop signals;
      const auto code = Execute(*id, signals.token());
      return code ? *code : Complain(code.error());
    };
  });
}

}  // namespace tidemill::app
