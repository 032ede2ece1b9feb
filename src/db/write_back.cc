// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <stop_token>
#include <string>
#include <utility>

#include "tidemill/db/writer.h"

// The second thread of a Writer: the write-ahead log goes back to the database beside the commits. Only the last pages
// before the log begins anew, and their way to the disk, keep commits waiting.
namespace tidemill::db {
namespace {

// For readers of old pages; commits wait meanwhile.
constexpr int kMostMilliseconds = 20;

base::Result<std::unique_ptr<Connection>> OpenBeside(const std::string& file) {
  TIDEMILL_ASSIGN(auto connection, Connection::Open(file, OpenMode::kReadWrite));
  TIDEMILL_CHECK(connection->Script("PRAGMA busy_timeout=" + std::to_string(kMostMilliseconds)));
  return connection;
}

// What the log holds by now goes to the file, and the file to the disk.
base::Status CopyBack(Connection& connection) {
  TIDEMILL_CHECK(connection.Query("PRAGMA wal_checkpoint(PASSIVE)"));
  return connection.Sync();
}

}  // namespace

void Writer::WriteBack(const std::stop_token& stop) {
  std::unique_ptr<Connection> connection;
  while (true) {
    bool full = false;
    {
      std::unique_lock lock(mutex_);
      grown_.wait(lock, stop, [this] { return log_pages_ >= back_from_; });
      if (stop.stop_requested()) return;
      back_from_ = log_pages_ + bounds_.enough;
      full = log_pages_ >= bounds_.most;
    }
    // What fails here (a full disk) is tried again when the log has grown further.
    const base::Status done = WriteBackOnce(connection, full);
    const std::lock_guard lock(mutex_);
    log_problem_ = done ? "" : done.error().ToText();
  }
}

base::Status Writer::WriteBackOnce(std::unique_ptr<Connection>& connection, bool full) {
  if (!connection) {
    TIDEMILL_ASSIGN(connection, OpenBeside(file_));
  }
  TIDEMILL_CHECK(CopyBack(*connection));
  return full ? BeginAnew(*connection) : base::Status();
}

// The pages that came meanwhile are few: no batch begins while they are written back, so that the next one finds all of
// the log written back and begins it anew.
base::Status Writer::BeginAnew(Connection& connection) {
  TIDEMILL_CHECK(CopyBack(connection));
  {
    std::unique_lock lock(mutex_);
    held_ = true;
    grown_.wait(lock, [this] { return !writes_; });
  }
  const auto done = connection.Query("PRAGMA wal_checkpoint(RESTART)");
  {
    const std::lock_guard lock(mutex_);
    held_ = false;
    // Not soon again, where readers kept it from that.
    back_from_ = std::max(back_from_, log_pages_ + bounds_.enough);
  }
  changed_.notify_all();
  if (!done) return tl::unexpected(done.error());
  return {};
}

}  // namespace tidemill::db
