// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "tidemill/base/text.h"
#include "tidemill/dataset/changes.h"

#include "column_roles.h"
#include "delta_schema.h"

namespace tidemill::dataset {
namespace {

std::string TextIn(const std::map<std::string, std::string>& texts, const std::string& key) {
  const auto found = texts.find(key);
  return found == texts.end() ? std::string() : found->second;
}

std::string_view NameOf(Role role) {
  switch (role) {
    case Role::kDimension:
      return "dimension";
    case Role::kTime:
      return "time";
    case Role::kMeasure:
      return "measure";
    case Role::kStatus:
      return "status";
    case Role::kLabel:
      return "label";
    case Role::kAttribute:
      return "attribute";
    case Role::kLineage:
      return "lineage";
  }
  return "measure";
}

std::vector<std::string> KeyByRoles(const std::vector<SchemaColumn>& columns) {
  const bool dimensions = std::ranges::find(columns, "dimension", &SchemaColumn::role) != columns.end();
  std::vector<std::string> key;
  for (const SchemaColumn& column : columns) {
    if (column.role == "time" || column.role == (dimensions ? "dimension" : "label")) key.push_back(column.name);
  }
  return key;
}

}  // namespace

std::string_view ToText(RowChangeKind kind) {
  switch (kind) {
    case RowChangeKind::kAdded:
      return "added";
    case RowChangeKind::kRevised:
      return "revised";
    case RowChangeKind::kRelabelled:
      return "relabelled";
    case RowChangeKind::kRemoved:
      return "removed";
  }
  return "added";
}

base::Result<std::vector<SchemaColumn>> ColumnsOf(const Version& version, std::string_view place) {
  TIDEMILL_ASSIGN(const auto fields, ParseSchemaString(version.schema, place));
  std::vector<SchemaColumn> columns;
  for (const DeltaField& field : fields) {
    columns.push_back({.name = field.name,
                       .type = field.type,
                       .role = std::string(NameOf(RoleOf(TextIn(field.metadata, "tidemill.role"), field.name))),
                       .unit = TextIn(field.metadata, "tidemill.unit")});
  }
  return columns;
}

base::Result<std::vector<std::string>> KeyColumns(const Version& version, std::string_view table) {
  const std::string place = fmt::format("{}, version {}", table, version.number);
  TIDEMILL_ASSIGN(const auto columns, ColumnsOf(version, place));
  const auto stated = version.facts.configuration.find("tidemill.key");
  std::vector<std::string> key;
  if (stated != version.facts.configuration.end()) {
    for (const std::string_view name : base::Split(stated->second, ',')) key.emplace_back(name);
  } else {
    key = KeyByRoles(columns);
  }
  const bool there = std::ranges::all_of(key, [&](const std::string& name) {
    return std::ranges::find(columns, name, &SchemaColumn::name) != columns.end();
  });
  if (!key.empty() && there) return key;
  return base::FailAt(base::ErrorCode::kUnsupported, place,
                      "no column is known to name its rows, expected roles (tidemill.role) of dimension or time");
}

}  // namespace tidemill::dataset
