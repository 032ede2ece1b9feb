// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <thread>

#include "tidemill/base/result.h"
#include "tidemill/db/connection.h"

namespace tidemill::db {

// The one thread that writes. Commands that wait together share a transaction and its commit; each has its own
// savepoint, so one that fails takes back only itself. Nothing is answered before its commit.
class Writer {
 public:
  // What to do with the connection; false takes back what it did. It must not begin or end a transaction.
  using Command = std::function<bool(Connection&)>;

  explicit Writer(std::unique_ptr<Connection> connection);
  ~Writer();  // finishes what waits
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  // Runs the command on the writing thread and waits until it is committed (or taken back). Waits, too, while 4,096
  // others do. An error: the transaction could not be begun or committed, so nothing of it holds.
  base::Status Run(Command command);

 private:
  struct Job {
    Command command;
    std::promise<base::Status> done;
  };
  using Batch = std::deque<Job>;

  void Work(const std::stop_token& stop);
  base::Status RunBatch(Batch& batch);

  std::unique_ptr<Connection> connection_;
  std::mutex mutex_;
  std::condition_variable_any changed_;
  Batch waiting_;
  std::jthread thread_;
};

}  // namespace tidemill::db
