// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "tidemill/http/awaited_pieces.h"
#include "tidemill/http/message.h"

#include "streams.h"

namespace tidemill::orchestrator {

// A run's log as server-sent events, over plain HTTP: `log` events with the line's number as id, from a number on, and
// `run` events when the run or its tasks have changed. Nothing is read while the client is behind.
class LogTail final : public Watcher {
 public:
  // `after`: the number of the last line that the client has.
  LogTail(std::string run_id, std::int64_t after) : run_id_(std::move(run_id)), last_(after) {}

  // Gives `ready` what is new, once there is some; an empty piece at the end.
  void Await(http::AwaitedPieces::Ready ready);
  bool Pump(db::Readers& readers, base::Time now) override;
  void Beat() override;
  void End() override;

 private:
  Outcome<std::string> News(db::Connection& connection, base::Time now);
  void Give(std::string piece);

  const std::string run_id_;
  std::mutex mutex_;
  http::AwaitedPieces::Ready ready_;  // where the client waits
  bool ended_ = false;
  std::int64_t last_;   // of one thread: the pumping one
  std::string change_;  // the same; what the run looked like
};

// GET /flow_runs/{id}/logs/stream, `path` below /api; nothing for other paths. Last-Event-ID, or `after` in the query,
// says which line was the last. `streams` and `readers` outlive the answer.
std::optional<http::Response> OpenLogTail(const http::Request& request, std::string_view path, Streams& streams,
                                          db::Readers& readers);

}  // namespace tidemill::orchestrator
