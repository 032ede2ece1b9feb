// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "tidemill/base/clock.h"
#include "tidemill/db/readers.h"
#include "tidemill/http/web_socket.h"

#include "entity.h"

namespace tidemill::orchestrator {

// Who is told when something was written.
class Watcher {
 public:
  virtual ~Watcher() = default;
  // Tells what is new. False where nobody is there to be told any more. Called by one thread.
  virtual bool Pump(db::Readers& readers, base::Time now) = 0;
  // After a silence: whoever is in between is told that it is one.
  virtual void Beat() {}
  virtual void End() {}
};

// What is told to one socket as it is written: the rows of a table that a filter lets through, each once and in order,
// from a place in the table on.
class Stream final : public Watcher {
 public:
  enum class Kind : std::uint8_t { kEvents, kLogLines };

  Stream(Kind kind, std::shared_ptr<http::WebSocket> socket) : kind_(kind), socket_(std::move(socket)) {}

  // Begins (anew) with this filter. `since`: what was there before is told too, from that instant on; microseconds.
  void Begin(Selection filter, std::optional<std::int64_t> since);
  bool Pump(db::Readers& readers, base::Time now) override;

 private:
  struct Wanted {
    Selection filter;
    std::optional<std::int64_t> since;
  };
  bool Tell(const std::vector<std::string>& list);
  Outcome<std::vector<std::string>> Rows(Call& call, const Selection& filter, std::string_view order,
                                         std::int64_t& last);

  const Kind kind_;
  std::shared_ptr<http::WebSocket> socket_;
  std::mutex mutex_;
  std::optional<Wanted> begun_;  // not taken up yet
  Selection filter_;
  bool running_ = false;
  std::int64_t last_ = 0;  // number of the last row looked at
};

// The thread that pumps them all when something was written.
class Streams {
 public:
  Streams(db::Readers& readers, const base::Clock& clock);
  ~Streams();
  Streams(const Streams&) = delete;
  Streams& operator=(const Streams&) = delete;

  // False where as many listen as may.
  bool Add(std::weak_ptr<Watcher> stream);
  // Ends all: before the HTTP server is stopped, which waits for its answers.
  void End();
  void Wake();  // after a commit; costs nothing where nobody listens

 private:
  void Work(const std::stop_token& stop);

  db::Readers& readers_;
  const base::Clock& clock_;
  std::atomic<bool> any_{false};
  std::mutex mutex_;
  std::condition_variable_any woken_;
  bool is_woken_ = false;
  std::vector<std::weak_ptr<Watcher>> streams_;
  std::jthread thread_;
};

}  // namespace tidemill::orchestrator
