// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <string_view>

#include "tidemill/base/text.h"

#include "delta_log.h"

namespace tidemill::dataset {
namespace {

tl::unexpected<base::Error> Refuse(std::string_view table, std::string_view what) {
  return base::Fail(base::ErrorCode::kUnsupported, "table {} uses {}, which this version of the program does not know",
                    base::Quoted(table), what);
}

// Features whose mark in the protocol changes nothing for a reader until the table uses them, which is looked at on its
// own: deletion vectors by file, column mapping by its property.
bool IsHarmless(std::string_view feature) {
  constexpr std::array<std::string_view, 4> kKnown = {"deletionVectors", "columnMapping", "timestampNtz",
                                                      "vacuumProtocolCheck"};
  return std::find(kKnown.begin(), kKnown.end(), feature) != kKnown.end();
}

std::string TextIn(const std::map<std::string, std::string>& texts, const std::string& key) {
  const auto found = texts.find(key);
  return found == texts.end() ? std::string() : found->second;
}

}  // namespace

void Snapshot::Apply(Actions actions) {
  if (actions.protocol) protocol = *std::move(actions.protocol);
  if (actions.metadata) metadata = *std::move(actions.metadata);
  for (const std::string& path : actions.removes) active.erase(path);
  for (AddFile& add : actions.adds) {
    std::string path = add.file.path;
    active.insert_or_assign(std::move(path), std::move(add));
  }
  info = actions.info ? *std::move(actions.info) : CommitInfo{};
}

base::Status Snapshot::CheckReadable(std::string_view table) const {
  if (protocol.reader > 3) return Refuse(table, fmt::format("reader version {} of the protocol", protocol.reader));
  for (const std::string& feature : protocol.reader_features) {
    if (!IsHarmless(feature)) return Refuse(table, fmt::format("the feature {}", base::Quoted(feature)));
  }
  const std::string mapping = TextIn(metadata.delta, "delta.columnMapping.mode");
  if (!mapping.empty() && mapping != "none") return Refuse(table, fmt::format("column mapping by {}", mapping));
  for (const auto& [path, add] : active) {
    if (add.deletion_vector) return Refuse(table, fmt::format("deletion vectors (file {})", base::Quoted(path)));
  }
  return {};
}

base::Status Snapshot::CheckWritable(std::string_view table) const {
  TIDEMILL_CHECK(CheckReadable(table));
  if (protocol.reader > 1 || protocol.writer > 2) {
    return Refuse(table,
                  fmt::format("version {} of the protocol for writers (readers {})", protocol.writer, protocol.reader));
  }
  if (TextIn(metadata.delta, "delta.appendOnly") == "true") return Refuse(table, "the property delta.appendOnly");
  if (metadata.schema_string.find("delta.invariants") != std::string::npos) return Refuse(table, "column invariants");
  return {};
}

Version Snapshot::ToVersion() const {
  Version version;
  version.number = number;
  version.table_id = metadata.id;
  version.facts = metadata.facts;
  version.commit = info.facts;
  version.schema = metadata.schema_string;
  version.partition_columns = metadata.partition_columns;
  std::int64_t newest = 0;
  for (const auto& entry : active) {
    version.files.push_back(entry.second.file);
    newest = std::max(newest, entry.second.modification_time);
  }
  version.recorded = info.recorded.value_or(base::Time(std::chrono::milliseconds(newest)));
  return version;
}

}  // namespace tidemill::dataset
