// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <fmt/format.h>

#include "tidemill/base/text.h"
#include "tidemill/recipe/over_values.h"

#include "read_sections.h"

namespace tidemill::recipe {
namespace {

using base::Quoted;

bool Contains(const std::vector<std::string>& list, std::string_view text) {
  return std::find(list.begin(), list.end(), text) != list.end();
}

class Together {
 public:
  Together(const Spec& spec, const Node& root, Faults& faults)
      : spec_(spec), root_(root), faults_(faults), captured_(CapturedNames(spec)) {}

  void Run() {
    CheckValues();
    CheckAxes();
    CheckOneOf(Role::kCode, "code");
    CheckOneOf(Role::kLabel, "label");
    for (const ColumnSpec& column : spec_.columns) {
      CheckWhere(column);
      CheckReferences(column);
    }
    CheckChecks();
    const Entry* outputs = root_.Find("output");
    for (std::size_t i = 0; i < spec_.outputs.size(); ++i) {
      const bool placed = outputs != nullptr && i < outputs->value.items.size();
      CheckOutput(spec_.outputs[i], placed ? outputs->value.items[i].place : Place{});
    }
    if (outputs != nullptr && outputs->value.kind == Node::Kind::kArray && spec_.outputs.empty()) {
      faults_.Add("missing-key", outputs->place, "at least one [[output]] is required");
    }
  }

 private:
  Place PlaceOf(std::string_view section) const {
    const Entry* entry = root_.Find(section);
    return entry == nullptr ? root_.place : entry->place;
  }
  // Of a column, or of one of its keys.
  Place PlaceOf(const ColumnSpec& column, std::string_view key = {}) const {
    const Entry* columns = root_.Find("columns");
    const Entry* entry = columns == nullptr ? nullptr : columns->value.Find(column.name);
    if (entry == nullptr) return root_.place;
    const Entry* inner = key.empty() ? nullptr : entry->value.Find(key);
    return inner == nullptr ? entry->place : inner->value.place;
  }
  std::vector<const ColumnSpec*> With(Role role) const {
    std::vector<const ColumnSpec*> out;
    for (const ColumnSpec& column : spec_.columns) {
      if (column.role == role) out.push_back(&column);
    }
    return out;
  }
  static bool IsPlaced(const ColumnSpec& column) {
    return !column.header.empty() || !column.column.empty() || !column.from.empty();
  }
  const ColumnSpec* FindColumn(std::string_view name) const {
    const auto found = std::find_if(spec_.columns.begin(), spec_.columns.end(),
                                    [&](const ColumnSpec& column) { return column.name == name; });
    return found == spec_.columns.end() ? nullptr : &*found;
  }

  void CheckValues() {
    const auto values = With(Role::kValue);
    if (values.empty() && root_.Find("columns") != nullptr) {
      faults_.Add("missing-key", PlaceOf("columns"), "no column has the role 'value'");
    }
    const bool axis = !With(Role::kAxis).empty();
    int under_axis = 0;
    for (const ColumnSpec* value : values) {
      if (IsPlaced(*value)) continue;
      if (!axis) {
        faults_.Add("missing-key", PlaceOf(*value),
                    fmt::format("value '{}' needs 'header', for no column has the role 'axis'", value->name));
      } else if (++under_axis > 1) {
        faults_.Add("role-conflict", PlaceOf(*value),
                    fmt::format("value '{}' is the second under one axis; give it a 'header'", value->name));
      }
    }
  }

  void CheckAxes() {
    std::vector<int> rows;
    for (const ColumnSpec* axis : With(Role::kAxis)) {
      if (std::find(rows.begin(), rows.end(), axis->row) != rows.end()) {
        faults_.Add(
            "role-conflict", PlaceOf(*axis),
            fmt::format("axis '{}' is the second in header row {}; give it another 'row'", axis->name, axis->row));
      }
      rows.push_back(axis->row);
    }
  }

  // At most one column of the role may be left to be found by what its cells hold.
  void CheckOneOf(Role role, std::string_view name) {
    const ColumnSpec* first = nullptr;
    for (const ColumnSpec* column : With(role)) {
      if (IsPlaced(*column)) continue;
      if (first != nullptr) {
        faults_.Add("role-conflict", PlaceOf(*column),
                    fmt::format("columns '{}' and '{}' are both {} without 'header'", first->name, column->name, name));
      }
      first = column;
    }
  }

  void CheckWhere(const ColumnSpec& column) {
    const bool needs = column.role == Role::kDimension || column.role == Role::kStatus || column.role == Role::kNote ||
                       column.role == Role::kTotal || column.role == Role::kIgnore;
    if (needs && !IsPlaced(column)) {
      faults_.Add("missing-key", PlaceOf(column), fmt::format("column '{}' needs 'header'", column.name));
    }
    if (column.role == Role::kTotal && !column.of.empty()) CheckOf(column);
    if (column.role != Role::kStatus && column.role != Role::kNote) return;
    CheckOf(column);
  }

  void CheckOf(const ColumnSpec& column) {
    const ColumnSpec* value = FindColumn(column.of);
    if (column.of.empty()) {
      faults_.Add("missing-key", PlaceOf(column), fmt::format("column '{}' needs 'of', a value column", column.name));
    } else if (value == nullptr || value->role != Role::kValue) {
      faults_.Add("bad-value", PlaceOf(column, "of"),
                  fmt::format("'columns.{}.of' is {}, which is no value column{}", column.name, Quoted(column.of),
                              base::DidYouMean(column.of, ValueNames())));
    }
  }

  std::vector<std::string_view> ColumnNames() const {
    std::vector<std::string_view> names;
    for (const ColumnSpec& column : spec_.columns) names.push_back(column.name);
    return names;
  }
  std::vector<std::string_view> ValueNames() const {
    std::vector<std::string_view> names;
    for (const ColumnSpec* value : With(Role::kValue)) names.push_back(value->name);
    return names;
  }

  // Every {name} in the text must be captured somewhere.
  void CheckCaptures(std::string_view text, std::string_view path, Place place) {
    for (std::size_t open = text.find('{'); open != std::string_view::npos; open = text.find('{', open + 1)) {
      const std::size_t close = text.find('}', open);
      const std::string_view name = text.substr(open + 1, close == std::string_view::npos ? close : close - open - 1);
      if (close != std::string_view::npos && Contains(captured_, name)) continue;
      faults_.Add("bad-value", place,
                  fmt::format("'{}' names {}, which no pattern captures{}", path, Quoted(name),
                              base::DidYouMean(name, captured_)));
    }
  }

  void CheckReferences(const ColumnSpec& column) {
    CheckCaptures(column.must, fmt::format("columns.{}.must", column.name), PlaceOf(column, "must"));
    if (column.year.starts_with('{')) {
      CheckCaptures(column.year, fmt::format("columns.{}.year", column.name), PlaceOf(column, "year"));
    }
    CheckCaptures(column.from, fmt::format("columns.{}.from", column.name), PlaceOf(column, "from"));
    const bool pattern = !column.year.empty() && !column.year.starts_with('{') && FindColumn(column.year) == nullptr;
    if (pattern) ReadPattern(column.year, PlaceOf(column, "year"), faults_);
    const bool known = column.from.empty() || column.from == "label" || column.from == "sheet" ||
                       column.from.starts_with('{') || FindColumn(column.from) != nullptr;
    if (!known || column.from == column.name) {
      faults_.Add("bad-value", PlaceOf(column, "from"),
                  fmt::format("'columns.{}.from' is {}, expected 'label', 'sheet', '{{capture}}' or another column{}",
                              column.name, Quoted(column.from), base::DidYouMean(column.from, ColumnNames())));
    }
  }

  void CheckChecks() {
    const Place place = PlaceOf("checks");
    CheckCaptures(spec_.checks.periods, "checks.periods", place);
    const auto check = [&](const std::string& name, std::string_view path) {
      const ColumnSpec* column = FindColumn(name);
      if (name.empty() || (column != nullptr && column->role == Role::kValue)) return;
      faults_.Add("bad-value", place,
                  fmt::format("'{}' names {}, which is no value column{}", path, Quoted(name),
                              base::DidYouMean(name, ValueNames())));
    };
    for (const ValueCheck& value : spec_.checks.values) check(value.column, "checks.values");
    for (const SumCheck& sum : spec_.checks.sums) {
      check(sum.of, "checks.sums");
      CheckOver(sum, place);
    }
  }

  void CheckOver(const SumCheck& sum, Place place) {
    const std::string& name = sum.over;
    const ColumnSpec* column = FindColumn(name);
    if (column == nullptr && name == kOverValues) return CheckOverValues(sum, place);
    if (name.empty() || (column != nullptr && NamesRows(column->role))) return;
    std::vector<std::string_view> names;
    for (const ColumnSpec& one : spec_.columns) {
      if (NamesRows(one.role)) names.push_back(one.name);
    }
    faults_.Add("bad-value", place,
                fmt::format("'checks.sums' names {}, which is no column that names rows{}", Quoted(name),
                            base::DidYouMean(name, names)));
  }
  void CheckOverValues(const SumCheck& sum, Place place) {
    const auto is_axis = [](const ColumnSpec& column) { return column.role == Role::kAxis; };
    if (sum.of.empty() && std::ranges::none_of(spec_.columns, is_axis)) return;
    faults_.Add("role-conflict", place,
                fmt::format("'checks.sums' is over {}, which goes with neither 'of' nor a column with role 'axis'",
                            Quoted(kOverValues)));
  }
  static bool NamesRows(Role role) {
    return role == Role::kCode || role == Role::kLabel || role == Role::kDimension || role == Role::kAxis ||
           role == Role::kGroup;
  }

  // What an output column may be made of.
  std::vector<std::string> OutputSources() const {
    std::vector<std::string> names = captured_;
    names.insert(names.end(), {"edition", "geo_vintage"});
    for (const ColumnSpec& column : spec_.columns) {
      names.push_back(column.name);
      if (column.role == Role::kValue) names.push_back(column.name + "_status");
    }
    return names;
  }

  void CheckOutput(const OutputSpec& output, Place place) {
    const auto sources = OutputSources();
    std::vector<std::string> written;
    for (const OutputColumn& column : output.columns) {
      if (!Contains(sources, column.argument)) {
        faults_.Add("bad-value", place,
                    fmt::format("output column '{}' is made of {}, which is no column, fact or capture{}", column.name,
                                Quoted(column.argument), base::DidYouMean(column.argument, sources)));
      }
      const ColumnSpec* source = FindColumn(column.argument);
      if (column.function == "parent" && (source == nullptr || source->role != Role::kCode)) {
        faults_.Add(
            "bad-value", place,
            fmt::format("output column '{}' = parent({}): expected a column of codes", column.name, column.argument));
      }
      if (Contains(written, column.name)) {
        faults_.Add("role-conflict", place, fmt::format("output column '{}' stands twice", column.name));
      }
      written.push_back(column.name);
    }
    const auto& allowed = output.columns.empty() ? sources : written;
    for (const auto& [key, list] : {std::pair{"key", &output.key}, std::pair{"sort", &output.sort}}) {
      for (const std::string& name : *list) {
        if (Contains(allowed, name)) continue;
        faults_.Add("bad-value", place,
                    fmt::format("'output.{}' names {}, which the table does not have{}", key, Quoted(name),
                                base::DidYouMean(name, allowed)));
      }
    }
  }

  const Spec& spec_;
  const Node& root_;
  Faults& faults_;
  std::vector<std::string> captured_;
};

}  // namespace

std::vector<std::string> CapturedNames(const Spec& spec) {
  std::vector<std::string> names = {"ext", "sheet"};
  const SourceSpec& source = spec.source;
  for (const auto* patterns : {&source.link, &source.text, &source.heading, &source.versions_link, &spec.sheet.pick}) {
    for (const Pattern& pattern : *patterns) {
      names.insert(names.end(), pattern.captures().begin(), pattern.captures().end());
    }
  }
  for (const Pattern& pattern : spec.table.anchor) {
    names.insert(names.end(), pattern.captures().begin(), pattern.captures().end());
  }
  if (spec.table.name)
    names.insert(names.end(), spec.table.name->captures().begin(), spec.table.name->captures().end());
  for (const FactSpec& fact : spec.facts) names.push_back(fact.name);
  return names;
}

void CheckTogether(const Spec& spec, const Node& root, Faults& faults) {
  Together(spec, root, faults).Run();
}

}  // namespace tidemill::recipe
