// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>

#include "tidemill/base/result.h"
#include "tidemill/db/connection.h"

namespace tidemill::db {

// How far the write-ahead log may grow, in pages of 4 KiB: what is in it is written back to the database from `enough`
// on, and it begins anew from `most` on, as soon as nobody reads from it.
struct LogBounds {
  std::int64_t enough = 4000, most = 12'000;
};

// The one thread that writes. Commands that wait together share a transaction and its commit; each has its own
// savepoint, so one that fails takes back only itself (one that is alone needs none). Nothing is answered before its
// commit. A second thread writes the log back to the database: that waits for the disk, which commits do not.
class Writer {
 public:
  // What to do with the connection; false takes back what it did. It must not begin or end a transaction.
  using Command = std::function<bool(Connection&)>;

  explicit Writer(std::unique_ptr<Connection> connection, LogBounds bounds = {});
  ~Writer();  // finishes what waits
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  // Runs the command on the writing thread and waits until it is committed (or taken back). Waits, too, while 4,096
  // others do. An error: the transaction could not be begun or committed, so nothing of it holds.
  base::Status Run(Command command);
  // Whether commands wait for the one that runs: it may end early for them.
  bool others_wait() const;
  // Pages in the log after the last commit.
  std::int64_t log_pages() const;
  // Why the log could not be written back when that was tried last; empty where it could. It grows until it can.
  std::string log_problem() const;

 private:
  struct Job {
    Command command;
    std::promise<base::Status> done;
  };
  using Batch = std::deque<Job>;

  void Work(const std::stop_token& stop);
  base::Status RunBatch(Batch& batch);
  base::Status RunAlone(Job& job);
  base::Status RunTogether(Batch& batch);
  void EndBatch();

  void WriteBack(const std::stop_token& stop);
  base::Status WriteBackOnce(std::unique_ptr<Connection>& connection, bool full);
  base::Status BeginAnew(Connection& connection);

  const LogBounds bounds_;
  const std::string file_;
  std::unique_ptr<Connection> connection_;
  mutable std::mutex mutex_;
  std::condition_variable_any changed_, grown_;
  Batch waiting_;
  bool writes_ = false;         // a batch is under way
  bool held_ = false;           // none may begin
  std::int64_t log_pages_ = 0;  // after the last batch
  std::int64_t back_from_ = 0;  // pages from which the log is written back next
  std::string log_problem_;
  std::jthread thread_, back_;
};

}  // namespace tidemill::db
