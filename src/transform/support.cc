// SPDX-License-Identifier: Apache-2.0
#include "support.h"

#include <algorithm>

#include "tidemill/base/text.h"

#include "geo_code.h"

namespace tidemill::transform {
namespace {

using base::ErrorCode;
using base::Status;
using recipe::ColumnSpec;
using recipe::Role;

Status Refuse(std::string_view key, std::string_view instead) {
  return base::Fail(ErrorCode::kUnsupported, "recipe key {} is not supported yet; {}", key, instead);
}

bool IsCapture(std::string_view text) {
  return text.size() > 2 && text.front() == '{' && text.back() == '}';
}

Status CheckCode(const ColumnSpec& column) {
  const std::string key = "columns." + column.name;
  const bool snac = column.system == "ons-snac";
  if (!column.to.empty() && column.to != column.system && !(snac && column.to == "gss")) {
    return Refuse(key + ".to = \"" + column.to + "\"", "supported is \"gss\" for codes of \"ons-snac\"");
  }
  if (!column.from.empty() && TargetSystem(column) != "gss") {
    return Refuse(key + ".from without system = \"gss\"", "the register finds codes of \"gss\"");
  }
  if (column.system.empty() && column.header.empty() && column.column.empty()) {
    return Refuse(key + " without system and header", "a code column is found by one of them");
  }
  return {};
}

// A code is looked up by the label or by a dimension.
Status CheckCodeSource(const ColumnSpec& column, const std::vector<ColumnSpec>& columns) {
  if (column.from.empty() || column.from == "label") return {};
  if (column.from == "sheet" || IsCapture(column.from)) return {};
  const auto source = std::ranges::find(columns, column.from, &ColumnSpec::name);
  const bool in_column = source != columns.end() && source->from.empty();
  if (in_column && (source->role == Role::kLabel || source->role == Role::kDimension)) return {};
  return Refuse("columns." + column.name + ".from = \"" + column.from + "\"",
                "supported are \"label\", \"sheet\", \"{capture}\", a label or a dimension");
}

Status CheckColumns(const std::vector<ColumnSpec>& columns) {
  for (const ColumnSpec& column : columns) {
    if (column.role != Role::kCode) continue;
    TIDEMILL_CHECK(CheckCode(column));
    TIDEMILL_CHECK(CheckCodeSource(column, columns));
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
