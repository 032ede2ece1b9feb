// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstdlib>
#include <memory>
#include <mutex>

#include <CLI/CLI.hpp>

#include "tidemill/base/text.h"
#include "tidemill/cloud/store.h"
#include "tidemill/etl/cell_text.h"

#include "block_store.h"
#include "commands.h"
#include "files.h"
#include "signals.h"
#include "stores.h"
#include "tables_library.h"

namespace tidemill::app {
namespace {

// Container platforms say by PORT where a service has to listen: on all addresses then. What is typed counts more.
void ListenWhereThePlatformSays(ServeOptions& options) {
  const char* port = std::getenv("PORT");
  if (port == nullptr) return;
  const auto number = base::ParseInt(port);
  if (!number || *number < 1 || *number > 65'535) return;
  options.server.host = "0.0.0.0";
  options.port = static_cast<int>(*number);
}

// What a cell of a kept workbook shows, for the lineage of figures.
base::Result<std::string> ReadCell(const data_api::CellPlace& place, const std::stop_token& stop) {
  TIDEMILL_ASSIGN(const auto store, OpenStore(place.store, stop));
  return etl::ReadCellText(*store,
                           {.sha256 = place.sha256,
                            .sheet = place.sheet,
                            .row = place.row,
                            .column = place.column,
                            .recipe_hash = place.recipe_hash},
                           {}, {});
}

// The register that ships with the program, read when it is first asked for.
std::function<std::vector<data_api::AreaState>(std::string_view)> AreaLookup() {
  struct Lazy {
    std::once_flag once;
    transform::Register areas;
  };
  return [lazy = std::make_shared<Lazy>()](std::string_view code) {
    std::call_once(lazy->once, [&] { lazy->areas = ShippedRegister().value_or(transform::Register()); });
    std::vector<data_api::AreaState> states;
    if (lazy->areas.empty()) return states;
    for (const transform::Area& area : lazy->areas.FindAll(code)) {
      states.push_back({.code = area.code,
                        .name = area.name,
                        .parent = area.parent,
                        .from = base::ToText(area.from),
                        .to = area.to ? base::ToText(*area.to) : "",
                        .successors = area.successors});
    }
    return states;
  };
}

}  // namespace

void ReachEveryStore(ServeOptions& options, const std::stop_token& stop) {
  options.service.open_store = [stop](const std::string& url) { return OpenStore(url, stop); };
  options.service.find_area = AreaLookup();
  options.service.read_cell = [stop](const auto& place) { return ReadCell(place, stop); };
}

double PollSecondsOf(const std::vector<std::string>& paths) {
  constexpr double kCloudPollSeconds = 60;
  const bool far = std::any_of(paths.begin(), paths.end(),
                               [](const auto& path) { return cloud::IsCloudUrl(path) || IsBlockStore(path); });
  return far ? kCloudPollSeconds : 1;
}

void AddServeCommand(CLI::App& app, Command& chosen) {
  auto options = std::make_shared<ServeOptions>();
  CLI::App* command = app.add_subcommand("serve", "answer a data API over datasets, from memory");
  command->footer(
      "Examples:\n  tidemill serve ./tidemill-data\n  tidemill serve deaths_data.parquet --port 8001\n  tidemill serve "
      "gs://my-bucket/store");
  command
      ->add_option("PATH", options->service.paths,
                   "stores, dataset folders, Parquet or CSV files, or folders of them; also gs:// and s3://")
      ->required();
  command->add_option("--host", options->server.host, "address to listen on")->capture_default_str();
  command
      ->add_option("--port", options->port,
                   "port; 0 takes any that is free. With neither --host nor --port, the variable PORT means that port "
                   "on all addresses")
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
  command->add_option("--sdmx-agency", options->service.sdmx_agency, "whose dataflows they are, in SDMX")
      ->capture_default_str();
  command->add_option("--columns", options->columns, "roles of columns: NAME=ROLE,…")->delimiter(',');
  command
      ->add_option("--poll", options->poll_seconds, "seconds between looks for a new version; 60 for gs:// and s3://")
      ->check(CLI::Range(0.05, 86400.0))
      ->capture_default_str();
  command
      ->add_option("--access-log", options->access_log,
                   "a line a request on stderr; by default json, on a loopback address none")
      ->check(CLI::IsMember({"none", "common", "json"}));
  command->add_flag("-q,--quiet", options->quiet, "no word of what is served");
  command->callback([&chosen, options, command] {
    chosen = [options, command] {
      if (command->count("--host") + command->count("--port") == 0) ListenWhereThePlatformSays(*options);
      if (command->count("--poll") == 0) options->poll_seconds = PollSecondsOf(options->service.paths);
      const SignalStop signals;
      ReachEveryStore(*options, signals.token());
      const auto library = OpenTablesLibrary();
      if (!library) return Complain(library.error());
      const base::Status status = (*library)->serve(*options, signals.token());
      return status ? 0 : Complain(status.error());
    };
  });
}

}  // namespace tidemill::app
