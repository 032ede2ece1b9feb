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

// The transaction or its savepoint is gone: a statement that failed has ended it, as on a full disk.
base::Status Ended() {
  return base::Fail(base::ErrorCode::kUnavailable, "nothing of this was kept: the disk is full, or cannot be written");
}

// A statement of the transaction, prepared once.
base::Status Step(Connection& connection, std::string_view sql) {
  TIDEMILL_CHECK(connection.Change(sql));
  return {};
}

}  // namespace

Writer::Writer(std::unique_ptr<Connection> connection, LogBounds bounds)
    : bounds_(bounds),
      file_(connection->file()),
      connection_(std::move(connection)),
      back_from_(bounds.enough),
      thread_([this](const std::stop_token& stop) { Work(stop); }),
      back_([this](const std::stop_token& stop) { WriteBack(stop); }) {}

Writer::~Writer() {
  back_.request_stop();
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

bool Writer::others_wait() const {
  const std::lock_guard lock(mutex_);
  return !waiting_.empty();
}

std::int64_t Writer::log_pages() const {
  const std::lock_guard lock(mutex_);
  return log_pages_;
}

std::string Writer::log_problem() const {
  const std::lock_guard lock(mutex_);
  return log_problem_;
}

void Writer::Work(const std::stop_token& stop) {
  while (true) {
    Batch batch;
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, stop, [this] { return !waiting_.empty() && !held_; });
      if (waiting_.empty()) return;  // asked to stop, and all is done
      const auto end = waiting_.begin() + static_cast<std::ptrdiff_t>(std::min(waiting_.size(), kMostTogether));
      std::move(waiting_.begin(), end, std::back_inserter(batch));
      waiting_.erase(waiting_.begin(), end);
      writes_ = true;
    }
    changed_.notify_all();
    const base::Status status = RunBatch(batch);
    EndBatch();
    for (Job& job : batch) job.done.set_value(status);
  }
}

void Writer::EndBatch() {
  bool told = false;
  {
    const std::lock_guard lock(mutex_);
    writes_ = false;
    const std::int64_t pages = connection_->log_pages();
    if (pages < log_pages_) back_from_ = bounds_.enough;  // it began anew
    log_pages_ = pages;
    told = held_ || log_pages_ >= back_from_;
  }
  if (told) grown_.notify_one();
}

base::Status Writer::RunBatch(Batch& batch) {
  TIDEMILL_CHECK(connection_->Change("BEGIN IMMEDIATE"));
  const base::Status status = batch.size() == 1 ? RunAlone(batch.front()) : RunTogether(batch);
  // Where the transaction has ended already this fails, too.
  if (!status) (void)connection_->Script("ROLLBACK");
  return status;
}

// For a savepoint each page is copied before it is changed: a command that is alone goes without.
base::Status Writer::RunAlone(Job& job) {
  const bool keep = RunCommand(job.command, *connection_);
  const base::Status status = Step(*connection_, keep ? "COMMIT" : "ROLLBACK");
  return status || status.error().code == base::ErrorCode::kUnavailable ? status : Ended();
}

base::Status Writer::RunTogether(Batch& batch) {
  for (Job& job : batch) {
    TIDEMILL_CHECK(Step(*connection_, "SAVEPOINT command"));
    const bool keep = RunCommand(job.command, *connection_);
    base::Status status;
    if (!keep) status = Step(*connection_, "ROLLBACK TO command");
    if (status) status = Step(*connection_, "RELEASE command");
    if (!status) return Ended();
  }
  return Step(*connection_, "COMMIT");
}

}  // namespace tidemill::db
