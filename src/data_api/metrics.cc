// SPDX-License-Identifier: Apache-2.0
#include "metrics.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include <fmt/format.h>

#include "catalog.h"
#include "routes.h"

namespace tidemill::data_api {
namespace {

std::string_view MethodOf(std::string_view method) {
  for (const std::string_view known : {"GET", "HEAD", "OPTIONS", "POST", "PUT", "DELETE", "PATCH"}) {
    if (method == known) return known;
  }
  return "other";
}

void WriteHead(std::string& out, std::string_view name, std::string_view type, std::string_view help) {
  out += fmt::format("# HELP {} {}\n# TYPE {} {}\n", name, help, name, type);
}

void WriteOne(std::string& out, std::string_view name, std::string_view type, std::string_view help,
              std::uint64_t value) {
  WriteHead(out, name, type, help);
  out += fmt::format("{} {}\n", name, value);
}

}  // namespace

void Metrics::Observe(const http::Exchange& exchange) {
  const std::string_view route = RouteOf(exchange.request.path);
  const std::string_view method = MethodOf(exchange.request.method);
  const double seconds = static_cast<double>(exchange.duration.count()) / 1e6;
  const auto bound = std::lower_bound(kBounds.begin(), kBounds.end(), seconds);
  ++(exchange.prepared ? hot_hits_ : hot_misses_);
  const std::lock_guard lock(mutex_);
  const Counters& counters = Find(route, method, exchange.status);
  ++*counters.requests;
  Times& times = *counters.times;
  ++times.buckets[static_cast<std::size_t>(bound - kBounds.begin())];
  times.sum += seconds;
}

// Mostly those that were asked for last.
const Metrics::Counters& Metrics::Find(std::string_view route, std::string_view method, int status) {
  if (last_.route != route || last_.method != method || last_.status != status) {
    last_ = {route, method, status, &requests_[{route, method, status}], &times_[route]};
  }
  return last_;
}

void Metrics::SetGauges(std::function<ServerGauges()> gauges) {
  const std::lock_guard lock(mutex_);
  gauges_ = std::move(gauges);
}

void Metrics::WriteRequests(std::string& out) const {
  WriteHead(out, "tidemill_http_requests_total", "counter", "Requests answered.");
  for (const auto& [labels, count] : requests_) {
    const auto& [route, method, status] = labels;
    out += fmt::format("tidemill_http_requests_total{{route=\"{}\",method=\"{}\",status=\"{}\"}} {}\n", route, method,
                       status, count);
  }
}

void Metrics::WriteTimes(std::string& out) const {
  constexpr std::string_view kName = "tidemill_http_request_seconds";
  WriteHead(out, kName, "histogram", "From a request's last byte to its answer's.");
  for (const auto& [route, times] : times_) {
    std::uint64_t total = 0;
    for (std::size_t i = 0; i < times.buckets.size(); ++i) {
      total += times.buckets[i];
      const std::string bound = i < kBounds.size() ? fmt::format("{}", kBounds[i]) : "+Inf";
      out += fmt::format("{}_bucket{{route=\"{}\",le=\"{}\"}} {}\n", kName, route, bound, total);
    }
    out += fmt::format("{}_sum{{route=\"{}\"}} {}\n{}_count{{route=\"{}\"}} {}\n", kName, route, times.sum, kName,
                       route, total);
  }
}

void Metrics::WriteDatasets(std::string& out, const Catalog& catalog) const {
  const auto write = [&](std::string_view name, std::string_view help, auto&& value_of) {
    WriteHead(out, fmt::format("tidemill_dataset_{}", name), "gauge", help);
    for (const auto& [id, dataset] : catalog.datasets) {
      out += fmt::format("tidemill_dataset_{}{{dataset=\"{}\"}} {}\n", name, id, value_of(*dataset));
    }
  };
  write("vintage", "The version that is served.", [](const LoadedDataset& dataset) { return dataset.vintage; });
  write("rows", "Its rows.", [](const LoadedDataset& dataset) { return dataset.snapshot->rows; });
  write("bytes", "Bytes of its files.", [](const LoadedDataset& dataset) { return dataset.bytes; });
  WriteHead(out, "tidemill_dataset_age_seconds", "gauge", "Since it was recorded.");
  for (const auto& [id, dataset] : catalog.datasets) {
    if (!dataset->recorded) continue;
    const auto age = std::chrono::floor<std::chrono::seconds>(clock_.Now() - *dataset->recorded);
    out += fmt::format("tidemill_dataset_age_seconds{{dataset=\"{}\"}} {}\n", id, age.count());
  }
}

std::string Metrics::Write(const Catalog& catalog) const {
  std::string out;
  const std::lock_guard lock(mutex_);
  WriteRequests(out);
  WriteTimes(out);
  if (gauges_) {
    const ServerGauges gauges = gauges_();
    WriteOne(out, "tidemill_http_connections", "gauge", "Connections that are open.", gauges.connections);
    WriteOne(out, "tidemill_queue_depth", "gauge", "Requests that wait for a worker.", gauges.queued);
  }
  WriteOne(out, "tidemill_hot_hits_total", "counter", "Answers that lay ready.", hot_hits_);
  WriteOne(out, "tidemill_hot_misses_total", "counter", "Answers that had to be made.", hot_misses_);
  WriteOne(out, "tidemill_reload_failures_total", "counter", "New versions that could not be loaded.",
           reload_failures_);
  WriteDatasets(out, catalog);
  return out;
}

}  // namespace tidemill::data_api
