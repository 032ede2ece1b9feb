// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <tuple>

#include "tidemill/base/clock.h"
#include "tidemill/data_api/service.h"
#include "tidemill/http/server.h"

namespace tidemill::data_api {

struct Catalog;

// What /metrics tells, in the text format of Prometheus. Routes count by pattern, never by path: what clients ask for
// would make series without end. Thread-safe.
class Metrics {
 public:
  explicit Metrics(const base::Clock& clock) : clock_(clock) {}

  void Observe(const http::Exchange& exchange);
  void CountReloadFailure() { ++reload_failures_; }
  void SetGauges(std::function<ServerGauges()> gauges);

  std::string Write(const Catalog& catalog) const;

 private:
  static constexpr std::array<double, 11> kBounds = {0.0001, 0.00025, 0.001, 0.0025, 0.01, 0.025, 0.1, 0.25, 1, 5, 30};
  struct Times {
    std::array<std::uint64_t, kBounds.size() + 1> buckets{};  // not yet added up
    double sum = 0;
  };
  struct Counters {
    std::string_view route, method;
    int status = 0;
    std::uint64_t* requests = nullptr;
    Times* times = nullptr;
  };
  const Counters& Find(std::string_view route, std::string_view method, int status);
  void WriteRequests(std::string& out) const;
  void WriteTimes(std::string& out) const;
  void WriteDatasets(std::string& out, const Catalog& catalog) const;

  const base::Clock& clock_;
  std::atomic<std::uint64_t> reload_failures_{0};
  std::atomic<std::uint64_t> hot_hits_{0}, hot_misses_{0};
  mutable std::mutex mutex_;  // for what follows
  std::function<ServerGauges()> gauges_;
  // By route, method and status; names live as long as the program.
  std::map<std::tuple<std::string_view, std::string_view, int>, std::uint64_t> requests_;
  std::map<std::string_view, Times> times_;
  Counters last_;
};

}  // namespace tidemill::data_api
