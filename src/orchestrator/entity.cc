// SPDX-License-Identifier: Apache-2.0
#include "entity.h"

#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include "tidemill/base/json_writer.h"
#include "tidemill/base/text.h"

#include "instant.h"
#include "state.h"

namespace tidemill::orchestrator {
namespace {

constexpr std::size_t kColumnsOfState = 7;

std::string ColumnList(const Entity& entity) {
  std::string list;
  for (const Column& column : entity.columns) {
    if (!list.empty()) list += ", ";
    list += column.kind == Kind::kNull ? std::string_view("NULL") : column.sql;
  }
  return list;
}

void WriteInstant(base::JsonWriter& json, const db::Value& value) {
  if (db::IsNull(value)) {
    json.Null();
  } else {
    json.String(InstantText(FromMicros(db::IntOf(value))));
  }
}

void WriteOptional(base::JsonWriter& json, const db::Value& text) {
  if (db::IsNull(text)) {
    json.Null();
  } else {
    json.String(db::TextOf(text));
  }
}

void WriteState(base::JsonWriter& json, const db::Value* value) {
  if (db::IsNull(value[0])) {
    json.Null();
    return;
  }
  json.BeginObject().Key("id").String(db::TextOf(value[0])).Key("type").String(db::TextOf(value[1]));
  json.Key("name").String(db::TextOf(value[2])).Key("timestamp");
  WriteInstant(json, value[3]);
  json.Key("message");
  WriteOptional(json, value[4]);
  json.Key("data").Raw(db::IsNull(value[6]) ? std::string_view("null") : std::string_view(db::TextOf(value[6])));
  json.Key("state_details").Raw(boost::json::serialize(WholeDetails(db::TextOf(value[5])))).EndObject();
}

void WriteDouble(base::JsonWriter& json, double value) {
  std::string text = base::ShortestDouble(value);
  if (text.find_first_of(".eE") == std::string::npos) text += ".0";
  json.Raw(text);
}

void WriteValue(base::JsonWriter& json, Kind kind, const db::Value* value) {
  if (kind == Kind::kState) return WriteState(json, value);
  if (db::IsNull(*value)) {
    json.Null();
    return;
  }
  switch (kind) {
    case Kind::kText:
      json.String(db::TextOf(*value));
      return;
    case Kind::kJson:
      json.Raw(db::TextOf(*value));
      return;
    case Kind::kInt:
      json.Int(db::IntOf(*value));
      return;
    case Kind::kNumber:
      return WriteDouble(json, db::DoubleOf(*value));
    case Kind::kBool:
      json.Bool(db::IntOf(*value) != 0);
      return;
    case Kind::kInstant:
      return WriteInstant(json, *value);
    case Kind::kSeconds:
      return WriteDouble(json, static_cast<double>(db::IntOf(*value)) / kMicros);
    case Kind::kNull:
    case Kind::kState:
      json.Null();
      return;
  }
}

std::string ToJson(const Entity& entity, const db::Row& row) {
  base::JsonWriter json;
  json.BeginObject();
  std::size_t at = 0;
  for (const Column& column : entity.columns) {
    json.Key(column.key);
    WriteValue(json, column.kind, &row[at]);
    at += column.kind == Kind::kState ? kColumnsOfState : 1;
  }
  return json.EndObject().Take();
}

db::Row Arguments(const Call& call, const Selection& selection) {
  db::Row arguments{Micros(call.now)};
  arguments.insert(arguments.end(), selection.arguments.begin(), selection.arguments.end());
  return arguments;
}

Outcome<db::Rows> SelectRows(Call& call, const Entity& entity, std::string_view columns, const Selection& selection) {
  db::Row arguments = Arguments(call, selection);
  // ?1 must stand in the text even where no column asks for it.
  std::string sql =
      fmt::format("SELECT {} FROM {} WHERE ?1 IS NOT NULL AND {}", columns, FromOf(entity), selection.where);
  if (!selection.order.empty()) sql += " ORDER BY " + selection.order;
  if (selection.limit >= 0) {
    sql += fmt::format(" LIMIT ?{} OFFSET ?{}", arguments.size() + 1, arguments.size() + 2);
    arguments.emplace_back(selection.limit);
    arguments.emplace_back(selection.offset);
  }
  TIDEMILL_ASSIGN(db::Rows rows, call.db.Query(sql, arguments));
  return rows;
}

}  // namespace

std::string FromOf(const Entity& entity) {
  return entity.outer_joins.empty() ? std::string(entity.from) : fmt::format("{} {}", entity.from, entity.outer_joins);
}

Outcome<std::vector<std::string>> SelectJson(Call& call, const Entity& entity, const Selection& selection) {
  TIDEMILL_ASSIGN(const db::Rows rows, SelectRows(call, entity, ColumnList(entity), selection));
  std::vector<std::string> list;
  list.reserve(rows.size());
  for (const db::Row& row : rows) list.push_back(ToJson(entity, row));
  return list;
}

Outcome<std::vector<std::string>> SelectIds(Call& call, const Entity& entity, std::string_view column,
                                            const Selection& selection) {
  TIDEMILL_ASSIGN(const db::Rows rows, SelectRows(call, entity, column, selection));
  std::vector<std::string> list;
  for (const db::Row& row : rows) list.push_back(db::TextOf(row.front()));
  return list;
}

Outcome<Answer> AnswerList(Call& call, const Entity& entity, const Selection& selection) {
  TIDEMILL_ASSIGN(const auto list, SelectJson(call, entity, selection));
  return Answer{.status = 200, .body = "[" + base::Join(list, ",") + "]"};
}

Outcome<Answer> AnswerOne(Call& call, const Entity& entity, const Selection& selection, std::string_view missing,
                          int status) {
  Selection first = selection;
  first.limit = 1;
  TIDEMILL_ASSIGN(auto list, SelectJson(call, entity, first));
  if (list.empty()) return Refuse(404, missing);
  return Answer{.status = status, .body = std::move(list.front())};
}

Outcome<Answer> AnswerCount(Call& call, const Entity& entity, const Selection& selection) {
  // Without the outer joins an index may hold all that is looked at.
  const std::string sql =
      fmt::format("SELECT count(*) FROM {} WHERE ?1 IS NOT NULL AND {}", entity.from, selection.where);
  TIDEMILL_ASSIGN(const db::Rows rows, call.db.Query(sql, Arguments(call, selection)));
  return Answer{.status = 200, .body = fmt::format("{}", db::IntOf(rows.at(0)[0]))};
}

Outcome<db::Value> SelectValue(Call& call, std::string_view sql, const db::Row& arguments) {
  TIDEMILL_ASSIGN(db::Rows rows, call.db.Query(sql, arguments));
  if (rows.empty()) return db::Value();
  return std::move(rows.front().front());
}

Outcome<std::int64_t> Insert(Call& call, std::string_view table, const Cells& cells, std::string_view conflict) {
  std::string names, marks;
  db::Row arguments;
  for (const auto& [name, value] : cells) {
    arguments.push_back(value);
    names += fmt::format("{}{}", names.empty() ? "" : ", ", name);
    marks += fmt::format("{}?{}", marks.empty() ? "" : ", ", arguments.size());
  }
  TIDEMILL_ASSIGN(
      const std::int64_t count,
      call.db.Change(fmt::format("INSERT INTO {}({}) VALUES({}) {}", table, names, marks, conflict), arguments));
  return count;
}

Outcome<std::int64_t> Update(Call& call, std::string_view table, std::string_view id, const Cells& cells) {
  std::string text = "updated = ?2";
  db::Row arguments{std::string(id), Micros(call.now)};
  for (const auto& [name, value] : cells) {
    arguments.push_back(value);
    text += fmt::format(", {} = ?{}", name, arguments.size());
  }
  TIDEMILL_ASSIGN(const std::int64_t count,
                  call.db.Change(fmt::format("UPDATE {} SET {} WHERE id = ?1", table, text), arguments));
  return count;
}

Outcome<std::int64_t> Delete(Call& call, std::string_view table, std::string_view id) {
  TIDEMILL_ASSIGN(const std::int64_t count,
                  call.db.Change(fmt::format("DELETE FROM {} WHERE id = ?1", table), {std::string(id)}));
  return count;
}

Outcome<Answer> DeleteByPath(Call& call, std::string_view table, std::string_view missing) {
  TIDEMILL_ASSIGN(const std::int64_t count, Delete(call, table, call.path.at(0)));
  if (count == 0) return Refuse(404, missing);
  return NoContent();
}

}  // namespace tidemill::orchestrator
