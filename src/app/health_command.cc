// SPDX-License-Identifier: Apache-2.0
#include <cstdlib>
#include <memory>
#include <string>

#include <CLI/CLI.hpp>
#include <fmt/core.h>

#include "tidemill/base/text.h"
#include "tidemill/http/client.h"
#include "tidemill/http/url.h"

#include "commands.h"
#include "signals.h"
#include "user_agent.h"

namespace tidemill::app {
namespace {

// Where `serve` listens in a container: the port that the platform gave, else its own default.
std::string DefaultUrl() {
  const char* port = std::getenv("PORT");
  const auto number = port == nullptr ? std::nullopt : base::ParseInt(port);
  return fmt::format("http://127.0.0.1:{}/healthz", number && *number > 0 && *number <= 65'535 ? *number : 8000);
}

base::Status Ask(const std::string& url, std::stop_token stop) {
  using std::chrono::milliseconds;
  const auto client = http::MakeHttpClient(UserAgent({}));
  const http::ClientRequest request{
      .url = url, .connect_timeout = milliseconds(3'000), .timeout = milliseconds(4'000), .most_redirects = 0};
  TIDEMILL_ASSIGN(const http::ClientResponse response, client->Send(request, std::move(stop)));
  if (response.status / 100 == 2) return {};
  return base::FailAt(base::ErrorCode::kUnavailable, http::MaskUrl(url), "answered {}, expected 200", response.status);
}

}  // namespace

void AddHealthCommand(CLI::App& app, Command& chosen) {
  auto url = std::make_shared<std::string>(DefaultUrl());
  CLI::App* command = app.add_subcommand("health", "ask a server whether it is well: exit code 0, else 7");
  command->footer("Example:\n  tidemill health http://127.0.0.1:4200/api/health");
  command->add_option("URL", *url, "what to ask")->capture_default_str();
  command->callback([&chosen, url] {
    chosen = [url] {
      const SignalStop signals;
      const base::Status status = Ask(*url, signals.token());
      return status ? 0 : Complain(status.error());
    };
  });
}

}  // namespace tidemill::app
