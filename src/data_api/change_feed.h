// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "tidemill/base/clock.h"
#include "tidemill/base/result.h"

namespace tidemill::data_api {

// Hands new versions to those that wait for them. What was said is kept for a while, so that a reader who is still busy
// with one piece misses none; who falls behind all that is kept is let go, and comes back by its last id. Thread-safe;
// `ready` is never called under the lock.
class ChangeFeed {
 public:
  using Ready = std::function<void(base::Result<std::string>)>;

  // A reader's place.
  struct Reader {
    std::string dataset;  // empty: all
    std::uint64_t position = 0;
  };

  // `clock` outlives this.
  ChangeFeed(const base::Clock& clock, base::Duration heartbeat) : clock_(clock), heartbeat_(heartbeat) {}

  // Of what is said next.
  std::uint64_t position() const;
  // False where as many wait as may.
  bool HasRoom() const;

  void Say(const std::string& dataset, std::string text);
  // Gives `ready` what the reader has not had, now or when it is said; a comment after a heartbeat of silence; an empty
  // piece at the end.
  void Wait(std::shared_ptr<Reader> reader, Ready ready);
  // Comments to those who have waited for a heartbeat.
  void Beat();
  void End();

 private:
  struct Said {
    std::string dataset, text;
  };
  struct Waiting {
    std::shared_ptr<Reader> reader;
    Ready ready;
    base::Time since;
  };
  // What is new to a reader, which is moved behind it.
  std::string TakeNew(Reader& reader) const;
  void Deliver(const std::function<std::string(Waiting&)>& piece_of);

  const base::Clock& clock_;
  const base::Duration heartbeat_;
  mutable std::mutex mutex_;
  std::deque<Said> said_;
  std::uint64_t first_ = 0;  // position of the oldest that is kept
  std::list<Waiting> waiting_;
  bool ended_ = false;
};

}  // namespace tidemill::data_api
