// SPDX-License-Identifier: Apache-2.0
#include "tidemill/db/connection.h"

#include <functional>
#include <unordered_map>
#include <utility>

#include <sqlite3.h>

namespace tidemill::db {
namespace {

constexpr int kBusyMilliseconds = 10'000;
constexpr std::size_t kMostKept = 512;  // statements; filters make new texts

// Finds texts by views of them.
struct TextHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
};

// Told of each commit. That it is there keeps commits from writing the log back.
int NoteLog(void* pages, sqlite3*, const char*, int count) {
  *static_cast<std::int64_t*>(pages) = count;
  return SQLITE_OK;
}

base::ErrorCode CodeOf(int status) {
  switch (status & 0xFF) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_FULL:
    case SQLITE_READONLY:
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
      return base::ErrorCode::kUnavailable;
    case SQLITE_CONSTRAINT:
      return base::ErrorCode::kConflict;
    case SQLITE_NOTADB:
    case SQLITE_CORRUPT:
      return base::ErrorCode::kMalformed;
    case SQLITE_TOOBIG:
    case SQLITE_NOMEM:
      return base::ErrorCode::kTooLarge;
    default:
      return base::ErrorCode::kInternal;
  }
}

Value ColumnOf(sqlite3_stmt* statement, int column) {
  switch (sqlite3_column_type(statement, column)) {
    case SQLITE_INTEGER:
      return std::int64_t{sqlite3_column_int64(statement, column)};
    case SQLITE_FLOAT:
      return sqlite3_column_double(statement, column);
    case SQLITE_NULL:
      return {};
    default: {
      const auto* bytes = static_cast<const char*>(sqlite3_column_blob(statement, column));
      const int size = sqlite3_column_bytes(statement, column);
      return bytes == nullptr ? std::string() : std::string(bytes, static_cast<std::size_t>(size));
    }
  }
}

int Bind(sqlite3_stmt* statement, int at, const Value& value) {
  if (const auto* number = std::get_if<std::int64_t>(&value)) return sqlite3_bind_int64(statement, at, *number);
  if (const auto* number = std::get_if<double>(&value)) return sqlite3_bind_double(statement, at, *number);
  if (const auto* text = std::get_if<std::string>(&value)) {
    // The arguments outlive the statement's run, so nothing is copied.
    return sqlite3_bind_text64(statement, at, text->data(), text->size(), nullptr, SQLITE_UTF8);
  }
  return sqlite3_bind_null(statement, at);
}

struct Reset {
  void operator()(sqlite3_stmt* statement) const {
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
  }
};

}  // namespace

struct Connection::Impl {
  explicit Impl(std::string name) : file(std::move(name)) {}
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;
  ~Impl() {
    Forget();
    sqlite3_close_v2(handle);
  }

  void Forget() {
    for (const auto& [text, statement] : kept) sqlite3_finalize(statement);
    kept.clear();
  }

  tl::unexpected<base::Error> Failure(int status, std::string_view sql) const {
    // A file that may not grow, as by a quota, is not called full by SQLite.
    if (status == SQLITE_FULL || status == SQLITE_IOERR_WRITE) {
      return base::FailAt(base::ErrorCode::kUnavailable, file,
                          "nothing of this was kept: the disk is full, or cannot be written");
    }
    return base::FailAt(CodeOf(status), file, "{} in {}",
                        handle == nullptr ? sqlite3_errstr(status) : sqlite3_errmsg(handle), base::Quoted(sql));
  }

  base::Result<sqlite3_stmt*> Prepare(std::string_view sql) {
    const auto found = kept.find(sql);
    if (found != kept.end()) return found->second;
    if (kept.size() >= kMostKept) Forget();
    sqlite3_stmt* statement = nullptr;
    const int status = sqlite3_prepare_v3(handle, sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT,
                                          &statement, nullptr);
    if (status != SQLITE_OK) return Failure(status, sql);
    kept.emplace(sql, statement);
    return statement;
  }

  base::Result<Rows> Run(std::string_view sql, const Row& arguments) {
    TIDEMILL_ASSIGN(sqlite3_stmt * prepared, Prepare(sql));
    const std::unique_ptr<sqlite3_stmt, Reset> statement(prepared);
    int at = 0;
    for (const Value& argument : arguments) {
      const int status = Bind(statement.get(), ++at, argument);
      if (status != SQLITE_OK) return Failure(status, sql);
    }
    Rows rows;
    const int columns = sqlite3_column_count(statement.get());
    int status = SQLITE_ROW;
    while ((status = sqlite3_step(statement.get())) == SQLITE_ROW) {
      Row& row = rows.emplace_back();
      row.reserve(static_cast<std::size_t>(columns));
      for (int column = 0; column < columns; ++column) row.push_back(ColumnOf(statement.get(), column));
    }
    if (status != SQLITE_DONE) return Failure(status, sql);
    return rows;
  }

  std::string file;
  sqlite3* handle = nullptr;
  std::unordered_map<std::string, sqlite3_stmt*, TextHash, std::equal_to<>> kept;
  std::int64_t log_pages = 0;
};

Connection::Connection(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Connection::~Connection() = default;

base::Result<std::unique_ptr<Connection>> Connection::Open(const std::string& file, OpenMode mode) {
  // Nobody asks how much memory SQLite has: counting costs a lock each time. (Too late, it is refused: counted, then.)
  static const int uncounted = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
  (void)uncounted;
  auto impl = std::make_unique<Impl>(file);
  const int flags = (mode == OpenMode::kReadOnly ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE) |
                    SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
  const int status = sqlite3_open_v2(file.c_str(), &impl->handle, flags, nullptr);
  if (status != SQLITE_OK) {
    return base::FailAt(CodeOf(status), file, "cannot open the database: {}", sqlite3_errstr(status));
  }
  sqlite3_busy_timeout(impl->handle, kBusyMilliseconds);
  sqlite3_wal_hook(impl->handle, NoteLog, &impl->log_pages);
  std::unique_ptr<Connection> connection(new Connection(std::move(impl)));
  if (mode == OpenMode::kReadWrite) TIDEMILL_CHECK(connection->PrepareFile());
  TIDEMILL_CHECK(connection->Script("PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;"));
  // In kB: the one that writes comes by all indices again and again; those that read are many.
  TIDEMILL_CHECK(
      connection->Script(mode == OpenMode::kReadWrite ? "PRAGMA cache_size=-12000" : "PRAGMA cache_size=-2000"));
  return connection;
}

// A file that is only being made holds nothing that could be lost: that it is there need not wait for the disk. What a
// savepoint would take back stays in memory: in a file, it was a good part of what a batch wrote. What is deleted, or
// moves to another page, is not overwritten (some builds of SQLite do): what is secret is sealed.
base::Status Connection::PrepareFile() {
  TIDEMILL_ASSIGN(const Rows pages, Query("PRAGMA page_count"));
  if (IntOf(pages.at(0).at(0)) == 0) TIDEMILL_CHECK(Script("PRAGMA synchronous=OFF"));
  return Script(
      "PRAGMA auto_vacuum=INCREMENTAL; PRAGMA journal_mode=WAL; PRAGMA journal_size_limit=67108864; PRAGMA "
      "temp_store=MEMORY; PRAGMA secure_delete=OFF;");
}

base::Result<Rows> Connection::Query(std::string_view sql, const Row& arguments) {
  return impl_->Run(sql, arguments);
}

base::Result<std::int64_t> Connection::Change(std::string_view sql, const Row& arguments) {
  TIDEMILL_CHECK(impl_->Run(sql, arguments));
  return std::int64_t{sqlite3_changes64(impl_->handle)};
}

base::Status Connection::Script(const std::string& sql) {
  const int status = sqlite3_exec(impl_->handle, sql.c_str(), nullptr, nullptr, nullptr);
  if (status != SQLITE_OK) return impl_->Failure(status, sql);
  return {};
}

const std::string& Connection::file() const {
  return impl_->file;
}

std::int64_t Connection::log_pages() const {
  return impl_->log_pages;
}

base::Status Connection::Sync() {
  sqlite3_file* file = nullptr;
  int status = sqlite3_file_control(impl_->handle, "main", SQLITE_FCNTL_FILE_POINTER, &file);
  if (status == SQLITE_OK && file->pMethods != nullptr) status = file->pMethods->xSync(file, SQLITE_SYNC_NORMAL);
  if (status != SQLITE_OK) return impl_->Failure(status, "sync");
  return {};
}

}  // namespace tidemill::db
