// SPDX-License-Identifier: Apache-2.0
#include "sum_slices.h"

#include <algorithm>
#include <map>
#include <set>

namespace tidemill::transform {
namespace {

using recipe::ColumnSpec;
using recipe::Role;

constexpr char kBetween = '\x1F';

// The text of a row in one of the columns that name it.
std::string TextIn(const BoundEdition& edition, const BodyRow& row, const ColumnSpec& spec) {
  const Binding& binding = edition.binding;
  if (spec.role == Role::kCode) return row.code;
  if (spec.role == Role::kLabel) return row.label;
  for (std::size_t i = 0; i < binding.dimensions.size(); ++i) {
    if (binding.dimensions[i].spec == &spec) return row.dimensions[i];
  }
  for (std::size_t i = 0; i < binding.derived.size(); ++i) {
    if (binding.derived[i].spec == &spec) return row.derived[i];
  }
  for (std::size_t i = 0; i < binding.groups.size(); ++i) {
    if (binding.groups[i] == &spec) return row.groups[i];
  }
  return {};
}

// True where a text of the rows is another one in each.
template <class TextOf>
bool AllDiffer(const std::vector<BodyRow>& rows, const TextOf& text_of) {
  std::set<std::string> texts;
  return std::ranges::all_of(rows, [&](const BodyRow& row) { return texts.insert(text_of(row)).second; });
}

// Dimensions that say something else in each row, as the areas do: they name the row, and part no areas from others.
std::set<const ColumnSpec*> NamingDimensions(const BoundEdition& edition) {
  std::set<const ColumnSpec*> naming;
  const std::vector<BodyRow>& rows = edition.body.rows;
  if (!AllDiffer(rows, [](const BodyRow& row) { return row.code.empty() ? row.label : row.code; })) return naming;
  for (const ColumnSpec& spec : edition.spec.columns) {
    if (spec.role != Role::kDimension || spec.axis) continue;
    if (AllDiffer(rows, [&](const BodyRow& row) { return TextIn(edition, row, spec); })) naming.insert(&spec);
  }
  return naming;
}

// What else tells a row from others, but for the column `over` (or the area, where that is null).
std::string OthersOf(const BoundEdition& edition, const BodyRow& row, const ColumnSpec* over,
                     const std::set<const ColumnSpec*>& naming) {
  std::string key;
  for (const ColumnSpec& spec : edition.spec.columns) {
    // A group whose rows have values is the nesting of the areas, not another dimension.
    const bool names = (spec.role == Role::kDimension && !naming.contains(&spec)) ||
                       (spec.role == Role::kGroup && !spec.own_values) ||
                       (over != nullptr && (spec.role == Role::kCode || spec.role == Role::kLabel));
    if (&spec != over && names) key += TextIn(edition, row, spec) + kBetween;
  }
  for (const int year : row.years) key += std::to_string(year) + kBetween;
  return key;
}

// Items that differ in nothing but what a check speaks of stand in one index.
using Groups = std::map<std::string, std::vector<std::size_t>>;

}  // namespace

std::vector<RowIndex> SlicesOfRows(const BoundEdition& edition, const ColumnSpec* over) {
  const std::vector<BodyRow>& rows = edition.body.rows;
  Groups members;
  std::vector<std::string> texts;
  const auto naming = over == nullptr ? NamingDimensions(edition) : std::set<const ColumnSpec*>();
  for (std::size_t i = 0; i < rows.size(); ++i) {
    members[OthersOf(edition, rows[i], over, naming)].push_back(i);
    if (over != nullptr) texts.push_back(TextIn(edition, rows[i], *over));
  }
  std::vector<RowIndex> slices;
  for (auto& [others, items] : members) {
    if (over == nullptr) {
      slices.emplace_back(rows, std::move(items));
    } else {
      slices.emplace_back(texts, std::move(items));
    }
  }
  return slices;
}

std::vector<RowIndex> SlicesOfAxis(const BoundEdition& edition, const ColumnSpec& over, std::size_t measure) {
  const std::vector<AxisCell>& axis = edition.table.axis;
  Groups members;
  std::vector<std::string> texts;
  for (std::size_t i = 0; i < axis.size(); ++i) {
    std::string others = &over == edition.binding.axis ? std::string() : axis[i].value.text;
    std::string text = &over == edition.binding.axis ? axis[i].value.text : std::string();
    for (std::size_t k = 0; k < axis[i].outer.size(); ++k) {
      if (edition.binding.outer[k] == &over) {
        text = axis[i].outer[k].text;
      } else {
        others += kBetween + axis[i].outer[k].text;
      }
    }
    texts.push_back(std::move(text));
    if (axis[i].measure == measure) members[others].push_back(i);
  }
  std::vector<RowIndex> slices;
  for (auto& [others, items] : members) slices.emplace_back(texts, std::move(items));
  return slices;
}

}  // namespace tidemill::transform
