// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "tidemill/base/result.h"
#include "tidemill/db/value.h"

namespace tidemill::db {

enum class OpenMode : std::uint8_t { kReadWrite, kReadOnly };

// One connection to a SQLite file, for one thread at a time. Statements are prepared once a text and kept, so texts
// must be few: what differs from call to call is an argument. Errors: kUnavailable (disk full, read-only, busy),
// kConflict (a key or reference was violated), kMalformed (no database), kInternal (a fault in a statement).
class Connection {
 public:
  // Opens or makes the file in WAL mode, with foreign keys. No commit of the connection writes the log back to the file
  // (Writer does so beside its commits).
  static base::Result<std::unique_ptr<Connection>> Open(const std::string& file, OpenMode mode);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // All rows of one statement; `?1`, `?2` … are the arguments in order.
  base::Result<Rows> Query(std::string_view sql, const Row& arguments = {});
  // Rows it changed.
  base::Result<std::int64_t> Change(std::string_view sql, const Row& arguments = {});
  // Several statements without arguments, not kept.
  base::Status Script(const std::string& sql);

  const std::string& file() const;
  // Pages that lay in the write-ahead log after the connection's last commit.
  std::int64_t log_pages() const;
  // Returns when all that was written to the file (not to its log) is on the disk.
  base::Status Sync();

 private:
  struct Impl;
  explicit Connection(std::unique_ptr<Impl> impl);
  base::Status PrepareFile();
  std::unique_ptr<Impl> impl_;
};

}  // namespace tidemill::db
