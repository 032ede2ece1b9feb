// SPDX-License-Identifier: Apache-2.0
#include "serve.h"

#include <condition_variable>
#include <cstdio>
#include <mutex>

#include <fmt/core.h>
#include <unistd.h>

#include "tidemill/base/text.h"
#include "tidemill/http/access_log.h"
#include "tidemill/web/pages.h"

#include "convert.h"

namespace tidemill::app {
namespace {

// "geo_code=dimension,deaths=measure"
base::Result<query::RoleOverrides> ParseRoles(const std::vector<std::string>& columns) {
  query::RoleOverrides roles;
  for (const std::string& entry : columns) {
    const std::size_t equals = entry.find('=');
    const auto role = equals == std::string::npos ? std::nullopt : query::RoleNamed(entry.substr(equals + 1));
    if (!role) {
      return base::Fail(base::ErrorCode::kInvalid, "--columns {} is not NAME=ROLE with a role of {}",
                        base::Quoted(entry), "dimension, time, measure, status, label, parent, attribute, lineage");
    }
    roles[entry.substr(0, equals)] = *role;
  }
  return roles;
}

http::AccessLog AccessLogOf(const ServeOptions& options) {
  if (options.access_log == "common") return http::AccessLog::kCommon;
  if (options.access_log == "json") return http::AccessLog::kJson;
  const std::string& host = options.server.host;
  const bool loopback = host == "localhost" || host == "::1" || host.starts_with("127.");
  return !options.access_log.empty() || loopback ? http::AccessLog::kNone : http::AccessLog::kJson;
}

// One write a line, so that lines of several threads do not mix. What cannot be written is lost: a log stops no answer.
void WriteToStderr(std::string_view line) {
  static_cast<void>(!::write(STDERR_FILENO, line.data(), line.size()));
}

http::ServerHandlers HandlersOf(const data_api::Service& service, http::AccessLog log, const base::Clock& clock) {
  return {.handle =
              [&service](const http::Request& request) {
                auto page = web::HandlePage(request);
                return page ? *std::move(page) : service.Handle(request);
              },
          .fast = [&service](const http::Request& request,
                             http::Prepared& prepared) { return service.HandleFast(request, prepared); },
          .refuse = &data_api::Service::Refuse,
          .observe =
              [&service, log, &clock](const http::Exchange& exchange) {
                service.Observe(exchange);
                if (log != http::AccessLog::kNone) WriteToStderr(http::AccessLine(log, exchange, clock.Now()));
              }};
}

void Announce(const data_api::Service& service, const std::string& host, std::uint16_t port) {
  const std::string address = fmt::format("http://{}:{}", host == "0.0.0.0" ? "127.0.0.1" : host, port);
  for (const auto& [id, version] : service.Datasets()) fmt::print("{} version {}\n", id, version);
  fmt::print("serving on {}{}  (API: {}/docs, datasets: {}/v1/datasets)\n", address,
             host == "0.0.0.0" ? ", on all addresses of this machine" : "", address, address);
  std::fflush(stdout);
}

// Said even where nothing else is: whoever named a dataset waits for it.
void SayWhatIsMissing(const data_api::Service& service) {
  for (const auto& [id, why] : service.Missing()) {
    WriteToStderr(fmt::format("tidemill: {} is not served and will be tried again: {}\n", id, why));
  }
}

void WaitFor(const std::stop_token& stop) {
  std::mutex mutex;
  std::condition_variable_any wake;
  std::unique_lock lock(mutex);
  wake.wait(lock, stop, [] { return false; });
}

}  // namespace

base::Status Serve(const ServeOptions& options, std::stop_token stop) {
  const base::SystemClock clock;
  data_api::ServiceOptions service_options = options.service;
  TIDEMILL_ASSIGN(service_options.columns, ParseRoles(options.columns));
  service_options.poll = base::Duration{static_cast<std::int64_t>(options.poll_seconds * 1e6)};
  service_options.build = {.version = TIDEMILL_VERSION, .commit = TIDEMILL_COMMIT, .compiler = TIDEMILL_COMPILER};
  service_options.read_csv = &ReadTextTable;
  TIDEMILL_ASSIGN(const auto service, data_api::Service::Open(std::move(service_options), clock));
  http::ServerOptions server_options = options.server;
  server_options.port = static_cast<std::uint16_t>(options.port);
  TIDEMILL_ASSIGN(const auto server,
                  http::Server::Start(server_options, HandlersOf(*service, AccessLogOf(options), clock), clock));
  service->SetGauges([&server = *server] {
    return data_api::ServerGauges{.connections = server.connections(), .queued = server.queued()};
  });
  service->StartPolling();
  SayWhatIsMissing(*service);
  if (!options.quiet) Announce(*service, options.server.host, server->port());
  WaitFor(stop);
  service->EndStreams();
  server->Stop();
  service->SetGauges({});
  service->StopPolling();
  return {};
}

}  // namespace tidemill::app
