// SPDX-License-Identifier: Apache-2.0
#include <cstdio>
#include <cstdlib>
#include <memory>

#include <CLI/CLI.hpp>
#include <fmt/core.h>

#include "tidemill/base/text.h"
#include "tidemill/data_api/service.h"
#include "tidemill/http/server.h"
#include "tidemill/web/pages.h"

#include "commands.h"
#include "signals.h"

namespace tidemill::app {
namespace {

struct ServeOptions {
  http::ServerOptions server;
  int port = 8000;
  data_api::ServiceOptions service;
  double poll_seconds = 1;
  std::vector<std::string> columns;  // "geo_code=dimension"
  bool quiet = false;
};

// "geo_code=dimension,deaths=measure"
base::Result<query::RoleOverrides> ParseRoles(const std::vector<std::string>& columns) {
  query::RoleOverrides roles;
  for (const std::string& entry : columns) {
    const std::size_t equals = entry.find('=');
    const auto role = equals == std::string::npos ? std::nullopt : query::RoleNamed(entry.substr(equals + 1));
    if (!role) {
      return base::Fail(base::ErrorCode::kInvalid, "--columns {} is not NAME=ROLE with a role of {}",
                        base::Quoted(entry), "dimension, time, measure, status, label, attribute, lineage");
    }
    roles[entry.substr(0, equals)] = *role;
  }
  return roles;
}

// Container platforms say by PORT where a service has to listen: on all addresses then.
void ListenWhereThePlatformSays(ServeOptions& options) {
  const char* port = std::getenv("PORT");
  if (port == nullptr) return;
  const auto number = base::ParseInt(port);
  if (!number || *number < 1 || *number > 65'535) return;
  options.server.host = "0.0.0.0";
  options.port = static_cast<int>(*number);
}

http::ServerHandlers HandlersOf(const data_api::Service& service) {
  return {.handle =
              [&service](const http::Request& request) {
                auto page = web::HandlePage(request);
                return page ? *std::move(page) : service.Handle(request);
              },
          .fast = [&service](const http::Request& request,
                             http::Prepared& prepared) { return service.HandleFast(request, prepared); },
          .refuse = &data_api::Service::Refuse};
}

void Announce(const data_api::Service& service, const std::string& host, std::uint16_t port) {
  const std::string address = fmt::format("http://{}:{}", host == "0.0.0.0" ? "127.0.0.1" : host, port);
  for (const auto& [id, version] : service.Datasets()) fmt::print("{} version {}\n", id, version);
  fmt::print("serving on {}  (API: {}/docs, datasets: {}/v1/datasets)\n", address, address, address);
  std::fflush(stdout);
}

base::Status Serve(const ServeOptions& options) {
  const SignalStop signals;
  const base::SystemClock clock;
  data_api::ServiceOptions service_options = options.service;
  TIDEMILL_ASSIGN(service_options.columns, ParseRoles(options.columns));
  service_options.poll = base::Duration{static_cast<std::int64_t>(options.poll_seconds * 1e6)};
  service_options.build = {.version = TIDEMILL_VERSION, .commit = TIDEMILL_COMMIT, .compiler = TIDEMILL_COMPILER};
  TIDEMILL_ASSIGN(const auto service, data_api::Service::Open(std::move(service_options), clock));
  http::ServerOptions server_options = options.server;
  server_options.port = static_cast<std::uint16_t>(options.port);
  TIDEMILL_ASSIGN(const auto server, http::Server::Start(server_options, HandlersOf(*service), clock));
  service->StartPolling();
  if (!options.quiet) Announce(*service, options.server.host, server->port());
  signals.Wait();
  server->Stop();
  service->StopPolling();
  return {};
}

}  // namespace

void AddServeCommand(CLI::App& app, Command& chosen) {
  auto options = std::make_shared<ServeOptions>();
  ListenWhereThePlatformSays(*options);
  CLI::App* command = app.add_subcommand("serve", "answer a data API over datasets, from memory");
  command->footer("Examples:\n  tidemill serve ./tidemill-data\n  tidemill serve deaths_data.parquet --port 8001");
  command->add_option("PATH", options->service.paths, "stores, dataset folders, Parquet files or folders of them")
      ->required();
  command->add_option("--host", options->server.host, "address to listen on")->capture_default_str();
  command->add_option("--port", options->port, "port; 0 takes any that is free (the variable PORT is heeded)")
      ->check(CLI::Range(0, 65'535))
      ->capture_default_str();
  command->add_option("--threads", options->server.io_threads, "threads that answer connections")
      ->check(CLI::Range(1, 256))
      ->capture_default_str();
  command->add_option("--workers", options->server.workers, "threads that compute answers")
      ->check(CLI::Range(1, 256))
      ->capture_default_str();
  command->add_option("--public-url", options->service.public_url, "what absolute links begin with");
  command->add_option("--seed-dataset", options->service.seed_dataset,
                      "which dataset /year/{year}/geo_code/{code} answers from, where several could");
  command->add_option("--columns", options->columns, "roles of columns: NAME=ROLE,…")->delimiter(',');
  command->add_option("--poll", options->poll_seconds, "seconds between looks for a new version")
      ->check(CLI::Range(0.05, 86400.0))
      ->capture_default_str();
  command->add_flag("-q,--quiet", options->quiet, "no word of what is served");
  command->callback([&chosen, options] {
    chosen = [options] {
      const base::Status status = Serve(*options);
      return status ? 0 : Complain(status.error());
    };
  });
}

}  // namespace tidemill::app
