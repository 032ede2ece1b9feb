// SPDX-License-Identifier: Apache-2.0
#include "column_roles.h"

#include <array>
#include <string_view>
#include <utility>
#include <vector>

#include <arrow/table.h>
#include <arrow/type.h>
#include <arrow/util/key_value_metadata.h>

namespace tidemill::dataset {
namespace {

using namespace std::string_view_literals;

constexpr std::array kRoles = {
    std::pair{"dimension"sv, Role::kDimension}, std::pair{"time"sv, Role::kTime},
    std::pair{"measure"sv, Role::kMeasure},     std::pair{"status"sv, Role::kStatus},
    std::pair{"label"sv, Role::kLabel},         std::pair{"attribute"sv, Role::kAttribute},
    std::pair{"lineage"sv, Role::kLineage},
};

Role RoleByName(std::string_view name) {
  if (name == "src" || name == "src_row" || name == "src_col") return Role::kLineage;
  if (name == "edition" || name == "geo_vintage") return Role::kAttribute;
  if (name.ends_with("_name") || name.ends_with("_label")) return Role::kLabel;
  if (name.ends_with("_status")) return Role::kStatus;
  return Role::kMeasure;
}

}  // namespace

std::string MetadataOf(const arrow::Field& field, const std::string& key) {
  if (!field.metadata()) return {};
  const int at = field.metadata()->FindKey(key);
  return at < 0 ? std::string() : field.metadata()->value(at);
}

Role RoleOf(const arrow::Field& field) {
  const std::string named = MetadataOf(field, "tidemill.role");
  for (const auto& [text, role] : kRoles) {
    if (text == named) return role;
  }
  return RoleByName(field.name());
}

std::shared_ptr<arrow::Table> LineageLast(const arrow::Table& rows) {
  std::vector<std::shared_ptr<arrow::Field>> fields;
  std::vector<std::shared_ptr<arrow::ChunkedArray>> columns;
  for (const bool lineage : {false, true}) {
    for (int i = 0; i < rows.num_columns(); ++i) {
      if ((RoleOf(*rows.field(i)) == Role::kLineage) != lineage) continue;
      fields.push_back(rows.field(i));
      columns.push_back(rows.column(i));
    }
  }
  return arrow::Table::Make(arrow::schema(std::move(fields), rows.schema()->metadata()), std::move(columns),
                            rows.num_rows());
}

}  // namespace tidemill::dataset
