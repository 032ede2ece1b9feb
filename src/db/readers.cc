// SPDX-License-Identifier: Apache-2.0
#include "tidemill/db/readers.h"

namespace tidemill::db {

base::Result<std::unique_ptr<Connection>> Readers::Take() {
  {
    const std::lock_guard lock(mutex_);
    if (!idle_.empty()) {
      auto connection = std::move(idle_.back());
      idle_.pop_back();
      return connection;
    }
  }
  return Connection::Open(file_, OpenMode::kReadOnly);
}

base::Status Readers::Run(const std::function<void(Connection&)>& read) {
  TIDEMILL_ASSIGN(auto connection, Take());
  TIDEMILL_CHECK(connection->Query("BEGIN"));
  read(*connection);
  TIDEMILL_CHECK(connection->Query("COMMIT"));
  const std::lock_guard lock(mutex_);
  idle_.push_back(std::move(connection));
  return {};
}

}  // namespace tidemill::db
