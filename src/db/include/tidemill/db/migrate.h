// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>

#include "tidemill/base/result.h"
#include "tidemill/db/connection.h"

namespace tidemill::db {

// Brings a database to the newest form: those of `migrations` (forward only, numbered from 1 in their order) that it
// has not seen, each in a transaction, each remembered with its checksum. Refuses a database that is newer than the
// program (kUnsupported) or was made by other migrations (kConflict).
base::Status Migrate(Connection& connection, std::span<const std::string_view> migrations);

}  // namespace tidemill::db
