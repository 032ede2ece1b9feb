// SPDX-License-Identifier: Apache-2.0
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <mutex>
#include <optional>
#include <system_error>
#include <thread>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/core.h>

#include "tidemill/base/clock.h"

#include "agent.h"
#include "client_commands.h"
#include "environment.h"
#include "orchestration.h"
#include "signals.h"
#include "tables_library.h"

namespace tidemill::app {
namespace {

using base::Status;

struct UpOptions {
  std::string host = "127.0.0.1";
  int port = 4200;
  int data_port = 8000;
  std::string folder = "./tidemill-data";
};

// Parts that run beside each other: the first that fails ends all, and its error is the whole's.
class Together {
 public:
  explicit Together(std::stop_token stop) : from_outside_(std::move(stop), [this] { stop_.request_stop(); }) {}
  void Add(std::function<Status(std::stop_token)> part) {
    threads_.emplace_back([this, part = std::move(part)] {
      Status status = part(stop_.get_token());
      if (!status) Fail(std::move(status).error());
      stop_.request_stop();
    });
  }
  void Fail(base::Error error) {
    const std::lock_guard lock(mutex_);
    if (!first_) first_ = std::move(error);
  }
  std::stop_token token() const { return stop_.get_token(); }
  Status Wait() {
    for (std::jthread& thread : threads_) thread.join();
    threads_.clear();
    if (first_) return tl::unexpected(*first_);
    return {};
  }

 private:
  std::stop_source stop_;
  std::mutex mutex_;
  std::optional<base::Error> first_;
  std::vector<std::jthread> threads_;
  std::stop_callback<std::function<void()>> from_outside_;
};

AgentOptions AgentOf(const UpOptions& options, std::uint16_t port, bool worker) {
  constexpr double kPollSeconds = 2;  // the server is in the same process
  AgentOptions agent;
  agent.worker = worker;
  agent.queues = worker ? std::vector<std::string>{} : std::vector<std::string>{"default"};
  agent.pool = worker ? "default" : "";
  agent.type = worker ? "process" : "";
  agent.api = fmt::format("http://127.0.0.1:{}/api", port);
  agent.state = options.folder + "/_agent";
  agent.python = FromEnvironment("TIDEMILL_PYTHON");
  agent.poll_seconds = kPollSeconds;
  agent.prefetch_seconds = kPollSeconds;
  return agent;
}

// What is inherited by the runs and by the agent: where figures go, and the password of the server.
Status SetEnvironment(const std::string& store) {
  ::setenv("TIDEMILL_STORE", store.c_str(), 0);
  const std::string auth = FromEnvironment("PREFECT_SERVER_API_AUTH_STRING");
  if (!auth.empty()) ::setenv("PREFECT_API_AUTH_STRING", auth.c_str(), 0);
  std::error_code error;
  std::filesystem::create_directories(store, error);
  if (error) return base::FailAt(base::ErrorCode::kForbidden, store, "cannot be made: {}", error.message());
  return {};
}

// A new store has nothing to serve: the data API begins with its first dataset.
Status ServeWhenThereIsSome(const TablesLibrary& library, ServeOptions serve, const std::stop_token& stop) {
  const base::SystemClock clock;
  ReachEveryStore(serve, stop);
  serve.poll_seconds = PollSecondsOf(serve.service.paths);
  const auto wait = std::chrono::seconds(serve.poll_seconds > 1 ? 15 : 2);
  for (bool told = false;; told = true) {
    Status status = library.serve(serve, stop);
    const bool none = !status && (status.error().code == base::ErrorCode::kInvalid ||
                                  status.error().code == base::ErrorCode::kNotFound);
    if (!none) return status;
    if (!told) fmt::print("data API: waits for the first dataset ({})\n", status.error().ToText());
    std::fflush(stdout);
    if (!clock.SleepFor(wait, stop)) return {};
  }
}

Status Up(UpOptions options, std::stop_token stop) {
  std::error_code ignored;
  options.folder = std::filesystem::absolute(options.folder, ignored).string();
  http::ServerOptions data_api;
  data_api.host = options.host;
  data_api.port = static_cast<std::uint16_t>(options.data_port);
  TIDEMILL_CHECK(http::CanListen(data_api));  // it listens later, with the first dataset
  TIDEMILL_CHECK(SetEnvironment(options.folder));
  const std::string store = FromEnvironment("TIDEMILL_STORE");
  TIDEMILL_ASSIGN(const TablesLibrary* const library, OpenTablesLibrary());
  Together all(std::move(stop));
  std::mutex mutex;
  std::condition_variable_any changed;
  std::optional<std::uint16_t> port;
  all.Add([&](std::stop_token token) {
    return RunOrchestration(
        options.host, options.port, options.folder + "/_server",
        [&](std::uint16_t taken) {
          const std::lock_guard lock(mutex);
          port = taken;
          changed.notify_all();
        },
        std::move(token));
  });
  {
    std::unique_lock lock(mutex);
    changed.wait(lock, all.token(), [&] { return port.has_value(); });
  }
  if (port) {
    all.Add([&](std::stop_token token) { return RunAgent(AgentOf(options, *port, false), std::move(token)); });
    all.Add([&](std::stop_token token) { return RunAgent(AgentOf(options, *port, true), std::move(token)); });
    all.Add([&](std::stop_token token) {
      ServeOptions serve;
      serve.server.host = options.host;
      serve.port = options.data_port;
      serve.service.paths = {store};
      return ServeWhenThereIsSome(*library, serve, token);
    });
  }
  return all.Wait();
}

}  // namespace

void AddUpCommand(CLI::App& app, Command& chosen) {
  auto options = std::make_shared<UpOptions>();
  CLI::App* up = app.add_subcommand("up", "everything on one machine: orchestration server, agent and data API");
  up->footer(
      "Example:\n  tidemill up\n  tidemill deployment build recipes/ons/deaths-monthly.toml:main-flow --name nightly "
      "--cron '0 0 * * *' --apply\nthe second in another terminal. SIGTERM or Ctrl-C ends all of it.");
  up->add_option("--data", options->folder, "folder of datasets, workbooks and the server's database")
      ->capture_default_str();
  up->add_option("--host", options->host, "address to listen on")->capture_default_str();
  up->add_option("--port", options->port, "of the orchestration server; 0 takes any that is free")
      ->check(CLI::Range(0, 65'535))
      ->capture_default_str();
  up->add_option("--data-port", options->data_port, "of the data API; 0 takes any that is free")
      ->check(CLI::Range(0, 65'535))
      ->capture_default_str();
  up->callback([&chosen, options] {
    chosen = [options] {
      const SignalStop signals;
      const Status status = Up(*options, signals.token());
      return status ? 0 : Complain(status.error());
    };
  });
}

}  // namespace tidemill::app
