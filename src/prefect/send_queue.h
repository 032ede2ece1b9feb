// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "tidemill/flow/observer.h"
#include "tidemill/prefect/client.h"

namespace tidemill::prefect {

// What one thread sends, in order: reports are repeated while the server is away, log lines follow in batches when no
// report waits. Thread-safe.
class SendQueue {
 public:
  // An error for which IsAway holds is tried again, any other gives the report up.
  using Report = std::function<base::Status(const AskOptions&)>;

  explicit SendQueue(const Client& client);
  ~SendQueue() { Stop(); }
  SendQueue(const SendQueue&) = delete;
  SendQueue& operator=(const SendQueue&) = delete;

  // Ends what is under way; nothing is sent any more.
  void Stop();
  void Push(Report report);
  void PushLog(flow::LogRecord record);
  // Sends `report` in its turn and waits until it is done or given up; nothing where the server is away, or
  // `limit` is over. The report stays queued then.
  bool PushAndWait(Report report, std::chrono::milliseconds limit, bool even_if_away);
  // Until nothing waits, or `limit` is over.
  void WaitUntilEmpty(std::chrono::milliseconds limit);

  // The server's id for one of here; empty where the server does not know it (yet).
  std::string RemoteId(const std::string& local) const;
  void NoteId(const std::string& local, std::string remote);
  std::string Losses() const;

 private:
  struct Entry {
    Report report;
    std::uint64_t number;
  };
  void Run(const std::stop_token& stop);
  bool SendOne(std::unique_lock<std::mutex>& lock, const std::stop_token& stop);
  void SendLogs(std::unique_lock<std::mutex>& lock, const std::stop_token& stop);
  void NoteOutcome(const base::Status& status);

  const Client& client_;
  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  std::deque<Entry> reports_;  // guarded by mutex_, as all below
  std::deque<flow::LogRecord> logs_;
  std::map<std::string, std::string> ids_;
  std::uint64_t pushed_ = 0, done_ = 0;  // numbers of reports
  bool away_ = false;
  bool sending_logs_ = false;
  int failures_ = 0;  // in a row
  std::uint64_t lost_lines_ = 0, lost_reports_ = 0;
  std::string first_refusal_;
  std::jthread thread_;  // last: it uses all above
};

}  // namespace tidemill::prefect
