// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <arrow/type_fwd.h>

#include "tidemill/base/clock.h"
#include "tidemill/base/file_store.h"
#include "tidemill/base/result.h"
#include "tidemill/http/message.h"
#include "tidemill/http/server.h"
#include "tidemill/query/columns.h"

// The data API over datasets: routes, answers, and the watch for new versions. Knows no sockets: app hands its
// functions to an http::Server.
namespace tidemill::data_api {

// What /version says.
struct BuildFacts {
  std::string version, commit, compiler;
};

// The cell that a figure was read from, as its dataset's lineage and commit say.
struct CellPlace {
  std::string store;          // address of the store that the dataset lies in
  std::string sha256, sheet;  // of the workbook
  std::int64_t row = 0, column = 0;
  std::string recipe_hash;  // of the recipe that read it
};

// An area as the register of geographies has it, for a span of time.
struct AreaState {
  std::string code, name;
  std::string parent;      // a code; empty at the top
  std::string from, to;    // days, `to` exclusive; empty: still
  std::string successors;  // codes, joined by blanks
};

struct ServiceOptions {
  // Each a store, a table folder, a Parquet or CSV file, or a folder of such files.
  std::vector<std::string> paths;
  std::string seed_dataset;  // which one /year/… answers from; empty: the only one that fits
  std::string public_url;    // "https://data.example.org": what absolute links begin with; empty: none are made
  std::string sdmx_agency = "TIDEMILL";  // whose dataflows they are, in SDMX
  query::RoleOverrides columns;
  base::Duration poll = std::chrono::seconds(1);
  BuildFacts build;
  std::function<base::Result<std::unique_ptr<base::FileStore>>(std::string url)> open_store = base::OpenLocalStore;
  // Reads a CSV file; empty: none are served.
  std::function<base::Result<std::shared_ptr<arrow::Table>>(std::string_view bytes)> read_csv = {};
  // What a cell of a kept workbook shows; empty: nobody looks. Called by several threads at once.
  std::function<base::Result<std::string>(const CellPlace& place)> read_cell = {};
  // All states of an area, the oldest first; empty: there is no register. Called by several threads at once.
  std::function<std::vector<AreaState>(std::string_view code)> find_area = {};
  // A comment on streams of changes where nothing else was said for so long.
  base::Duration heartbeat = std::chrono::seconds(15);
};

// What only the server knows, for /metrics.
struct ServerGauges {
  std::size_t connections = 0, queued = 0;
};

class Service {
 public:
  // Loads the datasets. Those that cannot be loaded are told by /readyz and tried again; an error is: nothing is there,
  // or nothing of it can be loaded, or two datasets have one id. `clock` outlives the service.
  static base::Result<std::unique_ptr<Service>> Open(ServiceOptions options, const base::Clock& clock);
  ~Service();  // StopPolling
  Service(const Service&) = delete;
  Service& operator=(const Service&) = delete;

  // Answers any request. Thread-safe.
  http::Response Handle(const http::Request& request) const;
  // Fills in an answer that lies ready (http::ServerHandlers::fast). Thread-safe, does not wait.
  bool HandleFast(const http::Request& request, http::Prepared& prepared) const;
  // The body of what the server itself refuses (http::ServerHandlers::refuse).
  static http::Response Refuse(int status, std::string_view detail);

  // Counts an exchange for /metrics (http::ServerHandlers::observe). Thread-safe, does not wait.
  void Observe(const http::Exchange& exchange) const;
  // Where /metrics finds the server's state from now on; called by any thread. An empty function: nowhere.
  void SetGauges(std::function<ServerGauges()> gauges) const;

  // Looks for new versions once: what changed is loaded beside the old and takes its place whole; what fails to load
  // leaves the old one serving.
  void Poll();
  // The same every `poll`, on an own thread.
  void StartPolling();
  void StopPolling();

  // Ends all streams of changes, and those to come. Before the server that holds their connections stops.
  void EndStreams();

  // Ids with the version that is served now, by id.
  std::map<std::string, std::int64_t> Datasets() const;
  // Ids of those that cannot be served now, with the reason.
  std::map<std::string, std::string> Missing() const;

 private:
  struct Impl;
  explicit Service(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace tidemill::data_api
