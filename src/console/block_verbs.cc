// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "tidemill/base/text.h"

#include "deployment.h"
#include "handlers.h"
#include "show.h"
#include "tidemill_embedded/block_types.h"

namespace tidemill::console {
namespace {

namespace json = prefect::json;
using base::ErrorCode;
using base::Fail;
using base::Result;
using base::Status;
using prefect::PathPart;
using prefect::TextIn;

Result<json::value> KnownTypes() {
  return prefect::ParseJson(embedded::block_types(), "the block types that come along");
}

Result<json::value> KnownType(const std::string& slug) {
  TIDEMILL_ASSIGN(const json::value all, KnownTypes());
  std::vector<std::string> slugs;
  for (const json::value& type : prefect::AsArray(all)) {
    if (TextIn(type, "slug") == slug) return type;
    slugs.push_back(TextIn(type, "slug"));
  }
  return Fail(ErrorCode::kNotFound, "the server has no block type {}, and it is none of those that come along: {}",
              base::Quoted(slug), base::Join(slugs, ", "));
}

struct BlockName {
  std::string slug, name;
};

Result<BlockName> ParseBlockName(const std::string& text) {
  const std::size_t slash = text.find('/');
  if (slash == std::string::npos || slash == 0 || slash + 1 == text.size()) {
    return Fail(ErrorCode::kInvalid, "{} names no block: expected TYPE/NAME, such as gcs-bucket/etlapi-bucket",
                base::Quoted(text));
  }
  return BlockName{.slug = text.substr(0, slash), .name = text.substr(slash + 1)};
}

bool IsSecret(const json::value& schema, const std::string& name) {
  const json::array& fields = prefect::ArrayIn(schema, "fields.secret_fields");
  return std::any_of(fields.begin(), fields.end(), [&](const json::value& field) {
    const std::string text = prefect::AsText(field);
    return text == name || text.starts_with(name + ".");
  });
}

Status CheckField(const json::value& schema, const std::string& name) {
  const json::object& properties = prefect::ObjectIn(schema, "fields.properties");
  if (properties.empty() || properties.contains(name)) return {};
  std::vector<std::string> known;
  for (const auto& [key, property] : properties) known.emplace_back(key);
  return Fail(ErrorCode::kInvalid, "the block has no field {}; there are: {}", base::Quoted(name),
              base::Join(known, ", "));
}

// A secret's text, without the newline that editors put at the end of a file.
Result<json::value> FromFile(const Context& context, const std::string& file) {
  TIDEMILL_ASSIGN(std::string text, context.around.read_file(file));
  while (text.ends_with('\n') || text.ends_with('\r')) text.pop_back();
  return prefect::JsonOrText(text);
}

// The types of JSON Schema that a field may have; none where the schema does not say.
std::vector<std::string> TypesOf(const json::value& schema, const std::string& name) {
  const std::string field = "fields.properties." + name;
  std::vector<std::string> types = {TextIn(schema, field + ".type")};
  for (const json::value& one : prefect::ArrayIn(schema, field + ".anyOf")) types.push_back(TextIn(one, "type"));
  std::erase(types, "");
  return types;
}

bool IsOfType(const json::value& value, std::string_view type) {
  if (type == "string") return value.is_string();
  if (type == "integer") return value.is_int64() || value.is_uint64();
  if (type == "number") return value.is_number();
  if (type == "boolean") return value.is_bool();
  if (type == "object") return value.is_object();
  if (type == "array") return value.is_array();
  return type == "null" && value.is_null();
}

// What was typed as the field wants it: 123 is a text where texts are wanted.
Status FitField(const json::value& schema, const std::string& pair, json::object& data) {
  const std::size_t equals = pair.find('=');
  const std::string name = pair.substr(0, equals);
  const auto types = TypesOf(schema, name);
  if (types.empty() ||
      std::any_of(types.begin(), types.end(), [&](const auto& type) { return IsOfType(data[name], type); }))
    return {};
  const std::string text = pair.substr(equals + 1);
  if (std::find(types.begin(), types.end(), "string") == types.end()) {
    return Fail(ErrorCode::kInvalid, "{} is {}, expected one of type {} as JSON", name, base::Quoted(text),
                base::Join(types, " or "));
  }
  data[name] = text;
  return {};
}

Result<json::object> DataOf(const Context& context, const json::value& schema) {
  TIDEMILL_ASSIGN(json::object data, PairsOf(context.arguments.List("set"), "--set"));
  for (const auto& [name, value] : data) {
    TIDEMILL_CHECK(CheckField(schema, std::string(name)));
    if (IsSecret(schema, std::string(name))) {
      return Fail(ErrorCode::kInvalid,
                  "{} is a secret: others can read command lines. Put it into a file and say --set-file {}=FILE, or "
                  "{}=- for standard input",
                  std::string(name), std::string(name), std::string(name));
    }
  }
  for (const std::string& pair : context.arguments.List("set")) TIDEMILL_CHECK(FitField(schema, pair, data));
  for (const std::string& text : context.arguments.List("set-file")) {
    const std::size_t equals = text.find('=');
    if (equals == std::string::npos) return Fail(ErrorCode::kInvalid, "--set-file {}: expected NAME=FILE", text);
    TIDEMILL_CHECK(CheckField(schema, text.substr(0, equals)));
    TIDEMILL_ASSIGN(json::value value, FromFile(context, text.substr(equals + 1)));
    data[text.substr(0, equals)] = std::move(value);
  }
  for (const std::string& text : context.arguments.List("ref")) {
    const std::size_t equals = text.find('=');
    if (equals == std::string::npos) return Fail(ErrorCode::kInvalid, "--ref {}: expected NAME=BLOCK", text);
    const std::string name = text.substr(0, equals);
    TIDEMILL_CHECK(CheckField(schema, name));
    std::string block = text.substr(equals + 1);
    if (block.find('/') == std::string::npos) {
      const std::string slug = TextIn(schema, "fields.block_schema_references." + name + ".block_type_slug");
      block = (slug.empty() ? "gcp-credentials" : slug) + "/" + block;
    }
    TIDEMILL_ASSIGN(const json::value other, FindBlock(context, block));
    data[name] = json::object{{"$ref", json::object{{"block_document_id", TextIn(other, "id")}}}};
  }
  return data;
}

Result<json::value> FindDocument(const Context& context, bool secrets) {
  TIDEMILL_ASSIGN(const BlockName name, ParseBlockName(context.Text("BLOCK")));
  return context.client().Get("/block_types/slug/" + PathPart(name.slug) + "/block_documents/name/" +
                                  PathPart(name.name) + (secrets ? "?include_secrets=true" : ""),
                              context.ask());
}

// References to the schemas of other blocks are by checksum: those are made first.
Result<json::value> MakeSchema(const Context& context, const json::value& type, const json::value& known) {
  json::object fields = prefect::ObjectIn(known, "fields");
  for (auto& reference : fields["block_schema_references"].as_object()) {
    const std::string slug = TextIn(reference.value(), "block_type_slug");
    TIDEMILL_ASSIGN(const json::value other, FindOrMakeBlockType(context, slug));
    TIDEMILL_ASSIGN(const json::value schema, FindOrMakeBlockSchema(context, other));
    reference.value().as_object()["block_schema_checksum"] = TextIn(schema, "checksum");
  }
  const json::value* capabilities = prefect::Find(known, "capabilities");
  return context.client().Post(
      "/block_schemas/",
      json::object{{"fields", std::move(fields)},
                   {"block_type_id", TextIn(type, "id")},
                   {"capabilities", capabilities != nullptr ? *capabilities : json::value(json::array())}},
      context.ask());
}

}  // namespace

Result<json::value> FindOrMakeBlockType(const Context& context, const std::string& slug) {
  auto found = context.client().Get("/block_types/slug/" + PathPart(slug), context.ask());
  if (found || found.error().code != ErrorCode::kNotFound) return found;
  TIDEMILL_ASSIGN(const json::value known, KnownType(slug));
  return context.client().Post(
      "/block_types/",
      json::object{{"name", TextIn(known, "name")}, {"slug", slug}, {"description", TextIn(known, "description")}},
      context.ask());
}

Result<json::value> FindOrMakeBlockSchema(const Context& context, const json::value& type) {
  const std::string id = TextIn(type, "id");
  const json::object filter{{"block_type_id", json::object{{"any_", json::array{json::string(id)}}}}};
  TIDEMILL_ASSIGN(
      const json::value found,
      context.client().Post("/block_schemas/filter", json::object{{"block_schemas", filter}}, context.ask()));
  const json::array& all = prefect::AsArray(found);
  const auto newest = std::max_element(all.begin(), all.end(), [](const json::value& a, const json::value& b) {
    return TextIn(a, "created") < TextIn(b, "created");
  });
  if (newest != all.end()) return *newest;
  TIDEMILL_ASSIGN(const json::value known, KnownType(TextIn(type, "slug")));
  return MakeSchema(context, type, known);
}

Result<json::value> FindBlock(const Context& context, const std::string& slug_and_name) {
  TIDEMILL_ASSIGN(const BlockName name, ParseBlockName(slug_and_name));
  auto found = context.client().Get("/block_types/slug/" + PathPart(name.slug) + "/block_documents/name/" +
                                        PathPart(name.name) + "?include_secrets=true",
                                    context.ask());
  if (!found && found.error().code == ErrorCode::kNotFound) {
    return Fail(ErrorCode::kNotFound, "the server has no block {}: `tidemill block create {}` makes it",
                base::Quoted(slug_and_name), slug_and_name);
  }
  return found;
}

Status RegisterBlocks(const Context& context) {
  TIDEMILL_ASSIGN(const json::value all, KnownTypes());
  json::array made;
  for (const json::value& known : prefect::AsArray(all)) {
    TIDEMILL_ASSIGN(json::value type, FindOrMakeBlockType(context, TextIn(known, "slug")));
    TIDEMILL_ASSIGN(const json::value schema, FindOrMakeBlockSchema(context, type));
    made.push_back(std::move(type));
  }
  ShowRows(context, made, "Slug=slug|Name=name|Description=description");
  return {};
}

Status CreateBlock(const Context& context) {
  TIDEMILL_ASSIGN(const BlockName name, ParseBlockName(context.Text("BLOCK")));
  TIDEMILL_ASSIGN(const json::value type, FindOrMakeBlockType(context, name.slug));
  TIDEMILL_ASSIGN(const json::value schema, FindOrMakeBlockSchema(context, type));
  TIDEMILL_ASSIGN(json::object data, DataOf(context, schema));
  for (const json::value& required : prefect::ArrayIn(schema, "fields.required")) {
    const std::string field = prefect::AsText(required);
    if (!data.contains(field)) {
      return Fail(ErrorCode::kInvalid, "{} needs the field '{}': --set {}=…, --set-file or --ref", name.slug, field,
                  field);
    }
  }
  if (context.Has("overwrite")) {
    if (const auto there = FindDocument(context, false)) {
      return ShowDone(context,
                      context.client().Ask("PATCH", "/block_documents/" + TextIn(*there, "id"),
                                           json::object{{"data", std::move(data)},
                                                        {"block_schema_id", TextIn(schema, "id")},
                                                        {"merge_existing_data", false}},
                                           context.ask()),
                      fmt::format("block {} is changed", context.Text("BLOCK")));
    }
  }
  const json::object body{{"name", name.name},
                          {"data", std::move(data)},
                          {"block_type_id", TextIn(type, "id")},
                          {"block_schema_id", TextIn(schema, "id")},
                          {"is_anonymous", false}};
  TIDEMILL_ASSIGN(const json::value made, context.client().Post("/block_documents/", body, context.ask()));
  return ShowDone(context, made, fmt::format("block {} created (id {})", context.Text("BLOCK"), TextIn(made, "id")));
}

Status ListBlocks(const Context& context) {
  TIDEMILL_ASSIGN(json::value blocks,
                  context.client().Post("/block_documents/filter", json::object{{"limit", 200}}, context.ask()));
  if (!blocks.is_array()) blocks = json::array();
  for (json::value& block : blocks.get_array()) {
    if (!block.is_object()) continue;
    block.get_object()["full_name"] = TextIn(block, "block_type.slug") + "/" + TextIn(block, "name");
  }
  ShowRows(context, blocks, "ID=id|Type=block_type.name|Name=name|Block=full_name");
  return {};
}

Status InspectBlock(const Context& context) {
  return ShowOne(context, FindDocument(context, false));
}

Status DeleteBlock(const Context& context) {
  TIDEMILL_ASSIGN(const json::value block, FindDocument(context, false));
  return ShowDone(context,
                  context.client().Ask("DELETE", "/block_documents/" + TextIn(block, "id"), nullptr, context.ask()),
                  fmt::format("block {} is deleted", context.Text("BLOCK")));
}

}  // namespace tidemill::console
