// SPDX-License-Identifier: Apache-2.0
#include "support.h"

#include <algorithm>

#include "tidemill/base/date.h"

namespace tidemill::transform {
namespace {

using base::ErrorCode;
using base::Status;
using recipe::ColumnSpec;
using recipe::Role;

Status Refuse(std::string_view key, std::string_view instead) {
  return base::Fail(ErrorCode::kUnsupported, "recipe key {} is not supported yet; {}", key, instead);
}

Status CheckCode(const ColumnSpec& column, const std::string& key) {
  if (!column.system.empty() && column.system != "gss") {
    return Refuse(key + ".system = \"" + column.system + "\"", "supported is \"gss\"");
  }
  if (column.unknown != recipe::Unknown::kFail) return Refuse(key + ".unknown = \"keep\"", "supported is \"fail\"");
  if (column.vintage != "fit" && !base::ParseDate(column.vintage)) {
    return Refuse(key + ".vintage = \"" + column.vintage + "\"", "supported are \"fit\" and a date");
  }
  if (column.system.empty() && column.header.empty() && column.column.empty()) {
    return Refuse(key + " without system and header", "a code column is found by one of them");
  }
  if (!column.from.empty()) return Refuse(key + ".from", "codes stand in a column of their own");
  if (!column.to.empty()) return Refuse(key + ".to", "codes are written as they are published");
  return {};
}

Status CheckColumns(const std::vector<ColumnSpec>& columns) {
  for (const ColumnSpec& column : columns) {
    if (column.role == Role::kCode) TIDEMILL_CHECK(CheckCode(column, "columns." + column.name));
  }
  for (const Role role : {Role::kCode, Role::kLabel}) {
    if (std::ranges::count(columns, role, &ColumnSpec::role) > 1) {
      return Refuse("columns with one role twice", "one code and one label are read; a second one is a dimension");
    }
  }
  return {};
}

}  // namespace

Status CheckSupported(const recipe::Spec& spec) {
  return CheckColumns(spec.columns);
}

}  // namespace tidemill::transform
