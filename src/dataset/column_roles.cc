// SPDX-License-Identifier: Apache-2.0
#include "column_roles.h"

#include <algorithm>
#include <array>
#include <utility>

namespace tidemill::dataset {
namespace {

using namespace std::string_view_literals;

constexpr std::array kRoles = {
    std::pair{"dimension"sv, Role::kDimension}, std::pair{"time"sv, Role::kTime},
    std::pair{"measure"sv, Role::kMeasure},     std::pair{"status"sv, Role::kStatus},
    std::pair{"label"sv, Role::kLabel},         std::pair{"parent"sv, Role::kAttribute},
    std::pair{"attribute"sv, Role::kAttribute}, std::pair{"lineage"sv, Role::kLineage},
};

Role RoleByName(std::string_view name) {
  if (name == "src" || name == "src_row" || name == "src_col") return Role::kLineage;
  if (name == "edition" || name == "geo_vintage") return Role::kAttribute;
  if (name.ends_with("_name") || name.ends_with("_label")) return Role::kLabel;
  if (name.ends_with("_status")) return Role::kStatus;
  return Role::kMeasure;
}

bool IsNoLineage(const frame::Column& column) {
  return RoleOf(column) != Role::kLineage;
}

}  // namespace

Role RoleOf(std::string_view role, std::string_view name) {
  for (const auto& [text, known] : kRoles) {
    if (text == role) return known;
  }
  return RoleByName(name);
}

Role RoleOf(const frame::Column& column) {
  const auto role = column.metadata.find("tidemill.role");
  return RoleOf(role == column.metadata.end() ? std::string_view() : std::string_view(role->second), column.name);
}

std::shared_ptr<const frame::Frame> LineageLast(std::shared_ptr<const frame::Frame> rows) {
  if (std::ranges::is_partitioned(rows->columns, IsNoLineage)) return rows;
  auto ordered = std::make_shared<frame::Frame>(*rows);
  std::ranges::stable_partition(ordered->columns, IsNoLineage);
  return ordered;
}

}  // namespace tidemill::dataset
