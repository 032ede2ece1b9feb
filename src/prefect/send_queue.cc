// SPDX-License-Identifier: Apache-2.0
#include "send_queue.h"

#include <algorithm>

#include "tidemill/prefect/wire.h"

namespace tidemill::prefect {
namespace {

using std::chrono::milliseconds;

constexpr std::size_t kMostReports = 50'000;
constexpr std::size_t kMostLines = 20'000;
constexpr std::size_t kLinesAtOnce = 500;
constexpr std::size_t kBytesAtOnce = std::size_t{2} << 20U;
constexpr milliseconds kExchange{10'000};

milliseconds BackOff(int failures) {
  return std::min(milliseconds(10'000), milliseconds(250) * (1 << std::min(failures, 6)));
}

}  // namespace

SendQueue::SendQueue(const Client& client)
    : client_(client), thread_([this](const std::stop_token& stop) { Run(stop); }) {}

void SendQueue::Stop() {
  thread_.request_stop();
  if (thread_.joinable()) thread_.join();
}

void SendQueue::Push(Report report) {
  const std::lock_guard lock(mutex_);
  if (reports_.size() >= kMostReports) {
    ++lost_reports_;
    return;
  }
  reports_.push_back({std::move(report), ++pushed_});
  changed_.notify_all();
}

void SendQueue::PushLog(flow::LogRecord record) {
  const std::lock_guard lock(mutex_);
  if (logs_.size() >= kMostLines) {
    ++lost_lines_;
    return;
  }
  logs_.push_back(std::move(record));
  changed_.notify_all();
}

bool SendQueue::PushAndWait(Report report, milliseconds limit, bool even_if_away) {
  std::unique_lock lock(mutex_);
  reports_.push_back({std::move(report), ++pushed_});
  const std::uint64_t number = pushed_;
  changed_.notify_all();
  changed_.wait_for(lock, limit, [&] { return done_ >= number || (away_ && !even_if_away); });
  return done_ >= number;
}

void SendQueue::WaitUntilEmpty(milliseconds limit) {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, limit, [&] { return reports_.empty() && logs_.empty() && !sending_logs_; });
}

std::string SendQueue::RemoteId(const std::string& local) const {
  const std::lock_guard lock(mutex_);
  const auto found = ids_.find(local);
  return found != ids_.end() ? found->second : std::string();
}

void SendQueue::NoteId(const std::string& local, std::string remote) {
  const std::lock_guard lock(mutex_);
  ids_[local] = std::move(remote);
}

std::string SendQueue::Losses() const {
  const std::lock_guard lock(mutex_);
  const std::uint64_t reports = lost_reports_ + reports_.size();
  const std::uint64_t lines = lost_lines_ + logs_.size();
  if (reports == 0 && lines == 0) return {};
  std::string text =
      fmt::format("{} reports and {} log lines did not reach the server at {}", reports, lines, client_.settings().url);
  if (!first_refusal_.empty()) text += ": " + first_refusal_;
  return text;
}

void SendQueue::Run(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  while (!stop.stop_requested()) {
    if (!changed_.wait(lock, stop, [&] { return !reports_.empty() || !logs_.empty(); })) return;
    if (!reports_.empty()) {
      if (!SendOne(lock, stop)) changed_.wait_for(lock, stop, BackOff(failures_), [] { return false; });
      continue;
    }
    SendLogs(lock, stop);
    if (away_) changed_.wait_for(lock, stop, BackOff(failures_), [] { return false; });
  }
}

// With the lock held before and after, not while asking. False where it is to be tried again.
bool SendQueue::SendOne(std::unique_lock<std::mutex>& lock, const std::stop_token& stop) {
  const Report report = reports_.front().report;
  lock.unlock();
  const base::Status status = report({.repeats = 0, .timeout = kExchange, .stop = stop});
  lock.lock();
  NoteOutcome(status);
  if (away_ || stop.stop_requested()) return false;
  if (!status) {
    ++lost_reports_;
    if (first_refusal_.empty()) first_refusal_ = status.error().ToText();
  }
  done_ = reports_.front().number;
  reports_.pop_front();
  changed_.notify_all();
  return true;
}

void SendQueue::SendLogs(std::unique_lock<std::mutex>& lock, const std::stop_token& stop) {
  json::array lines;
  std::size_t bytes = 0;
  for (const flow::LogRecord& record : logs_) {
    if (lines.size() >= kLinesAtOnce || bytes > kBytesAtOnce) break;
    const auto remote = [&](const std::string& local) {
      const auto found = ids_.find(local);
      return found != ids_.end() ? found->second : std::string();
    };
    lines.push_back(LogJson(record, remote(record.flow_run_id), remote(record.task_run_id)));
    bytes += record.text.size();
  }
  const std::size_t count = lines.size();
  sending_logs_ = true;
  lock.unlock();
  const auto answer = client_.Post("/logs/", std::move(lines), {.repeats = 0, .timeout = kExchange, .stop = stop});
  lock.lock();
  sending_logs_ = false;
  const base::Status status = answer ? base::Status() : base::Status(tl::unexpected(answer.error()));
  NoteOutcome(status);
  if (!away_ && !stop.stop_requested()) {
    logs_.erase(logs_.begin(), logs_.begin() + static_cast<std::ptrdiff_t>(count));
    if (!status) lost_lines_ += count;
    if (!status && first_refusal_.empty()) first_refusal_ = status.error().ToText();
  }
  changed_.notify_all();
}

void SendQueue::NoteOutcome(const base::Status& status) {
  away_ = !status && IsAway(status.error());
  failures_ = away_ ? failures_ + 1 : 0;
  if (away_) changed_.notify_all();
}

}  // namespace tidemill::prefect
