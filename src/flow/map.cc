// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <atomic>
#include <system_error>
#include <thread>

#include "tidemill/flow/run.h"

#include "ending.h"
#include "run_impl.h"

namespace tidemill::flow {
namespace {

// Hands out items in order, from several threads, until one failed or the run is to stop.
class Items {
 public:
  Items(std::size_t count, std::stop_token stop, bool keep_going)
      : count_(count), stop_(std::move(stop)), keep_going_(keep_going) {}

  // The next item, or `count` when there is none.
  std::size_t Take() {
    if (stop_.stop_requested() || (failed_ && !keep_going_)) return count_;
    return std::min(count_, next_.fetch_add(1));
  }
  void Failed() { failed_ = true; }

 private:
  const std::size_t count_;
  const std::stop_token stop_;
  const bool keep_going_;
  std::atomic<std::size_t> next_ = 0;
  std::atomic<bool> failed_ = false;
};

// Calls `work` on this thread and on up to `more` others; on fewer where the system gives no more threads.
void OnThreads(std::size_t more, const std::function<void()>& work) {
  std::vector<std::jthread> threads;
  threads.reserve(more);
  try {
    while (threads.size() < more) threads.emplace_back(work);
  } catch (const std::system_error&) {  // none to be had: those there are do all of it
  }
  work();
}

base::Status NotStarted(const std::stop_token& stop) {
  if (stop.stop_requested()) return base::Fail(base::ErrorCode::kCancelled, "cancelled before it began");
  return base::Fail(base::ErrorCode::kCancelled, "not begun, as an item before it failed");
}

}  // namespace

std::vector<base::Status> Run::RunItems(std::size_t count, const MapOptions& options,
                                        const std::function<std::string(std::size_t)>& name_item,
                                        const ItemBody& body) {
  std::vector<std::optional<base::Status>> ended(count);
  Items items(count, stop(), options.keep_going);
  const auto run_item = [&](std::size_t i) {
    TaskOptions task = options.task;
    task.item = name_item(i);
    return RunTask(task, [&](TaskRun& run) { return body(i, run); });
  };
  const auto work = [&] {
    for (std::size_t i = items.Take(); i < count; i = items.Take()) {
      ended[i] = CallGuarded([&] { return run_item(i); }).status;
      if (!*ended[i]) items.Failed();
    }
  };
  OnThreads(std::min(std::max<std::size_t>(options.parallel, 1), count) - (count > 0 ? 1 : 0), work);
  std::vector<base::Status> statuses;
  statuses.reserve(count);
  for (auto& status : ended) statuses.push_back(status ? *std::move(status) : NotStarted(stop()));
  return statuses;
}

}  // namespace tidemill::flow
