// SPDX-License-Identifier: Apache-2.0
#include "tidemill/db/writer.h"

#include <algorithm>
#include <exception>
#include <iterator>
#include <stop_token>
#include <utility>

namespace tidemill::db {
namespace {

constexpr std::size_t kMostWaiting = 4096;
constexpr std::size_t kMostTogether = 512;

bool RunCommand(const Writer::Command& command, Connection& connection) {
  try {
    return command(connection);
  } catch (const std::exception&) {
    return false;
  }
}

}  // namespace

Writer::Writer(std::unique_ptr<Connection> connection)
    : connection_(std::move(connection)), thread_([this](const std::stop_token& stop) { Work(stop); }) {}

Writer::~Writer() {
  thread_.request_stop();
  changed_.notify_all();
}

base::Status Writer::Run(Command command) {
  std::future<base::Status> done;
  {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return waiting_.size() < kMostWaiting; });
    done = waiting_.emplace_back(Job{std::move(command), {}}).done.get_future();
  }
  changed_.notify_all();
  return done.get();
}

void Writer::Work(const std::stop_token& stop) {
  while (true) {
    Batch batch;
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, stop, [this] { return !waiting_.empty(); });
      if (waiting_.empty()) return;  // asked to stop, and all is done
      const auto end = waiting_.begin() + static_cast<std::ptrdiff_t>(std::min(waiting_.size(), kMostTogether));
      std::move(waiting_.begin(), end, std::back_inserter(batch));
      waiting_.erase(waiting_.begin(), end);
    }
    changed_.notify_all();
    const base::Status status = RunBatch(batch);
    for (Job& job : batch) job.done.set_value(status);
  }
}

base::Status Writer::RunBatch(Batch& batch) {
  TIDEMILL_CHECK(connection_->Script("BEGIN IMMEDIATE"));
  base::Status status;
  for (Job& job : batch) {
    status = connection_->Script("SAVEPOINT command");
    if (!status) break;
    const bool keep = RunCommand(job.command, *connection_);
    status = connection_->Script(keep ? "RELEASE command" : "ROLLBACK TO command; RELEASE command");
    if (!status) {
      // The savepoint is gone: a statement that failed has ended the whole transaction, as on a full disk.
      status =
          base::Fail(base::ErrorCode::kUnavailable, "nothing of this was kept: the disk is full, or cannot be written");
      break;
    }
  }
  if (status) status = connection_->Script("COMMIT");
  // Where the transaction has ended already this fails, too.
  if (!status) (void)connection_->Script("ROLLBACK");
  return status;
}

}  // namespace tidemill::db
