// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tidemill/db/connection.h"

#include "answer.h"
#include "call.h"

namespace tidemill::orchestrator {

// How a column is written as JSON.
enum class Kind : std::uint8_t {
  kText,
  kJson,  // stands in the database as JSON
  kInt,
  kNumber,
  kBool,
  kInstant,  // microseconds since 1970
  kSeconds,  // microseconds, written as seconds
  kNull,     // always null: what other versions have
  kState     // six columns: id, type, name, instant, message, details, data
};

struct Column {
  std::string_view key;  // in the answer
  std::string_view sql;  // may hold ?1, the instant of the request
  Kind kind = Kind::kText;
};

// What an entity's answers are made of.
struct Entity {
  std::string_view name;  // of the 404: "Flow run"
  std::string_view from;  // table with alias, and joins without which a row is none of its
  std::span<const Column> columns;
  std::string_view outer_joins = {};  // what columns and orders need besides; a count does not, nor does it change
};
// The whole of what stands behind FROM.
std::string FromOf(const Entity& entity);

// The rest of a SELECT with its arguments, numbered from ?2.
struct Selection {
  std::string where = "1";
  std::string order = {};
  db::Row arguments = {};
  std::int64_t limit = -1;
  std::int64_t offset = 0;
};

// One JSON text a row.
Outcome<std::vector<std::string>> SelectJson(Call& call, const Entity& entity, const Selection& selection);
// One column of the rows, a text each.
Outcome<std::vector<std::string>> SelectIds(Call& call, const Entity& entity, std::string_view column,
                                            const Selection& selection);
// All rows as a list.
Outcome<Answer> AnswerList(Call& call, const Entity& entity, const Selection& selection);
// The first row, or 404 with `missing` ({"detail": missing}).
Outcome<Answer> AnswerOne(Call& call, const Entity& entity, const Selection& selection, std::string_view missing,
                          int status = 200);
Outcome<Answer> AnswerCount(Call& call, const Entity& entity, const Selection& selection);
// One value of the first row, or null.
Outcome<db::Value> SelectValue(Call& call, std::string_view sql, const db::Row& arguments);

// Columns with their values, for INSERT and UPDATE.
using Cells = std::vector<std::pair<std::string_view, db::Value>>;
Outcome<std::int64_t> Insert(Call& call, std::string_view table, const Cells& cells, std::string_view conflict = {});
// By id; 0 where there is none. `updated` is set.
Outcome<std::int64_t> Update(Call& call, std::string_view table, std::string_view id, const Cells& cells);
Outcome<std::int64_t> Delete(Call& call, std::string_view table, std::string_view id);
// DELETE by the id in the path: 204, or 404 with `missing`.
Outcome<Answer> DeleteByPath(Call& call, std::string_view table, std::string_view missing);

}  // namespace tidemill::orchestrator
