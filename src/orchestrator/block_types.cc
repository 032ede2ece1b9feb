// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <utility>

#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include "tidemill/base/text.h"

#include "blocks.h"
#include "body.h"
#include "flows.h"
#include "instant.h"
#include "python_json.h"
#include "query_text.h"
#include "searchables.h"

namespace tidemill::orchestrator {
namespace {

constexpr std::string_view kMissingType = "Block type not found";
constexpr std::string_view kMissingSchema = "Block schema not found";
constexpr std::string_view kAnyVersion = "non-versioned";

constexpr std::array kSchemaColumns{Column{"id", "c.id"},
                                    Column{"created", "c.created", Kind::kInstant},
                                    Column{"updated", "c.updated", Kind::kInstant},
                                    Column{"checksum", "c.checksum"},
                                    Column{"fields", "c.fields", Kind::kJson},
                                    Column{"block_type_id", "c.block_type_id"},
                                    Column{"capabilities", "c.capabilities", Kind::kJson},
                                    Column{"version", "c.version"}};
constexpr Entity kSchema{"Block schema", "block_schema c", kSchemaColumns};
constexpr std::array kBlockSchemaMembers{
    FilterMember{"id", "c.id", Leaf::kId}, FilterMember{"block_type_id", "c.block_type_id", Leaf::kId},
    FilterMember{"block_capabilities", "c.capabilities", Leaf::kTags}, FilterMember{"version", "c.version"}};
constexpr FilterTable kBlockSchemaTable{"block_schemas", "c", kBlockSchemaMembers};
constexpr std::array kSchemaOrders{SortOrder{"CREATED_DESC", "c.created DESC, c.id"}};
constexpr Searchable kSchemas{kSchema, kBlockSchemaTable, {}, kSchemaOrders};

constexpr std::array<std::string_view, 4> kTypeTexts{"logo_url", "documentation_url", "description", "code_example"};

Outcome<Answer> AnswerType(Call& call, std::string_view where, const std::string& value, int status = 200) {
  return AnswerOne(call, kBlockTypes.entity, {.where = std::string(where), .arguments = {value}}, kMissingType, status);
}

Outcome<Answer> AnswerSchema(Call& call, const std::string& id, int status) {
  TIDEMILL_ASSIGN(std::string body, BlockSchemaJson(call, id));
  if (body.empty()) return Refuse(404, kMissingSchema);
  return Answer{.status = status, .body = std::move(body)};
}

// Every nested block must be of a type that is known already.
Outcome<void> CheckSchemaReferences(Call& call, const json::object& fields) {
  const json::object* references = FindObject(fields, "block_schema_references");
  if (references == nullptr) return {};
  for (const auto& [field, reference] : *references) {
    const json::object* one = reference.if_object();
    const auto slug = one != nullptr ? TextMember(*one, "block_type_slug") : std::nullopt;
    if (!slug) continue;
    TIDEMILL_ASSIGN(const db::Value known, SelectValue(call, "SELECT id FROM block_type WHERE slug = ?1", {*slug}));
    if (db::IsNull(known))
      return Refuse(409, fmt::format("Referenced block type {} is not registered.", base::Quoted(*slug)));
  }
  return {};
}

}  // namespace

Outcome<std::string> BlockTypeJson(Call& call, const std::string& id) {
  TIDEMILL_ASSIGN(auto list, SelectJson(call, kBlockTypes.entity, {.where = "b.id = ?2", .arguments = {id}}));
  return list.empty() ? std::string("null") : std::move(list.front());
}

Outcome<std::string> BlockSchemaJson(Call& call, const std::string& id) {
  TIDEMILL_ASSIGN(auto list, SelectJson(call, kSchema, {.where = "c.id = ?2", .arguments = {id}}));
  if (list.empty()) return std::string();
  TIDEMILL_ASSIGN(const db::Value type,
                  SelectValue(call, "SELECT block_type_id FROM block_schema WHERE id = ?1", {id}));
  TIDEMILL_ASSIGN(const std::string type_json, BlockTypeJson(call, db::TextOf(type)));
  list.front().pop_back();
  return list.front() + ",\"block_type\":" + type_json + "}";
}

Outcome<Answer> CreateBlockType(Call& call) {
  constexpr std::string_view kSlugLetters = "abcdefghijklmnopqrstuvwxyz0123456789-";
  Members members(call.body);
  const std::string id = call.NewId();
  const std::string slug = members.RequiredText("slug");
  const std::string name = members.RequiredText("name");
  Cells cells{{"id", id},     {"created", Micros(call.now)},    {"updated", Micros(call.now)}, {"name", name},
              {"slug", slug}, {"is_protected", std::int64_t{0}}};
  for (const std::string_view text : kTypeTexts)
    cells.emplace_back(text, db::TextOrNull(members.Text(text).value_or("")));
  TIDEMILL_CHECK(members.Check());
  TIDEMILL_CHECK(CheckName(name));
  if (slug.find_first_not_of(kSlugLetters) != std::string::npos)
    return RefuseMember("slug", "a slug of lower-case letters, digits and - was expected");
  if (base::Lower(name).starts_with("prefect"))
    return Refuse(403, "Block type names beginning with 'Prefect' are reserved.");
  TIDEMILL_ASSIGN(const std::int64_t made, Insert(call, "block_type", cells, "ON CONFLICT(slug) DO NOTHING"));
  if (made == 0) return Refuse(409, fmt::format("Block type with slug \"{}\" already exists", slug));
  return AnswerType(call, "b.id = ?2", id, 201);
}

Outcome<Answer> GetBlockType(Call& call) {
  return AnswerType(call, "b.id = ?2", call.path.at(0));
}
Outcome<Answer> GetBlockTypeBySlug(Call& call) {
  return AnswerType(call, "b.slug = ?2", call.path.at(0));
}

Outcome<Answer> PatchBlockType(Call& call) {
  Members members(call.body);
  Cells cells;
  for (const std::string_view name : kTypeTexts) {
    if (members.Has(name)) cells.emplace_back(name, db::TextOrNull(members.Text(name).value_or("")));
  }
  TIDEMILL_CHECK(members.Check());
  TIDEMILL_ASSIGN(const std::int64_t count, Update(call, "block_type", call.path.at(0), cells));
  if (count == 0) return Refuse(404, kMissingType);
  return NoContent();
}

Outcome<Answer> DeleteBlockType(Call& call) {
  return DeleteByPath(call, "block_type", kMissingType);
}
Outcome<Answer> FilterBlockTypes(Call& call) {
  return AnswerFilter(call, kBlockTypes);
}
Outcome<Answer> InstallBlockTypes(Call&) {
  return Answer{.status = 200, .body = "null"};
}

Outcome<Answer> CreateBlockSchema(Call& call) {
  Members members(call.body);
  const std::string type = members.RequiredId("block_type_id");
  const std::string capabilities = members.JsonTexts("capabilities");
  const std::string version = members.Text("version").value_or(std::string(kAnyVersion));
  const json::object* fields = members.Object("fields");
  TIDEMILL_CHECK(members.Check());
  if (fields == nullptr) return RefuseMember("fields", "an object was expected");
  TIDEMILL_CHECK(CheckSchemaReferences(call, *fields));
  const std::string checksum = BlockChecksum(*fields);
  TIDEMILL_ASSIGN(const std::int64_t made, Insert(call, "block_schema",
                                                  {{"id", call.NewId()},
                                                   {"created", Micros(call.now)},
                                                   {"updated", Micros(call.now)},
                                                   {"checksum", checksum},
                                                   {"version", version},
                                                   {"fields", json::serialize(*fields)},
                                                   {"capabilities", capabilities},
                                                   {"block_type_id", type}},
                                                  "ON CONFLICT(checksum, version) DO NOTHING"));
  TIDEMILL_ASSIGN(
      const db::Value id,
      SelectValue(call, "SELECT id FROM block_schema WHERE checksum = ?1 AND version = ?2", {checksum, version}));
  return AnswerSchema(call, db::TextOf(id), made > 0 ? 201 : 200);
}

Outcome<Answer> GetBlockSchema(Call& call) {
  return AnswerSchema(call, call.path.at(0), 200);
}

Outcome<Answer> GetBlockSchemaByChecksum(Call& call) {
  const auto version = QueryValue(call.query, "version");
  TIDEMILL_ASSIGN(const db::Value id,
                  SelectValue(call,
                              "SELECT id FROM block_schema WHERE checksum = ?1 AND (?2 IS NULL OR version = ?2) "
                              "ORDER BY created DESC LIMIT 1",
                              {call.path.at(0), version ? db::Value(*version) : db::Value()}));
  return AnswerSchema(call, db::TextOf(id), 200);
}

Outcome<Answer> DeleteBlockSchema(Call& call) {
  return DeleteByPath(call, "block_schema", kMissingSchema);
}

Outcome<Answer> FilterBlockSchemas(Call& call) {
  TIDEMILL_ASSIGN(const Selection selection, ReadSearch(kSchemas, call.body));
  TIDEMILL_ASSIGN(const auto ids, SelectIds(call, kSchema, "c.id", selection));
  std::vector<std::string> list;
  for (const std::string& id : ids) {
    TIDEMILL_ASSIGN(std::string one, BlockSchemaJson(call, id));
    list.push_back(std::move(one));
  }
  return Answer{.status = 200, .body = "[" + base::Join(list, ",") + "]"};
}

Outcome<Answer> ListBlockCapabilities(Call& call) {
  TIDEMILL_ASSIGN(const db::Value list,
                  SelectValue(call,
                              "SELECT json_group_array(value) FROM (SELECT DISTINCT w.value AS value FROM block_schema "
                              "c, json_each(c.capabilities) w ORDER BY 1)",
                              {}));
  return Answer{.status = 200, .body = db::TextOf(list)};
}

}  // namespace tidemill::orchestrator
