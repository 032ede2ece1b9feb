// SPDX-License-Identifier: Apache-2.0
#include "draft_plan.h"

#include <algorithm>

#include "tidemill/base/text.h"

#include "draft_names.h"

namespace tidemill::transform {
namespace {

using recipe::Role;

std::string ColumnLine(const PlanColumn& column, std::size_t width) {
  std::string line = fmt::format("{:<{}} = {{ role = \"{}\"", "columns." + column.name, width, ToText(column.role));
  if (!column.header.empty()) line += fmt::format(", header = {}", TomlText(PatternOf(column.header)));
  for (const auto& [key, value] : column.keys) line += fmt::format(", {} = {}", key, value);
  line += " }";
  if (!column.comment.empty()) line += fmt::format("  # {:.2f}: {}", column.confidence, column.comment);
  return line + "\n";
}

std::string Columns(const Plan& plan) {
  std::size_t width = 0;
  for (const PlanColumn& column : plan.columns) width = std::max(width, column.name.size() + 8);
  std::string text;
  for (const PlanColumn& column : plan.columns) text += ColumnLine(column, width);
  return text;
}

std::string Markers(const Plan& plan) {
  std::string text;
  if (plan.gss_markers) text += "markers.base = \"gss\"\n";
  for (const PlanMarker& marker : plan.markers) {
    const std::string count =
        fmt::format("{} cells{}{}", base::Thousands(marker.count), marker.comment.empty() ? "" : ": ", marker.comment);
    if (marker.meaning.empty()) {
      text += fmt::format("# {} of the harmonised set: {}\n", marker.text, count);
    } else {
      text += fmt::format("markers.{} = {}  # {}\n", base::JsonString(marker.text), marker.meaning, count);
    }
  }
  return text;
}

std::string Section(std::string_view name, const TomlKeys& keys) {
  std::string text;
  for (const auto& [key, value] : keys) text += fmt::format("{}.{} = {}\n", name, key, value);
  return text;
}

std::string Sums(const Plan& plan) {
  if (plan.sums.empty()) return {};
  std::string text = "checks.sums = [\n";
  for (const std::string& sum : plan.sums) text += "  " + base::JsonString(sum) + ",\n";
  return text + "]\n";
}

}  // namespace

std::string_view ToText(Role role) {
  switch (role) {
    case Role::kCode:
      return "code";
    case Role::kLabel:
      return "label";
    case Role::kDimension:
      return "dimension";
    case Role::kAxis:
      return "axis";
    case Role::kGroup:
      return "group";
    case Role::kValue:
      return "value";
    case Role::kStatus:
      return "status";
    case Role::kNote:
      return "note";
    case Role::kTotal:
      return "total";
    case Role::kIgnore:
      return "ignore";
  }
  return "ignore";
}

void PlanColumn::Set(const std::string& key, std::string value) {
  const auto at = std::ranges::find(keys, key, &TomlKeys::value_type::first);
  if (at == keys.end()) {
    keys.emplace_back(key, std::move(value));
  } else {
    at->second = std::move(value);
  }
}

PlanColumn* Plan::Find(Role role) {
  const auto at = std::ranges::find(columns, role, &PlanColumn::role);
  return at == columns.end() ? nullptr : &*at;
}

std::string ToToml(const Plan& plan) {
  std::string text;
  for (const std::string& remark : plan.remarks) text += remark.empty() ? "#\n" : "# " + remark + "\n";
  text += fmt::format("recipe = 1\nname   = {}\ntitle  = {}\n", TomlText(plan.name), TomlText(plan.title));
  if (!plan.publisher.empty()) text += fmt::format("publisher = {}\n", TomlText(plan.publisher));
  text += plan.source + Section("facts", plan.facts);
  text += fmt::format("sheet.pick = [{}]\n", TomlText(plan.sheet));
  text += Section("table", plan.table) + Columns(plan) + Markers(plan) + Section("notes", plan.notes);
  text += Section("checks", plan.checks) + Sums(plan);
  return text + fmt::format("output = [{{ table = {} }}]\n", TomlText(plan.output));
}

}  // namespace tidemill::transform
