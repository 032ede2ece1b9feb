// SPDX-License-Identifier: Apache-2.0
#include <chrono>

#include "entity.h"
#include "events.h"
#include "flow_runs.h"
#include "instant.h"
#include "rounds.h"

namespace tidemill::orchestrator {
namespace {

constexpr std::string_view kMostBytesKey = "most_bytes";
constexpr std::string_view kShortened = "tidemill.database.shortened";
constexpr std::int64_t kPagesAtOnce = 500;
constexpr std::int64_t kOldestAtOnce = 10;
constexpr std::chrono::hours kSaidEvery{24};

struct Size {
  std::int64_t used = 0, free_pages = 0;
};

Outcome<Size> SizeOf(Call& call) {
  TIDEMILL_ASSIGN(const db::Rows pages, call.db.Query("PRAGMA page_count"));
  TIDEMILL_ASSIGN(const db::Rows free, call.db.Query("PRAGMA freelist_count"));
  TIDEMILL_ASSIGN(const db::Rows bytes, call.db.Query("PRAGMA page_size"));
  Size size{.free_pages = db::IntOf(free.at(0).at(0))};
  size.used = (db::IntOf(pages.at(0).at(0)) - size.free_pages) * db::IntOf(bytes.at(0).at(0));
  return size;
}

// Once a day, so that somebody may hear of it: automations can.
Outcome<void> Say(Call& call, std::int64_t used, std::int64_t most_bytes) {
  TIDEMILL_ASSIGN(const db::Value said,
                  SelectValue(call, "SELECT max(occurred) FROM event WHERE name = ?1", {std::string(kShortened)}));
  if (!db::IsNull(said) && db::IntOf(said) > Micros(call.now - kSaidEvery)) return {};
  Event event{
      .id = call.NewIdAt(), .occurred = call.now, .name = std::string(kShortened), .resource_id = "tidemill.database"};
  event.resource = {{"prefect.resource.id", event.resource_id}};
  event.payload = {{"used_bytes", used}, {"most_bytes", most_bytes}};
  return StoreEvent(call, event);
}

Outcome<bool> DeleteEndedRuns(Call& call) {
  TIDEMILL_ASSIGN(
      const db::Rows runs,
      call.db.Query("SELECT id FROM flow_run WHERE end IS NOT NULL ORDER BY end LIMIT ?1", {kOldestAtOnce}));
  for (const db::Row& run : runs) TIDEMILL_CHECK(EraseFlowRun(call, db::TextOf(run[0])));
  return !runs.empty();
}

// Of what can be missed best; false where nothing is left that may go.
Outcome<bool> DeleteSome(Call& call, std::int64_t most) {
  TIDEMILL_ASSIGN(
      const std::int64_t logs,
      call.db.Change("DELETE FROM log WHERE number IN (SELECT number FROM log ORDER BY number LIMIT ?1)", {most}));
  if (logs > 0) return true;
  TIDEMILL_ASSIGN(
      const std::int64_t events,
      call.db.Change(
          "DELETE FROM event WHERE number IN (SELECT number FROM event WHERE name <> ?2 ORDER BY number LIMIT ?1)",
          {most, std::string(kShortened)}));
  if (events > 0) return true;
  return DeleteEndedRuns(call);
}

}  // namespace

Outcome<std::int64_t> UsedBytes(Call& call) {
  TIDEMILL_ASSIGN(const Size size, SizeOf(call));
  return size.used;
}

Outcome<void> NoteMostBytes(Call& call, std::int64_t bytes) {
  TIDEMILL_CHECK(Insert(call, "configuration", {{"key", std::string(kMostBytesKey)}, {"value", std::to_string(bytes)}},
                        "ON CONFLICT(key) DO UPDATE SET value = excluded.value"));
  return {};
}

Outcome<bool> KeepSize(Call& call, std::int64_t most) {
  TIDEMILL_ASSIGN(const db::Value set,
                  SelectValue(call, "SELECT CAST(value AS INTEGER) FROM configuration WHERE key = ?1",
                              {std::string(kMostBytesKey)}));
  TIDEMILL_ASSIGN(const Size size, SizeOf(call));
  const std::int64_t most_bytes = db::IntOf(set);
  if (most_bytes > 0 && size.used > most_bytes) {
    TIDEMILL_CHECK(Say(call, size.used, most_bytes));
    return DeleteSome(call, most);
  }
  // What was deleted goes back to the disk, a piece at a time; a little stays for what comes next.
  if (size.free_pages <= 2 * kPagesAtOnce) return false;
  TIDEMILL_CHECK(call.db.Query("PRAGMA incremental_vacuum(500)"));
  return true;
}

}  // namespace tidemill::orchestrator
