// SPDX-License-Identifier: Apache-2.0
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/core.h>

#include "tidemill/base/seal.h"
#include "tidemill/base/sha256.h"
#include "tidemill/cloud/cloud_run.h"

#include "commands.h"
#include "files.h"
#include "signals.h"
#include "stores.h"

namespace tidemill::app {
namespace {

struct CloudRunArguments {
  std::string file;
  std::string type = "cloud-run-job";
  std::string name;
  std::vector<std::string> variables;
};

base::Status AddVariables(const CloudRunArguments& arguments, cloud::CloudRunFields& fields) {
  for (const std::string& text : arguments.variables) {
    const std::size_t equals = text.find('=');
    if (equals == std::string::npos || equals == 0) {
      return base::Fail(base::ErrorCode::kInvalid, "--env {} is no NAME=VALUE", base::Quoted(text));
    }
    cloud::SetVariable(fields, text.substr(0, equals), text.substr(equals + 1));
  }
  return {};
}

base::Result<int> RunJob(const CloudRunArguments& arguments, const SignalStop& signals) {
  constexpr std::uint64_t kMostBytes = std::uint64_t{1} << 20U;
  TIDEMILL_ASSIGN(const std::string json, ReadFile(arguments.file, kMostBytes));
  TIDEMILL_ASSIGN(cloud::CloudRunFields fields, cloud::ParseCloudRunFields(arguments.type, json));
  TIDEMILL_CHECK(AddVariables(arguments, fields));
  std::string name = arguments.name;
  if (name.empty()) name = cloud::CloudRunJobName(base::ToHex(base::SecureRandom(6)), 0);
  cloud::CloudRunOrder order{.fields = std::move(fields),
                             .name = std::move(name),
                             .say =
                                 [](std::string_view line) {
                                   fmt::print("{}\n", line);
                                   std::fflush(stdout);
                                 },
                             .cancel = signals.token()};
  // What cancels is not what ends the requests: the job has to be deleted afterwards.
  TIDEMILL_ASSIGN(const auto job, cloud::CloudRunJob::Start(std::move(order), CloudMeans({})));
  return job->Wait();
}

}  // namespace

void AddCloudRunCommand(CLI::App& app, Command& chosen) {
  auto arguments = std::make_shared<CloudRunArguments>();
  CLI::App* command =
      app.add_subcommand("cloud-run", "run one job on Cloud Run by a block's fields, follow and delete it");
  command->footer(
      "Example, to see whether image, region and accounts fit before flow runs use them:\n"
      "  echo '{\"image\": \"…/tidemill:latest\", \"region\": \"europe-west2\", \"args\": [\"--version\"]}' > "
      "job.json\n"
      "  tidemill cloud-run job.json");
  command->add_option("FILE", arguments->file, "JSON of the fields of a block cloud-run-job")->required();
  command->add_option("--type", arguments->type, "whose fields they are: a block's or a work pool's")
      ->check(CLI::IsMember({"cloud-run-job", "cloud-run-v2"}))
      ->capture_default_str();
  command->add_option("--name", arguments->name, "of the job; default: a new one");
  command->add_option("--env", arguments->variables, "NAME=VALUE for the container, nothing secret (repeatable)");
  command->callback([&chosen, arguments] {
    chosen = [arguments] {
      const SignalStop signals;
      const auto code = RunJob(*arguments, signals);
      return code ? *code : Complain(code.error());
    };
  });
}

}  // namespace tidemill::app
