// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <mutex>
#include <stop_token>
#include <string>
#include <utility>

#include "tidemill/flow/identity.h"
#include "tidemill/flow/run.h"

namespace tidemill::flow {

// A stop source of its own that also stops when the parent does.
class ChainedStop {
 public:
  explicit ChainedStop(std::stop_token parent)
      : from_parent_(std::move(parent), [source = source_]() mutable { source.request_stop(); }) {}
  std::stop_token token() const { return source_.get_token(); }
  std::stop_source source() const { return source_; }

 private:
  std::stop_source source_;
  std::stop_callback<std::function<void()>> from_parent_;
};

// What a run and all runs below it share. A generator of random numbers seldom is thread-safe, so it is guarded here.
struct RunStarter::Shared {
  const Engine& engine;
  std::mutex random_mutex = {};

  double Draw() {
    const std::lock_guard lock(random_mutex);
    return engine.random();
  }
  std::string NewTaskRunId() {
    const base::Time now = engine.clock.Now();
    const std::lock_guard lock(random_mutex);
    return MakeTaskRunId(now, engine.random);
  }
};

struct Run::Impl {
  RunStarter::Shared& shared;
  std::string id;
  ChainedStop stop;

  const Engine& engine() const { return shared.engine; }
};

}  // namespace tidemill::flow
