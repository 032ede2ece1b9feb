// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include "tidemill/base/json_writer.h"
#include "tidemill/base/seal.h"
#include "tidemill/base/text.h"

#include "blocks.h"
#include "body.h"
#include "instant.h"
#include "query_text.h"
#include "searchables.h"

namespace tidemill::orchestrator {
namespace {

constexpr std::string_view kNoBlockDocument = "Block document not found";
constexpr std::string_view kMask = "********";
constexpr int kDeepestBlock = 10;  // blocks in blocks

constexpr std::array kIdColumn{Column{"id", "k.id"}};
constexpr Entity kDocument{"Block document", "block_document k", kIdColumn};
constexpr std::array kDocumentMembers{FilterMember{"id", "k.id", Leaf::kId}, FilterMember{"name", "k.name"},
                                      FilterMember{"is_anonymous", "k.is_anonymous", Leaf::kBool},
                                      FilterMember{"block_type_id", "k.block_type_id", Leaf::kId}};
constexpr FilterTable kDocumentTable{"block_documents", "k", kDocumentMembers};
constexpr std::array kTypeMembers{FilterMember{"name", "b.name"}, FilterMember{"slug", "b.slug"}};
constexpr FilterTable kTypeTable{"block_types", "b", kTypeMembers};
constexpr std::array kNestedSchemaMembers{FilterMember{"id", "c.id", Leaf::kId},
                                          FilterMember{"block_capabilities", "c.capabilities", Leaf::kTags}};
constexpr FilterTable kNestedSchemaTable{"block_schemas", "c", kNestedSchemaMembers};
constexpr std::array kRelations{
    Relation{"block_types", kTypeTable, "k.block_type_id IN (SELECT b.id FROM block_type b WHERE {})"},
    Relation{"block_schemas", kNestedSchemaTable, "k.block_schema_id IN (SELECT c.id FROM block_schema c WHERE {})"}};
constexpr std::array kDocumentOrders{
    SortOrder{"NAME_ASC", "k.name, k.id"}, SortOrder{"NAME_DESC", "k.name DESC, k.id"},
    SortOrder{"BLOCK_TYPE_AND_NAME_ASC", "(SELECT b.name FROM block_type b WHERE b.id = k.block_type_id), k.name"}};
constexpr Searchable kDocuments{kDocument, kDocumentTable, kRelations, kDocumentOrders};

struct Document {
  std::string id, name, schema_id, type_id;
  db::Value created, updated;
  bool anonymous = false;
  json::object data = {};
};

Outcome<json::object> OpenData(Call& call, const std::string& sealed) {
  const auto plain = base::Unseal(call.secret_key, sealed);
  if (!plain) return RefuseWithMessage(500, "a block's data cannot be read with this server's key");
  return json::parse(*plain).as_object();
}

Outcome<std::string> SealData(Call& call, const json::object& data) {
  auto sealed = base::Seal(call.secret_key, json::serialize(data));
  if (!sealed) return RefuseWithMessage(500, "a block's data cannot be sealed");
  return *std::move(sealed);
}

Outcome<std::optional<Document>> LoadDocument(Call& call, const std::string& id) {
  TIDEMILL_ASSIGN(const db::Rows rows, call.db.Query("SELECT name, block_schema_id, block_type_id, created, updated, "
                                                     "is_anonymous, data FROM block_document WHERE id = ?1",
                                                     {id}));
  if (rows.empty()) return std::optional<Document>();
  const db::Row& row = rows.front();
  Document document{id,     db::TextOf(row[0]),    db::TextOf(row[1]), db::TextOf(row[2]), row[3],
                    row[4], db::IntOf(row[5]) != 0};
  TIDEMILL_ASSIGN(document.data, OpenData(call, db::TextOf(row[6])));
  return std::optional<Document>(std::move(document));
}

void MaskAll(json::value& value) {
  if (auto* object = value.if_object()) {
    for (auto& member : *object) MaskAll(member.value());
  } else if (auto* array = value.if_array()) {
    for (json::value& element : *array) MaskAll(element);
  } else {
    value = json::string(kMask.data(), kMask.size());
  }
}

// "a.b" masks what stands there unless it is null, "a.*" all below.
void MaskPath(json::value& value, std::string_view path) {
  if (path == "*") return MaskAll(value);
  auto* object = value.if_object();
  if (object == nullptr) return;
  const std::size_t dot = std::min(path.find('.'), path.size());
  json::value* found = object->if_contains({path.data(), dot});
  if (found == nullptr) return;
  if (dot < path.size()) return MaskPath(*found, path.substr(dot + 1));
  if (!found->is_null()) MaskAll(*found);
}

Outcome<void> MaskSecrets(Call& call, const std::string& schema_id, json::value& data) {
  TIDEMILL_ASSIGN(
      const db::Value paths,
      SelectValue(call, "SELECT json_extract(fields, '$.secret_fields') FROM block_schema WHERE id = ?1", {schema_id}));
  if (db::IsNull(paths)) return {};
  const json::value list = json::parse(db::TextOf(paths));
  if (!list.is_array()) return {};
  for (const json::value& path : list.get_array()) {
    if (path.is_string()) MaskPath(data, {path.get_string().data(), path.get_string().size()});
  }
  return {};
}

bool IsMask(const json::value& value) {
  return value.is_string() && value.get_string() == kMask;
}

// What was shown masked and comes back as it was shown means what is there.
void KeepMasked(json::value& sent, const json::value& known) {
  if (IsMask(sent)) {
    sent = known;
    return;
  }
  auto* object = sent.if_object();
  if (object != nullptr && known.is_object()) {
    for (auto& member : *object) {
      const json::value* before = known.get_object().if_contains(member.key());
      if (before != nullptr) KeepMasked(member.value(), *before);
    }
  }
  auto* array = sent.if_array();
  if (array != nullptr && known.is_array()) {
    const std::size_t both = std::min(array->size(), known.get_array().size());
    for (std::size_t i = 0; i < both; ++i) KeepMasked((*array)[i], known.get_array()[i]);
  }
}

std::optional<std::string> ReferenceIn(const json::value& value) {
  const auto* object = value.if_object();
  const json::object* reference = object != nullptr ? FindObject(*object, "$ref") : nullptr;
  const auto id = reference != nullptr ? TextMember(*reference, "block_document_id") : std::nullopt;
  return id ? ParseId(*id) : std::nullopt;
}

Outcome<std::string> DocumentJson(Call& call, const Document& document, bool secrets, int depth);

// What stands in a field that refers to another block: that one's data; and beside it, what it is.
Outcome<void> Expand(Call& call, std::string_view field, json::value& value, bool secrets, int depth,
                     base::JsonWriter& references) {
  const auto id = ReferenceIn(value);
  if (!id || depth >= kDeepestBlock) return {};
  TIDEMILL_ASSIGN(const auto nested, LoadDocument(call, *id));
  if (!nested) return {};
  TIDEMILL_ASSIGN(const std::string text, DocumentJson(call, *nested, secrets, depth + 1));
  json::object whole = json::parse(text).as_object();
  value = whole["data"];
  json::object shown;
  for (const char* name : {"id", "name", "block_type", "is_anonymous", "block_document_references"})
    shown[name] = whole[name];
  references.Key(field).BeginObject().Key("block_document").Raw(json::serialize(shown)).EndObject();
  return {};
}

Outcome<std::string> DocumentJson(Call& call, const Document& document, bool secrets, int depth) {
  json::value data = document.data;
  base::JsonWriter references;
  references.BeginObject();
  for (auto& member : data.get_object()) {
    TIDEMILL_CHECK(
        Expand(call, {member.key().data(), member.key().size()}, member.value(), secrets, depth, references));
  }
  if (!secrets) TIDEMILL_CHECK(MaskSecrets(call, document.schema_id, data));
  TIDEMILL_ASSIGN(const std::string schema, BlockSchemaJson(call, document.schema_id));
  TIDEMILL_ASSIGN(const std::string type, BlockTypeJson(call, document.type_id));
  TIDEMILL_ASSIGN(const db::Value type_name,
                  SelectValue(call, "SELECT name FROM block_type WHERE id = ?1", {document.type_id}));
  base::JsonWriter json;
  json.BeginObject().Key("id").String(document.id);
  json.Key("created").String(InstantText(FromMicros(db::IntOf(document.created))));
  json.Key("updated").String(InstantText(FromMicros(db::IntOf(document.updated))));
  json.Key("name").String(document.name).Key("data").Raw(json::serialize(data));
  json.Key("block_schema_id").String(document.schema_id).Key("block_schema").Raw(schema.empty() ? "null" : schema);
  json.Key("block_type_id").String(document.type_id).Key("block_type_name").String(db::TextOf(type_name));
  json.Key("block_type").Raw(type).Key("block_document_references").Raw(references.EndObject().Take());
  return json.Key("is_anonymous").Bool(document.anonymous).EndObject().Take();
}

bool WantsSecrets(const Call& call) {
  const auto text = QueryValue(call.query, "include_secrets");
  return text && (base::Lower(*text) == "true" || *text == "1");
}

Outcome<Answer> AnswerDocument(Call& call, const std::string& id, bool secrets, int status = 200) {
  TIDEMILL_ASSIGN(const auto document, LoadDocument(call, id));
  if (!document) return Refuse(404, kNoBlockDocument);
  TIDEMILL_ASSIGN(std::string body, DocumentJson(call, *document, secrets, 0));
  return Answer{.status = status, .body = std::move(body)};
}

Outcome<Answer> AnswerDocuments(Call& call, const Selection& selection, bool secrets) {
  TIDEMILL_ASSIGN(const auto ids, SelectIds(call, kDocument, "k.id", selection));
  std::vector<std::string> list;
  for (const std::string& id : ids) {
    TIDEMILL_ASSIGN(Answer one, AnswerDocument(call, id, secrets));
    list.push_back(std::move(one.body));
  }
  return Answer{.status = 200, .body = "[" + base::Join(list, ",") + "]"};
}

bool IsDocumentName(std::string_view name) {
  return !name.empty() && name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == std::string_view::npos;
}

// Anonymous documents are told to those who say whether they want them.
bool IsWithoutAnonymous(const json::object& body) {
  const json::object* own = FindObject(body, "block_documents");
  return own == nullptr || !own->contains("is_anonymous");
}

// What a field refers to must be there.
Outcome<void> CheckReferences(Call& call, const json::object& data) {
  for (const auto& [key, value] : data) {
    if (!value.is_object() || !value.get_object().contains("$ref")) continue;
    const auto id = ReferenceIn(value);
    if (!id) {
      return Refuse(400, fmt::format("The block reference in {} names no block_document_id",
                                     base::Quoted(std::string_view(key.data(), key.size()))));
    }
    TIDEMILL_ASSIGN(const db::Value found, SelectValue(call, "SELECT 1 FROM block_document WHERE id = ?1", {*id}));
    if (db::IsNull(found)) return Refuse(409, "There is no block " + *id);
  }
  return {};
}

}  // namespace

Outcome<Answer> CreateBlockDocument(Call& call) {
  Members members(call.body);
  const bool anonymous = members.Bool("is_anonymous").value_or(false);
  auto name = members.Text("name");
  const std::string schema = members.RequiredId("block_schema_id");
  const std::string type = members.RequiredId("block_type_id");
  const json::object* data = members.Object("data");
  TIDEMILL_CHECK(members.Check());
  if (!name && !anonymous) return RefuseMember("name", "Names must be provided for block documents.");
  if (!name) name = "anonymous-" + call.NewId();
  if (!anonymous && !IsDocumentName(*name)) {
    return RefuseMember("name", "a name of lower-case letters, digits and dashes was expected");
  }
  if (data != nullptr) TIDEMILL_CHECK(CheckReferences(call, *data));
  TIDEMILL_ASSIGN(std::string sealed, SealData(call, data != nullptr ? *data : EmptyObject()));
  const std::string id = call.NewId();
  TIDEMILL_ASSIGN(const std::int64_t made, Insert(call, "block_document",
                                                  {{"id", id},
                                                   {"created", Micros(call.now)},
                                                   {"updated", Micros(call.now)},
                                                   {"name", *name},
                                                   {"data", std::move(sealed)},
                                                   {"is_anonymous", std::int64_t{anonymous ? 1 : 0}},
                                                   {"block_schema_id", schema},
                                                   {"block_type_id", type}},
                                                  "ON CONFLICT(block_type_id, name) DO NOTHING"));
  if (made == 0) return Refuse(409, "Block already exists");
  return AnswerDocument(call, id, false, 201);
}

Outcome<Answer> GetBlockDocument(Call& call) {
  return AnswerDocument(call, call.path.at(0), WantsSecrets(call));
}

Outcome<Answer> GetBlockDocumentByName(Call& call) {
  TIDEMILL_ASSIGN(const db::Value id,
                  SelectValue(call,
                              "SELECT k.id FROM block_document k JOIN block_type b ON b.id = k.block_type_id WHERE "
                              "b.slug = ?1 AND k.name = ?2",
                              {call.path.at(0), call.path.at(1)}));
  return AnswerDocument(call, db::TextOf(id), WantsSecrets(call));
}

Outcome<Answer> ListBlockDocumentsOfType(Call& call) {
  TIDEMILL_ASSIGN(const db::Value type,
                  SelectValue(call, "SELECT id FROM block_type WHERE slug = ?1", {call.path.at(0)}));
  if (db::IsNull(type)) return Refuse(404, "Block type not found");
  return AnswerDocuments(call, {.where = "k.block_type_id = ?2", .order = "k.name", .arguments = {type}},
                         WantsSecrets(call));
}

Outcome<Answer> PatchBlockDocument(Call& call) {
  Members members(call.body);
  const bool merge = members.Bool("merge_existing_data").value_or(true);
  const auto schema = members.Id("block_schema_id");
  const json::object* sent = members.Object("data");
  TIDEMILL_CHECK(members.Check());
  TIDEMILL_ASSIGN(auto document, LoadDocument(call, call.path.at(0)));
  if (!document) return Refuse(404, kNoBlockDocument);
  Cells cells;
  if (schema) cells.emplace_back("block_schema_id", *schema);
  if (sent != nullptr) {
    TIDEMILL_CHECK(CheckReferences(call, *sent));
    json::object data = merge ? document->data : json::object();
    json::value news = *sent;
    KeepMasked(news, document->data);
    for (const auto& [key, value] : news.get_object()) data[key] = value;
    TIDEMILL_ASSIGN(std::string sealed, SealData(call, data));
    cells.emplace_back("data", std::move(sealed));
  }
  TIDEMILL_CHECK(Update(call, "block_document", document->id, cells));
  return NoContent();
}

Outcome<Answer> DeleteBlockDocument(Call& call) {
  return DeleteByPath(call, "block_document", kNoBlockDocument);
}

Outcome<Answer> FilterBlockDocuments(Call& call) {
  TIDEMILL_ASSIGN(Selection selection, ReadSearch(kDocuments, call.body));
  Members members(call.body);
  const bool secrets = members.Bool("include_secrets").value_or(false);
  TIDEMILL_CHECK(members.Check());
  if (IsWithoutAnonymous(members.object())) selection.where += " AND NOT k.is_anonymous";
  return AnswerDocuments(call, selection, secrets);
}

Outcome<Answer> CountBlockDocuments(Call& call) {
  TIDEMILL_ASSIGN(Selection selection, ReadConditions(kDocuments, call.body));
  Members members(call.body);
  if (IsWithoutAnonymous(members.object())) selection.where += " AND NOT k.is_anonymous";
  return AnswerCount(call, kDocument, selection);
}

Outcome<std::optional<json::object>> BlockData(Call& call, const std::string& id) {
  TIDEMILL_ASSIGN(const auto document, LoadDocument(call, id));
  if (!document) return std::optional<json::object>();
  TIDEMILL_ASSIGN(const std::string text, DocumentJson(call, *document, true, 0));
  return std::optional(json::parse(text).as_object().at("data").as_object());
}

}  // namespace tidemill::orchestrator
