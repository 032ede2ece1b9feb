// SPDX-License-Identifier: Apache-2.0
#include "delta_actions.h"

#include <algorithm>
#include <utility>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include "tidemill/base/text.h"

#include "facts_json.h"
#include "json_members.h"

namespace tidemill::dataset {

namespace json = boost::json;

namespace {

std::map<std::string, std::optional<std::string>> PartitionOf(const json::object& action) {
  std::map<std::string, std::optional<std::string>> values;
  const json::object* members = ObjectMember(action, "partitionValues");
  if (members == nullptr) return values;
  for (const auto& member : *members) {
    std::string name(member.key());
    auto text = TextMember(*members, name);
    values.emplace(std::move(name), std::move(text));
  }
  return values;
}

base::Result<AddFile> AddFrom(const json::object& object, std::string_view place) {
  AddFile add;
  TIDEMILL_ASSIGN(add.file.path, DecodePath(TextOr(object, "path"), place));
  add.file.size = static_cast<std::uint64_t>(std::max<std::int64_t>(0, IntOr(object, "size", 0)));
  add.file.rows = RowsOfStatistics(TextOr(object, "stats"));
  add.file.partition = PartitionOf(object);
  add.modification_time = IntOr(object, "modificationTime", 0);
  add.deletion_vector = ObjectMember(object, "deletionVector") != nullptr;
  return add;
}

Protocol ProtocolFrom(const json::object& object) {
  return {.reader = IntOr(object, "minReaderVersion", 1),
          .writer = IntOr(object, "minWriterVersion", 1),
          .reader_features = TextListMember(object, "readerFeatures"),
          .writer_features = TextListMember(object, "writerFeatures")};
}

MetaData MetaDataFrom(const json::object& object) {
  MetaData metadata;
  metadata.id = TextOr(object, "id");
  metadata.facts.title = TextOr(object, "name");
  metadata.facts.description = TextOr(object, "description");
  metadata.schema_string = TextOr(object, "schemaString");
  metadata.partition_columns = TextListMember(object, "partitionColumns");
  metadata.created_time = IntOr(object, "createdTime", 0);
  SetConfiguration(metadata, TextsMember(object, "configuration"));
  return metadata;
}

CommitInfo CommitInfoFrom(const json::object& object) {
  CommitInfo info;
  const std::int64_t recorded = IntOr(object, "timestamp", -1);
  if (recorded >= 0) info.recorded = base::Time(std::chrono::milliseconds(recorded));
  if (const json::object* facts = ObjectMember(object, "tidemill")) info.facts = CommitFactsFrom(*facts);
  return info;
}

base::Status ReadAction(const json::object& line, std::string_view place, InfoReading info, Actions& actions) {
  if (const json::object* add = ObjectMember(line, "add")) {
    TIDEMILL_ASSIGN(actions.adds.emplace_back(), AddFrom(*add, place));
  } else if (const json::object* remove = ObjectMember(line, "remove")) {
    TIDEMILL_ASSIGN(actions.removes.emplace_back(), DecodePath(TextOr(*remove, "path"), place));
  } else if (const json::object* metadata = ObjectMember(line, "metaData")) {
    actions.metadata = MetaDataFrom(*metadata);
  } else if (const json::object* protocol = ObjectMember(line, "protocol")) {
    actions.protocol = ProtocolFrom(*protocol);
  } else if (const json::object* commit = ObjectMember(line, "commitInfo"); commit && info == InfoReading::kRead) {
    actions.info = CommitInfoFrom(*commit);
  }
  return {};
}

std::int64_t Milliseconds(base::Time time) {
  return std::chrono::floor<std::chrono::milliseconds>(time.time_since_epoch()).count();
}

void AppendLine(std::string& text, std::string_view name, json::object action) {
  text += json::serialize(json::object{{json::string_view(name.data(), name.size()), std::move(action)}});
  text += '\n';
}

json::object CommitInfoOf(const CommitDraft& draft) {
  json::object info;
  info["timestamp"] = Milliseconds(draft.recorded);
  info["operation"] = std::string(draft.operation);
  info["operationParameters"] = {{"mode", "Overwrite"}, {"partitionBy", "[]"}};
  if (draft.read_version >= 0) info["readVersion"] = draft.read_version;
  info["isolationLevel"] = "Serializable";
  info["isBlindAppend"] = false;
  info["engineInfo"] = draft.facts.program_version.empty() ? "tidemill" : "tidemill/" + draft.facts.program_version;
  info["tidemill"] = ToJson(draft.facts);
  return info;
}

json::object MetaDataOf(const MetaData& metadata) {
  json::object object;
  object["id"] = metadata.id;
  if (!metadata.facts.title.empty()) object["name"] = metadata.facts.title;
  if (!metadata.facts.description.empty()) object["description"] = metadata.facts.description;
  object["format"] = {{"provider", "parquet"}, {"options", json::object()}};
  object["schemaString"] = metadata.schema_string;
  object["partitionColumns"] = ToJson(metadata.partition_columns);
  auto configuration = metadata.facts.configuration;
  configuration.insert(metadata.delta.begin(), metadata.delta.end());
  object["configuration"] = ToJson(configuration);
  object["createdTime"] = metadata.created_time;
  return object;
}

json::object PartitionJson(const DataFile& file) {
  json::object object;
  for (const auto& [name, value] : file.partition) {
    object[name] = value ? json::value(*value) : json::value(nullptr);
  }
  return object;
}

json::object AddOf(const DataFile& file, base::Time recorded) {
  json::object add;
  add["path"] = base::PercentEncode(file.path, "/");
  add["partitionValues"] = PartitionJson(file);
  add["size"] = file.size;
  add["modificationTime"] = Milliseconds(recorded);
  add["dataChange"] = true;
  add["stats"] = fmt::format(R"({{"numRecords":{}}})", file.rows);
  return add;
}

json::object RemoveOf(const DataFile& file, base::Time recorded) {
  json::object remove;
  remove["path"] = base::PercentEncode(file.path, "/");
  remove["deletionTimestamp"] = Milliseconds(recorded);
  remove["dataChange"] = true;
  remove["extendedFileMetadata"] = true;
  remove["partitionValues"] = PartitionJson(file);
  remove["size"] = file.size;
  return remove;
}

}  // namespace

std::int64_t RowsOfStatistics(std::string_view json_text) {
  if (json_text.empty()) return -1;
  const auto value = ParseJson(json_text, {});  // broken statistics are no reason not to read the file
  return value && value->is_object() ? IntOr(value->get_object(), "numRecords", -1) : -1;
}

base::Result<std::string> DecodePath(std::string_view path, std::string_view place) {
  const auto decoded = base::PercentDecode(path);
  if (!decoded || decoded->empty()) {
    return base::FailAt(base::ErrorCode::kMalformed, std::string(place),
                        "path {} of an action, expected one with percent-encoding", base::Quoted(path));
  }
  if (decoded->starts_with('/') || decoded->find(":/") != std::string::npos) {
    return base::FailAt(base::ErrorCode::kUnsupported, std::string(place),
                        "path {} is absolute (a shallow clone), expected one in the table's folder",
                        base::Quoted(path));
  }
  return *decoded;
}

void SetConfiguration(MetaData& metadata, std::map<std::string, std::string> configuration) {
  for (auto& [key, value] : configuration) {
    auto& part = key.starts_with("delta.") ? metadata.delta : metadata.facts.configuration;
    part.emplace(key, std::move(value));
  }
}

base::Result<Actions> ParseCommit(std::string_view text, std::string_view file, InfoReading info) {
  Actions actions;
  std::int64_t number = 0;
  for (std::string_view line : base::Split(text, '\n')) {
    ++number;
    line = base::Trim(line);
    // Facts of a commit can be long: they are parsed where they are asked for.
    if (line.empty() || (info == InfoReading::kSkip && line.starts_with(R"({"commitInfo")"))) continue;
    const std::string place = fmt::format("{}:{}", file, number);
    TIDEMILL_ASSIGN(const json::value value, ParseJson(line, place));
    if (!value.is_object()) {
      return base::FailAt(base::ErrorCode::kMalformed, place, "line is {}, expected a JSON object", base::Quoted(line));
    }
    TIDEMILL_CHECK(ReadAction(value.get_object(), place, info, actions));
  }
  return actions;
}

std::string ToCommitText(const CommitDraft& draft) {
  std::string text;
  AppendLine(text, "commitInfo", CommitInfoOf(draft));
  if (draft.write_protocol) AppendLine(text, "protocol", {{"minReaderVersion", 1}, {"minWriterVersion", 2}});
  if (draft.metadata) AppendLine(text, "metaData", MetaDataOf(*draft.metadata));
  for (const DataFile& file : draft.removes) AppendLine(text, "remove", RemoveOf(file, draft.recorded));
  if (draft.add) AppendLine(text, "add", AddOf(*draft.add, draft.recorded));
  return text;
}

}  // namespace tidemill::dataset
