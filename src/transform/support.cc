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

const double kDefaultMarkers = recipe::ChecksSpec().markers;

bool IsCapture(std::string_view text) {
  return text.size() > 2 && text.front() == '{' && text.back() == '}';
}

Status CheckCode(const ColumnSpec& column, const std::string& key) {
  const bool snac = column.system == "ons-snac";
  if (!column.system.empty() && column.system != "gss" && !snac) {
    return Refuse(key + ".system = \"" + column.system + "\"", "supported are \"gss\" and \"ons-snac\"");
  }
  if (!column.to.empty() && column.to != column.system && !(snac && column.to == "gss")) {
    return Refuse(key + ".to = \"" + column.to + "\"", "supported is \"gss\" for codes of \"ons-snac\"");
  }
  if (!column.from.empty() && TargetSystem(column) != "gss") {
    return Refuse(key + ".from without system = \"gss\"", "the register finds codes of \"gss\"");
  }
  if (column.system.empty() && column.header.empty()) {
    return Refuse(key + " without system and header", "a code column is found by one of them");
  }
  return {};
}

Status CheckRole(const ColumnSpec& column, const std::string& key) {
  switch (column.role) {
    case Role::kGroup:
      return Refuse(key + ".role = \"group\"", "rows without values need table.skip");
    case Role::kStatus:
      return Refuse(key + ".role = \"status\"", "use markers, or role = \"ignore\"");
    case Role::kNote:
      return Refuse(key + ".role = \"note\"", "use role = \"ignore\"");
    case Role::kCode:
      return CheckCode(column, key);
    case Role::kAxis:
      if (column.row != 1) return Refuse(key + ".row", "one row of an axis is read");
      if (column.axis == recipe::AxisKind::kText)
        return Refuse(key + ".axis = \"text\"", "use value columns by header");
      return {};
    case Role::kValue:
      if (column.type == recipe::ValueType::kDecimal)
        return Refuse(key + ".type = \"decimal\"", "use float64 or int64");
      return {};
    case Role::kDimension:
    case Role::kTotal:
    case Role::kIgnore:
      if (column.header.empty() && column.from.empty())
        return Refuse(key + " without header", "it is found by its header");
      return {};
    case Role::kLabel:
      return {};
  }
  return {};
}

Status CheckColumn(const ColumnSpec& column) {
  const std::string key = "columns." + column.name;
  if (!column.column.empty()) return Refuse(key + ".column", "name the column by header");
  const bool constant = column.from == "sheet" || IsCapture(column.from);
  if (!column.from.empty() && column.role != Role::kCode && !(column.role == Role::kDimension && constant)) {
    return Refuse(key + ".from = \"" + column.from + "\"", "supported are \"sheet\" and \"{capture}\" of dimensions");
  }
  if (!column.year.empty() && !IsCapture(column.year)) {
    return Refuse(key + ".year = \"" + column.year + "\"", "supported is a \"{capture}\"");
  }
  const bool by_kind_only = column.axis && column.axis != recipe::AxisKind::kMonth &&
                            column.axis != recipe::AxisKind::kYear && column.axis != recipe::AxisKind::kDate;
  if (!column.parse.empty() && by_kind_only) return Refuse(key + ".parse", "it is read for months, years and dates");
  return CheckRole(column, key);
}

// A code is looked up by the label or by a dimension.
Status CheckCodeSource(const ColumnSpec& column, const std::vector<ColumnSpec>& columns) {
  if (column.role != Role::kCode || column.from.empty() || column.from == "label") return {};
  if (column.from == "sheet" || IsCapture(column.from)) return {};
  const auto source = std::ranges::find(columns, column.from, &ColumnSpec::name);
  const bool in_column = source != columns.end() && source->from.empty();
  if (in_column && (source->role == Role::kLabel || source->role == Role::kDimension)) return {};
  return Refuse("columns." + column.name + ".from = \"" + column.from + "\"",
                "supported are \"label\", \"sheet\", \"{capture}\", a label or a dimension");
}

Status CheckColumns(const std::vector<ColumnSpec>& columns) {
  for (const ColumnSpec& column : columns) TIDEMILL_CHECK(CheckCodeSource(column, columns));
  const auto count = [&](Role role) { return std::ranges::count(columns, role, &ColumnSpec::role); };
  for (const ColumnSpec& column : columns) TIDEMILL_CHECK(CheckColumn(column));
  for (const Role role : {Role::kCode, Role::kLabel, Role::kAxis}) {
    if (count(role) > 1) return Refuse("columns with one role twice", "one code, one label and one axis are read");
  }
  if (count(Role::kAxis) == 1 && count(Role::kValue) != 1) {
    return Refuse("columns with an axis and several values", "an axis carries one value column");
  }
  const bool across = count(Role::kAxis) == 1;
  for (const ColumnSpec& column : columns) {
    if (column.role != Role::kValue || across == column.header.empty()) continue;
    const std::string key = "columns." + column.name;
    if (across) return Refuse(key + ".header", "the value column of an axis has none");
    return Refuse(key + " without header", "without an axis a value column is found by its header");
  }
  if (count(Role::kAxis) == 0 && count(Role::kTotal) != 0)
    return Refuse("role = \"total\" without an axis", "remove it");
  return {};
}

}  // namespace

Status CheckSupported(const recipe::Spec& spec) {
  if (spec.sheet.each) return Refuse("sheet.each", "one sheet an edition is read");
  if (!spec.table.range.empty()) return Refuse("table.range", "use table.find");
  const recipe::CsvOptions& csv = spec.source.csv;
  if (!csv.encoding.empty() || !csv.delimiter.empty() || !csv.quote.empty() || !csv.comment.empty()) {
    return Refuse("source.csv", "workbooks are read");
  }
  if (spec.checks.markers != kDefaultMarkers)
    return Refuse("checks.markers", "the lock lists the markers of an edition");
  if (spec.checks.complete) return Refuse("checks.complete", "missing values are found by blank = \"fail\"");
  if (spec.checks.fresh_days) return Refuse("checks.fresh", "remove it");
  for (const recipe::FactSpec& fact : spec.facts) {
    if (fact.in_book) return Refuse("facts." + fact.name + ".in = \"book\"", "facts are read from the picked sheet");
  }
  return CheckColumns(spec.columns);
}

}  // namespace tidemill::transform
