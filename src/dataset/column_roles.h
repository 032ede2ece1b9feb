// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string_view>

#include "tidemill/frame/frame.h"

namespace tidemill::dataset {

// What a column is for: the metadata "tidemill.role", or what its name says where there is none.
enum class Role { kDimension, kTime, kMeasure, kStatus, kLabel, kAttribute, kLineage };

Role RoleOf(std::string_view role, std::string_view name);
Role RoleOf(const frame::Column& column);

// The same rows, columns of lineage behind all others; the order stays otherwise.
std::shared_ptr<const frame::Frame> LineageLast(std::shared_ptr<const frame::Frame> rows);

}  // namespace tidemill::dataset
