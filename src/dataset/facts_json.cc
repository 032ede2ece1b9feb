// SPDX-License-Identifier: Apache-2.0
#include "facts_json.h"

#include <algorithm>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include "tidemill/base/date.h"

#include "json_members.h"

namespace tidemill::dataset {

namespace json = boost::json;

namespace {

json::object SourceToJson(const VersionSource& source) {
  json::object object;
  object["url"] = source.url;
  object["sha256"] = source.sha256;
  object["edition"] = source.edition;
  object["file"] = source.file;
  object["bytes"] = source.bytes;
  object["fetched_at"] = base::ToRfc3339(source.fetched_at);
  if (!source.released.empty()) object["released"] = source.released;
  if (!source.markers.empty()) {
    json::object markers;
    for (const auto& [name, share] : source.markers) markers[name] = share;
    object["markers"] = std::move(markers);
  }
  return object;
}

VersionSource VersionSourceFrom(const json::object& object) {
  VersionSource source;
  source.url = TextOr(object, "url");
  source.sha256 = TextOr(object, "sha256");
  source.edition = TextOr(object, "edition");
  source.file = TextOr(object, "file");
  source.bytes = static_cast<std::uint64_t>(std::max<std::int64_t>(0, IntOr(object, "bytes", 0)));
  source.fetched_at = base::ParseRfc3339(TextOr(object, "fetched_at")).value_or(base::Time{});
  source.released = TextOr(object, "released");
  if (const json::object* markers = ObjectMember(object, "markers")) {
    for (const auto& member : *markers) {
      if (member.value().is_number()) source.markers[member.key()] = member.value().to_number<double>();
    }
  }
  return source;
}

json::object ChecksToJson(const CommitFacts& facts) {
  json::object checks{
      {"passed", facts.checks_passed}, {"failed", facts.checks_failed}, {"waived", facts.checks_waived}};
  json::array each;
  for (const VersionCheck& one : facts.checks) {
    each.push_back({{"check", one.check}, {"result", one.result}, {"count", one.count}});
  }
  if (!each.empty()) checks["each"] = std::move(each);
  return checks;
}

void ReadEachCheck(const json::object& checks, CommitFacts& facts) {
  const json::array* each = ArrayMember(checks, "each");
  if (each == nullptr) return;
  for (const json::value& one : *each) {
    if (!one.is_object()) continue;
    const json::object& check = one.get_object();
    facts.checks.push_back({TextOr(check, "check"), TextOr(check, "result"), IntOr(check, "count", 0)});
  }
}

}  // namespace

json::object ToJson(const CommitFacts& facts) {
  json::object object;
  object["run"] = facts.run_id;
  object["recipe"] = facts.recipe;
  object["recipe_hash"] = facts.recipe_hash;
  object["program_version"] = facts.program_version;
  object["inputs_key"] = facts.inputs_key;
  json::array sources;
  for (const auto& source : facts.sources) sources.emplace_back(SourceToJson(source));
  object["sources"] = std::move(sources);
  object["checks"] = ChecksToJson(facts);
  object["findings"] = ToJson(facts.findings);
  object["released"] = facts.released;
  object["lock"] = facts.lock;
  object["notes_file"] = facts.notes_file;
  object["revisions"] = {{"added", facts.added}, {"revised", facts.revised}, {"removed", facts.removed}};
  return object;
}

CommitFacts CommitFactsFrom(const json::object& object) {
  CommitFacts facts;
  facts.run_id = TextOr(object, "run");
  facts.recipe = TextOr(object, "recipe");
  facts.recipe_hash = TextOr(object, "recipe_hash");
  facts.program_version = TextOr(object, "program_version");
  facts.inputs_key = TextOr(object, "inputs_key");
  if (const json::array* sources = ArrayMember(object, "sources")) {
    for (const json::value& source : *sources) {
      if (source.is_object()) facts.sources.push_back(VersionSourceFrom(source.get_object()));
    }
  }
  if (const json::object* checks = ObjectMember(object, "checks")) {
    facts.checks_passed = IntOr(*checks, "passed", 0);
    facts.checks_failed = IntOr(*checks, "failed", 0);
    facts.checks_waived = IntOr(*checks, "waived", 0);
    ReadEachCheck(*checks, facts);
  }
  facts.findings = TextListMember(object, "findings");
  facts.released = TextOr(object, "released");
  facts.lock = TextOr(object, "lock");
  facts.notes_file = TextOr(object, "notes_file");
  if (const json::object* revisions = ObjectMember(object, "revisions")) {
    facts.added = IntOr(*revisions, "added", 0);
    facts.revised = IntOr(*revisions, "revised", 0);
    facts.removed = IntOr(*revisions, "removed", 0);
  }
  return facts;
}

json::object ToJson(const TableFacts& facts) {
  return {{"title", facts.title}, {"description", facts.description}, {"configuration", ToJson(facts.configuration)}};
}

TableFacts TableFactsFrom(const json::object& object) {
  return {.title = TextOr(object, "title"),
          .description = TextOr(object, "description"),
          .configuration = TextsMember(object, "configuration")};
}

}  // namespace tidemill::dataset
