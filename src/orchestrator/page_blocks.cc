// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <utility>

#include "tidemill/base/json_writer.h"

#include "blocks.h"
#include "body.h"
#include "pages.h"
#include "searchables.h"

namespace tidemill::orchestrator {
namespace {

constexpr std::int64_t kMostTypes = 500;
constexpr std::int64_t kBlocksAPage = 200;
constexpr std::int64_t kMostChoices = 500;

constexpr std::array kTypeColumns{
    Column{"id", "b.id"},
    Column{"name", "b.name"},
    Column{"slug", "b.slug"},
    Column{"description", "substr(b.description, 1, 300)"},
    Column{"documentation_url", "b.documentation_url"},
    Column{"has_schema", "EXISTS(SELECT 1 FROM block_schema c WHERE c.block_type_id = b.id)", Kind::kBool}};
constexpr Entity kPageType{"Block type", "block_type b", kTypeColumns};

constexpr std::array kDocumentColumns{Column{"id", "k.id"},
                                      Column{"name", "k.name"},
                                      Column{"type_name", "b.name"},
                                      Column{"type_slug", "b.slug"},
                                      Column{"created", "k.created", Kind::kInstant},
                                      Column{"updated", "k.updated", Kind::kInstant},
                                      Column{"cursor", "b.slug || '/' || k.name"}};
constexpr Entity kPageDocument{"Block document", "block_document k JOIN block_type b ON b.id = k.block_type_id",
                               kDocumentColumns};

// What a field that refers to another block may name.
Outcome<std::string> ChoicesJson(Call& call) {
  return ListJson(call, kPageDocument,
                  {.where = "NOT k.is_anonymous", .order = "b.slug || '/' || k.name", .limit = kMostChoices});
}

}  // namespace

Outcome<Answer> PageBlocks(Call& call) {
  Selection selection{.where = "NOT k.is_anonymous", .order = "b.slug || '/' || k.name"};
  if (const auto after = QueryText(call, "after")) AddCondition(selection, "b.slug || '/' || k.name > {}", *after);
  TIDEMILL_ASSIGN(const std::string page,
                  PagedJson(call, kPageDocument, std::move(selection), "documents", kBlocksAPage));
  TIDEMILL_ASSIGN(const std::string types, ListJson(call, kPageType, {.order = "b.name, b.id", .limit = kMostTypes}));
  base::JsonWriter json;
  json.BeginObject().Key("page").Raw(page).Key("types").Raw(types);
  return Answer{.status = 200, .body = json.EndObject().Take()};
}

Outcome<Answer> PageBlockType(Call& call) {
  TIDEMILL_ASSIGN(const Answer type,
                  AnswerOne(call, kBlockTypes.entity, {.where = "b.slug = ?2", .arguments = {call.path.at(0)}},
                            "Block type not found"));
  TIDEMILL_ASSIGN(const db::Value schema,
                  SelectValue(call,
                              "SELECT c.id FROM block_schema c JOIN block_type b ON b.id = c.block_type_id WHERE "
                              "b.slug = ?1 ORDER BY c.created DESC, c.id LIMIT 1",
                              {call.path.at(0)}));
  if (db::IsNull(schema)) return Refuse(404, "this block type has no schema: register it again with its client");
  TIDEMILL_ASSIGN(const std::string schema_json, BlockSchemaJson(call, db::TextOf(schema)));
  TIDEMILL_ASSIGN(const std::string choices, ChoicesJson(call));
  base::JsonWriter json;
  json.BeginObject().Key("type").Raw(type.body).Key("schema").Raw(schema_json).Key("choices").Raw(choices);
  return Answer{.status = 200, .body = json.EndObject().Take()};
}

Outcome<Answer> PageBlock(Call& call) {
  call.query = {};  // nothing asks for the secrets
  TIDEMILL_ASSIGN(const Answer document, GetBlockDocument(call));
  TIDEMILL_ASSIGN(const std::string choices, ChoicesJson(call));
  base::JsonWriter json;
  json.BeginObject().Key("document").Raw(document.body).Key("choices").Raw(choices);
  return Answer{.status = 200, .body = json.EndObject().Take()};
}

}  // namespace tidemill::orchestrator
