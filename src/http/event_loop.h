// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <mutex>
#include <vector>

#include "tidemill/base/descriptor.h"

namespace tidemill::http {

// What a loop tells of a socket.
struct Readiness {
  bool input = false;   // something came, or the end
  bool output = false;  // there is room again
  bool ended = false;   // the peer says no more, or is gone
};

// What has a descriptor in a loop.
class Watched {
 public:
  // On the loop's thread. Each change is told once: who leaves input unread is not told of it again.
  virtual void OnReady(const Readiness& ready) = 0;

 protected:
  ~Watched() = default;
};

// Waits for sockets, for jobs from other threads and for ticks of a clock, on one thread. All but Post and the
// constructor happens there. What a job or OnReady throws ends that call alone.
class EventLoop {
 public:
  EventLoop(std::chrono::milliseconds tick, std::function<void()> on_tick);
  EventLoop(const EventLoop&) = delete;
  EventLoop& operator=(const EventLoop&) = delete;

  // False where the system has no room. `watched` lives until the end of the turn in which it is forgotten.
  bool Watch(int descriptor, Watched& watched);
  // The same descriptor has another listener.
  void Rewatch(int descriptor, Watched& watched);
  void Forget(int descriptor);

  // Any thread: does it soon, after what is ready now. Jobs that are left when the loop has stopped are never done.
  void Post(std::function<void()> job);
  void OnTurnEnd(std::function<void()> call) { on_turn_end_ = std::move(call); }
  std::uint64_t turn() const { return turn_; }

  void Run();  // until Stop
  void Stop() { stopped_ = true; }

 private:
  bool Control(int operation, int descriptor, std::uint32_t events, void* data);
  void RunJobs();
  void Tick();
  void Serve(std::uint32_t events, void* data);

  base::Descriptor epoll_, wake_, timer_;
  std::function<void()> on_tick_, on_turn_end_;
  std::mutex mutex_;  // of jobs_
  std::vector<std::function<void()>> jobs_;
  std::uint64_t turn_ = 0;
  bool stopped_ = false;
};

}  // namespace tidemill::http
