// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace tidemill::http {

// Threads that work off a bounded queue.
class WorkerPool {
 public:
  WorkerPool(int threads, std::size_t most_queued);
  ~WorkerPool();  // Stop
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  // Drops what has not begun and waits for what has.
  void Stop();

  // False where the queue is full.
  bool TryPost(std::function<void()> job);
  // Takes it in any case: for the next step of what was taken before.
  void Post(std::function<void()> job);
  std::size_t queued() const;

 private:
  void Work(const std::stop_token& stop);

  const std::size_t most_queued_;
  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  std::deque<std::function<void()>> jobs_;
  std::vector<std::jthread> threads_;
};

}  // namespace tidemill::http
