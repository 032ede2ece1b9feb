// SPDX-License-Identifier: Apache-2.0
#include "tidemill/db/testing/statement_trace.h"

#include <map>
#include <mutex>
#include <set>

#include <sqlite3.h>

namespace tidemill::db::testing {
namespace {

std::mutex g_mutex;
std::set<std::string> g_statements;

int NoteStatement(unsigned, void*, void* statement, void*) {
  const char* text = sqlite3_sql(static_cast<sqlite3_stmt*>(statement));
  const std::lock_guard lock(g_mutex);
  if (text != nullptr) g_statements.emplace(text);
  return SQLITE_OK;
}

int TraceConnection(sqlite3* connection, char**, const void*) {
  return sqlite3_trace_v2(connection, SQLITE_TRACE_STMT, NoteStatement, nullptr);
}

using Extension = void (*)();
const auto kExtension = reinterpret_cast<Extension>(TraceConnection);  // the form that SQLite asks for

}  // namespace

StatementTrace::StatementTrace() {
  sqlite3_auto_extension(kExtension);
}

StatementTrace::~StatementTrace() {
  sqlite3_cancel_auto_extension(kExtension);
  const std::lock_guard lock(g_mutex);
  g_statements.clear();
}

std::vector<std::string> StatementTrace::Statements() const {
  const std::lock_guard lock(g_mutex);
  return {g_statements.begin(), g_statements.end()};
}

base::Result<std::vector<std::string>> TablesScanned(Connection& connection, const std::string& statement) {
  TIDEMILL_ASSIGN(const Rows roots, connection.Query("SELECT rootpage, name FROM sqlite_schema WHERE type = 'table'"));
  std::map<std::int64_t, std::string> tables;
  for (const Row& root : roots) tables[IntOf(root[0])] = TextOf(root[1]);
  // A table without row ids is the index of its key.
  TIDEMILL_ASSIGN(const Rows program, connection.Query("EXPLAIN " + statement));
  std::map<std::int64_t, std::int64_t> cursors;
  std::vector<std::string> scanned;
  for (const Row& step : program) {
    const std::string& code = TextOf(step[1]);
    if (code == "OpenRead" || code == "OpenWrite") cursors[IntOf(step[2])] = IntOf(step[3]);
    if (code != "Rewind" || !cursors.contains(IntOf(step[2]))) continue;
    const auto table = tables.find(cursors[IntOf(step[2])]);
    if (table != tables.end()) scanned.push_back(table->second);
  }
  return scanned;
}

}  // namespace tidemill::db::testing
