// SPDX-License-Identifier: Apache-2.0
#include "default_storage.h"

#include <fmt/format.h>

#include "tidemill/base/json_writer.h"

#include "body.h"
#include "entity.h"

namespace tidemill::orchestrator {

Outcome<Answer> GetDefaultStorage(Call& call) {
  // A block that was deleted is none.
  TIDEMILL_ASSIGN(const db::Value id,
                  SelectValue(call,
                              "SELECT b.id FROM configuration c JOIN block_document b ON b.id = c.value WHERE c.key = "
                              "'result storage'",
                              {}));
  return Answer{.status = 200,
                .body = fmt::format(R"({{"default_result_storage_block_id":{}}})",
                                    db::IsNull(id) ? "null" : base::JsonString(db::TextOf(id)))};
}

Outcome<Answer> PutDefaultStorage(Call& call) {
  Members members(call.body);
  const std::string id = members.RequiredId("default_result_storage_block_id");
  TIDEMILL_CHECK(members.Check());
  TIDEMILL_ASSIGN(const db::Rows rows,
                  call.db.Query("SELECT EXISTS(SELECT 1 FROM json_each(s.capabilities) w WHERE w.value = 'write-path') "
                                "FROM block_document b JOIN block_schema s ON s.id = b.block_schema_id WHERE b.id = ?1",
                                {id}));
  if (rows.empty()) return Refuse(404, fmt::format("Block document {} not found.", id));
  if (db::IntOf(rows[0][0]) == 0)
    return Refuse(422, fmt::format("The block {} cannot keep results: its type has no write-path.", id));
  TIDEMILL_CHECK(
      call.db.Change("INSERT INTO configuration(key, value) VALUES('result storage', ?1) ON CONFLICT(key) DO "
                     "UPDATE SET value = excluded.value",
                     {id}));
  return GetDefaultStorage(call);
}

Outcome<Answer> DeleteDefaultStorage(Call& call) {
  TIDEMILL_CHECK(call.db.Change("DELETE FROM configuration WHERE key = 'result storage'", {}));
  return NoContent();
}

}  // namespace tidemill::orchestrator
