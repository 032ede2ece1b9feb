// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <arrow/type_fwd.h>

#include "tidemill/base/period.h"
#include "tidemill/base/result.h"
#include "tidemill/dataset/column_source.h"

namespace tidemill::query {

// What a column is for. A parent is the code in which a dimension's code lies.
enum class Role { kDimension, kTime, kMeasure, kStatus, kLabel, kParent, kAttribute, kLineage };
std::string_view NameOf(Role role);  // "dimension"
std::optional<Role> RoleNamed(std::string_view name);

// A column as the API shows it.
struct Column {
  std::string name;         // letters, digits, single '_'; not reserved
  std::string source_name;  // in the file, where it differs
  Role role = Role::kDimension;
  std::string of;    // the column that a label, parent or status belongs to
  std::string type;  // string integer number boolean date datetime period other
  std::string title, unit, codes, frequency;
  bool additive = true;
  int index = 0;  // in the Arrow table

  // Facts of the values; -1 and empty for lineage and types that are not looked into, and `distinct` of numbers where
  // it is beyond a million. min and max are JSON.
  std::int64_t nulls = -1, distinct = -1;
  std::string min, max;
};

using RoleOverrides = std::map<std::string, Role>;

// The columns of a table with names and roles: what the field metadata `tidemill.*` says, else what names, types and
// values suggest. pandas' index columns are left away. Facts of the values are not filled in. Errors: those of `table`.
base::Result<std::vector<Column>> FindColumns(const dataset::ColumnSource& table, const RoleOverrides& overrides);

// The column of that role, the first of several.
const Column* FindRole(const std::vector<Column>& columns, Role role);
const Column* FindColumn(const std::vector<Column>& columns, std::string_view name);

}  // namespace tidemill::query
