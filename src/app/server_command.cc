// SPDX-License-Identifier: Apache-2.0
#include <condition_variable>
#include <cstdio>
#include <memory>
#include <mutex>
#include <random>
#include <stop_token>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/core.h>

#include "tidemill/base/clock.h"
#include "tidemill/http/server.h"
#include "tidemill/orchestrator/service.h"
#include "tidemill/web/server_pages.h"

#include "client_commands.h"
#include "environment.h"
#include "orchestration.h"
#include "signals.h"

namespace tidemill::app {
namespace {

constexpr int kPort = 4200;
constexpr std::size_t kMostBodyBytes = std::size_t{16} << 20U;  // clients send logs by 4 MB

struct ServerOptions {
  std::string host = "127.0.0.1";
  int port = kPort;
  std::string folder;
  std::vector<std::string> allowed_hosts;
  std::int64_t most_megabytes = 2048;
  bool no_auth = false;
  bool no_services = false;
  bool allow_clear = false;
  std::function<void(std::uint16_t port)> listening = {};  // told once it answers
};

// Where the state of the one-machine product lies when nobody says.
std::string HomeFolder() {
  const std::string data = FromEnvironment("XDG_DATA_HOME");
  if (!data.empty()) return data + "/tidemill/server";
  const std::string home = FromEnvironment("HOME");
  return (home.empty() ? std::string(".") : home) + "/.local/share/tidemill/server";
}

bool IsLoopback(const std::string& host) {
  return host == "localhost" || host == "::1" || host.starts_with("127.");
}

http::ServerOptions HttpOptions(const ServerOptions& options) {
  http::ServerOptions http;
  http.host = options.host;
  http.port = static_cast<std::uint16_t>(options.port);
  http.workers = 16;  // most of them wait for the writer's commit
  http.most_queued = 4096;
  http.most_body_bytes = kMostBodyBytes;
  return http;
}

void WaitFor(std::stop_token stop) {
  std::mutex mutex;
  std::condition_variable_any never;
  std::unique_lock lock(mutex);
  never.wait(lock, std::move(stop), [] { return false; });
}

base::Status Start(const ServerOptions& options, std::stop_token stop) {
  orchestrator::ServiceOptions service_options{.folder = options.folder,
                                               .auth_string = FromEnvironment("PREFECT_SERVER_API_AUTH_STRING"),
                                               .secret_key = FromEnvironment("TIDEMILL_SECRET_KEY"),
                                               .allowed_hosts = options.allowed_hosts,
                                               .most_bytes = options.most_megabytes << 20U,
                                               .program = "tidemill " TIDEMILL_VERSION,
                                               .allow_clear = options.allow_clear};
  if (!IsLoopback(options.host)) {
    if (service_options.auth_string.empty() && !options.no_auth) {
      return base::Fail(base::ErrorCode::kForbidden,
                        "{} can be reached from other machines, and whoever reaches this server can run programs: set "
                        "PREFECT_SERVER_API_AUTH_STRING to user:password (`server start` takes --no-auth too)",
                        options.host);
    }
    service_options.allowed_hosts.push_back(options.host);
  }
  const base::SystemClock clock;
  std::random_device seed;
  std::mt19937_64 generator((std::uint64_t{seed()} << 32U) | seed());
  TIDEMILL_ASSIGN(const auto service,
                  orchestrator::Service::Open(std::move(service_options), clock, [&] { return generator(); }));
  if (!options.no_services) {
    TIDEMILL_CHECK(service->StartServices([](const base::Error& error) { (void)Complain(error); }));
  }
  const auto handle = [&](const http::Request& request) {
    auto page = web::HandleServerPage(request);
    return page ? *std::move(page) : service->Handle(request);
  };
  http::ServerHandlers handlers{.handle = handle, .fast = {}, .refuse = orchestrator::Service::RefusalOf};
  TIDEMILL_ASSIGN(const auto server, http::Server::Start(HttpOptions(options), std::move(handlers), clock));
  fmt::print("orchestration server: http://{0}:{1}/api (data in {2}); pages at http://{0}:{1}/\n", options.host,
             server->port(), options.folder);
  std::fflush(stdout);
  if (options.listening) options.listening(server->port());
  WaitFor(std::move(stop));
  service->EndStreams();
  server->Stop();
  return {};
}

}  // namespace

base::Status RunOrchestration(const std::string& host, int port, const std::string& folder,
                              std::function<void(std::uint16_t)> listening, std::stop_token stop) {
  ServerOptions options;
  options.host = host;
  options.port = port;
  options.folder = folder;
  options.listening = std::move(listening);
  return Start(options, std::move(stop));
}

void AddServerCommands(CLI::App& app, Command& chosen) {
  auto options = std::make_shared<ServerOptions>();
  options->folder = HomeFolder();
  CLI::App* start = GroupOf(app, "server", "the orchestration server that Prefect's clients can use")
                        .add_subcommand("start", "start it; SIGTERM or Ctrl-C ends it");
  start->footer(
      "Examples:\n  tidemill server start\n  prefect config set PREFECT_API_URL=http://127.0.0.1:4200/api\n"
      "PREFECT_SERVER_API_AUTH_STRING=user:password asks every client for it.");
  start->add_option("--host", options->host, "address to listen on")->capture_default_str();
  start->add_option("--port", options->port, "port; 0 takes any that is free")
      ->check(CLI::Range(0, 65'535))
      ->capture_default_str();
  start->add_option("--data", options->folder, "folder of the database")->capture_default_str();
  start->add_option("--allowed-host", options->allowed_hosts,
                    "further host name by which clients may call this server");
  start
      ->add_option("--max-size", options->most_megabytes,
                   "MiB that the database may have: then the oldest logs, events and runs go; 0: no limit")
      ->check(CLI::Range(0, 1 << 20))
      ->capture_default_str();
  start->add_flag("--no-auth", options->no_auth, "listen beyond this machine without asking for a password");
  start->add_flag("--no-services", options->no_services, "no background services: no schedules, no late runs");
  start->add_flag("--allow-clear", options->allow_clear,
                  "POST /api/admin/database/clear empties the database: for conformance suites");
  start->callback([&chosen, options] {
    chosen = [options] {
      const SignalStop signals;
      const base::Status status = Start(*options, signals.token());
      return status ? 0 : Complain(status.error());
    };
  });
}

}  // namespace tidemill::app
