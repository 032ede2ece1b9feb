// SPDX-License-Identifier: Apache-2.0
#include "tidemill/db/migrate.h"

#include <cstdint>
#include <string>

#include "tidemill/base/sha256.h"

namespace tidemill::db {
namespace {

base::Status RunInTransaction(Connection& connection, std::string_view sql, std::int64_t number) {
  TIDEMILL_CHECK(connection.Script("BEGIN IMMEDIATE"));
  base::Status status = connection.Script(std::string(sql));
  if (status) {
    const auto noted =
        connection.Change("INSERT INTO migration(number, checksum) VALUES(?1, ?2)", {number, base::Sha256Hex(sql)});
    if (!noted) status = tl::unexpected(noted.error());
  }
  const base::Status end = connection.Script(status ? "COMMIT" : "ROLLBACK");
  return status ? end : status;
}

base::Status Bring(Connection& connection, std::span<const std::string_view> migrations) {
  TIDEMILL_CHECK(connection.Script(
      "CREATE TABLE IF NOT EXISTS migration(number INTEGER PRIMARY KEY, checksum TEXT NOT NULL) STRICT"));
  TIDEMILL_ASSIGN(const Rows done, connection.Query("SELECT number, checksum FROM migration ORDER BY number"));
  if (done.size() > migrations.size()) {
    return base::Fail(base::ErrorCode::kUnsupported,
                      "the database has form {}, this program knows {} at most: use the program that wrote it",
                      done.size(), migrations.size());
  }
  for (std::size_t i = 0; i < migrations.size(); ++i) {
    if (i >= done.size()) {
      TIDEMILL_CHECK(RunInTransaction(connection, migrations[i], static_cast<std::int64_t>(i + 1)));
    } else if (TextOf(done[i][1]) != base::Sha256Hex(migrations[i])) {
      return base::Fail(base::ErrorCode::kConflict, "the database was made by another migration {} than this program's",
                        i + 1);
    }
  }
  return {};
}

}  // namespace

// A database that is only being made holds nothing that could be lost: its start need not wait for the disk.
base::Status Migrate(Connection& connection, std::span<const std::string_view> migrations) {
  TIDEMILL_ASSIGN(const Rows tables, connection.Query("SELECT count(*) FROM sqlite_schema"));
  const bool fresh = IntOf(tables.at(0).at(0)) == 0;
  if (fresh) TIDEMILL_CHECK(connection.Script("PRAGMA synchronous=OFF"));
  const base::Status status = Bring(connection, migrations);
  if (fresh) TIDEMILL_CHECK(connection.Script("PRAGMA synchronous=NORMAL"));
  return status;
}

}  // namespace tidemill::db
