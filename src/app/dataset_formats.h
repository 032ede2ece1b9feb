// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "tidemill/dataset/changes.h"
#include "tidemill/etl/proof.h"

// What the commands of `tidemill dataset` print: for people, as JSON, as CSV.
namespace tidemill::app {

struct NamedVersion {
  std::string table;
  dataset::Version version;
};

struct TableStory {
  std::string table;
  dataset::Version shown;                  // the version that was asked for
  std::vector<dataset::Version> versions;  // all, the oldest first
  std::vector<dataset::SchemaColumn> columns;
  std::vector<std::string> key;  // empty where nothing says it
};

struct VersionDiff {
  std::string table;
  std::int64_t from = 0, to = 0;
  std::vector<dataset::SchemaColumn> columns;  // of `to`, for their types
  dataset::RowChanges changes;
};

std::string ListText(const std::vector<NamedVersion>& tables);
std::string ListJson(const std::vector<NamedVersion>& tables);
std::string ShowText(const TableStory& story);
std::string ShowJson(const TableStory& story);
std::string DiffText(const VersionDiff& diff, std::size_t most);
std::string DiffJson(const VersionDiff& diff);
// A header, then a row a change: change, the key, and of each column the old and the new value. A null is empty, an
// empty text is "".
std::string DiffCsv(const VersionDiff& diff);
std::string LineageText(const std::vector<etl::Lineage>& rows);
std::string LineageJson(const std::string& table, const std::vector<etl::Lineage>& rows);
std::string VerifyText(const etl::VerifyReport& report);
std::string VerifyJson(const etl::VerifyReport& report);

}  // namespace tidemill::app
