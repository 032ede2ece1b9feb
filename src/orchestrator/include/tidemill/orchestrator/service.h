// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "tidemill/base/clock.h"
#include "tidemill/base/result.h"
#include "tidemill/http/message.h"

namespace tidemill::orchestrator {

struct ServiceOptions {
  std::string folder;       // the database and its lock lie here; made where it is not there
  std::string auth_string;  // "user:password"; empty: nobody is asked
  std::string secret_key;   // blocks are sealed with its digest; empty: with a key made in the folder
  // Host names besides loopback that requests may name: others are foreign pages that had their name point here.
  std::vector<std::string> allowed_hosts;
  std::int64_t most_bytes = std::int64_t{2} << 30U;  // of the database: then the oldest goes; 0: no limit
  std::string program;                               // its name and version, for those who ask
  bool allow_clear = false;                          // POST /api/admin/database/clear empties the database
};

// The orchestration API of Prefect (version 0.8.4 of the wire), over one database. Thread-safe.
class Service {
 public:
  // Opens the database and brings it to the newest form. kConflict where another server holds it. Clock and random
  // numbers outlive the service; `random` is called from one thread at a time.
  static base::Result<std::unique_ptr<Service>> Open(ServiceOptions options, const base::Clock& clock,
                                                     std::function<std::uint64_t()> random);
  ~Service();
  Service(const Service&) = delete;
  Service& operator=(const Service&) = delete;

  // Answers one request under /api. Blocks until what it wrote is committed.
  http::Response Handle(const http::Request& request);
  // What of the background services is due by the clock: schedules, late and dead runs, pauses, leases, automations,
  // retention. True where more waits already. One that fails does not keep the others; the error names each and its
  // cause.
  base::Result<bool> RunServices(const std::stop_token& stop = {});
  // Does so every second by the clock; returns at once, the service's end waits for it. What fails then is told to
  // `complain`, on that thread: at once, and every ten minutes while it lasts. So is, once, that the database's log
  // cannot be written back, and that it is again.
  base::Status StartServices(std::function<void(const base::Error&)> complain);
  // Ends the streams of logs: before the HTTP server stops, which waits for its answers.
  void EndStreams();
  // The body of what the HTTP server refuses by itself.
  static http::Response RefusalOf(int status, std::string_view detail);

 private:
  struct Impl;
  explicit Service(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace tidemill::orchestrator
