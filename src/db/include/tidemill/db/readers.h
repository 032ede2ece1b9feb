// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "tidemill/base/result.h"
#include "tidemill/db/connection.h"

namespace tidemill::db {

// Read-only connections to one file, lent to whoever reads: each sees the database as it was when its reading began.
// Thread-safe. As many are opened as read at once.
class Readers {
 public:
  explicit Readers(std::string file) : file_(std::move(file)) {}

  // Runs `read` in one snapshot.
  base::Status Run(const std::function<void(Connection&)>& read);

 private:
  base::Result<std::unique_ptr<Connection>> Take();

  std::string file_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<Connection>> idle_;
};

}  // namespace tidemill::db
