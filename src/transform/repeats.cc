// SPDX-License-Identifier: Apache-2.0
#include "repeats.h"

#include <algorithm>
#include <unordered_map>

#include "tidemill/base/text.h"

namespace tidemill::transform {
namespace {

bool EqualRows(const Body& body, std::size_t a, std::size_t b) {
  for (const Measure& measure : body.measures) {
    for (std::size_t column = 0; column < body.columns; ++column) {
      const std::size_t x = a * body.columns + column;
      const std::size_t y = b * body.columns + column;
      if (measure.states[x] != measure.states[y] || measure.status[x] != measure.status[y]) return false;
      if (measure.whole ? measure.ints[x] != measure.ints[y] : measure.doubles[x] != measure.doubles[y]) return false;
    }
  }
  return true;
}

template <class T>
void EraseRows(std::vector<T>& values, const std::vector<bool>& gone, std::size_t columns) {
  if (values.empty()) return;
  std::size_t to = 0;
  for (std::size_t from = 0; from < values.size(); ++from) {
    if (gone[from / columns]) continue;
    if (to != from) values[to] = std::move(values[from]);
    ++to;
  }
  values.resize(to);
}

// Takes rows out; the children of each belong to the row that stays in its place.
void TakeOut(Body& body, const std::vector<bool>& gone, const std::vector<int>& stays) {
  std::vector<int> moved(body.rows.size(), -1);
  int next = 0;
  for (std::size_t i = 0; i < body.rows.size(); ++i) {
    if (!gone[i]) moved[i] = next++;
  }
  for (BodyRow& row : body.rows) {
    if (row.parent < 0) continue;
    const auto parent = static_cast<std::size_t>(stays[static_cast<std::size_t>(row.parent)]);
    row.parent = moved[parent];
  }
  for (Measure& measure : body.measures) {
    EraseRows(measure.ints, gone, body.columns);
    EraseRows(measure.doubles, gone, body.columns);
    EraseRows(measure.states, gone, body.columns);
    EraseRows(measure.status, gone, body.columns);
  }
  EraseRows(body.rows, gone, 1);
}

// The first that KeyOf names.
const workbook::Cell& CellOfKey(const BodyRow& row) {
  return row.code.empty() && row.label_cell != nullptr ? *row.label_cell : *row.key_cell;
}

// "month 'January', year '2010', day '1'": all that KeyOf is made of.
std::string KeyInWords(const Binding& binding, const BodyRow& row) {
  std::vector<std::string> parts;
  const auto add = [&](const recipe::ColumnSpec& spec, const std::string& text) {
    parts.push_back(fmt::format("{} {}", spec.name, base::Quoted(text)));
  };
  if (!row.code.empty()) {
    add(*binding.code->spec, row.code);
  } else if (binding.label != nullptr) {
    add(*binding.label, row.label);
  }
  for (std::size_t i = 0; i < row.dimensions.size(); ++i) add(*binding.dimensions[i].spec, row.dimensions[i]);
  for (std::size_t i = 0; i < row.derived.size(); ++i) add(*binding.derived[i].spec, row.derived[i]);
  for (std::size_t i = 0; i < row.groups.size(); ++i) add(*binding.groups[i], row.groups[i]);
  for (const int year : row.years) {
    if (year != 0) parts.push_back(fmt::format("year {}", year));
  }
  return parts.empty() ? "a row without a key" : base::Join(parts, ", ");
}

}  // namespace

std::string KeyOf(const BodyRow& row) {
  std::string key = row.code.empty() ? row.label : row.code;
  for (const auto* texts : {&row.dimensions, &row.derived, &row.groups}) {
    for (const std::string& text : *texts) key += '\x1F' + text;
  }
  for (const int year : row.years) key += '\x1F' + std::to_string(year);
  return key;
}

void ResolveRepeats(recipe::Repeats repeats, const Binding& binding, Grid& grid, Body& body, Findings& findings) {
  std::unordered_map<std::string, std::size_t> first;
  std::vector<bool> gone(body.rows.size(), false);
  std::vector<int> stays(body.rows.size());
  bool any = false;
  for (std::size_t i = 0; i < body.rows.size(); ++i) {
    const auto [at, fresh] = first.try_emplace(KeyOf(body.rows[i]), i);
    stays[i] = static_cast<int>(at->second);
    if (fresh) continue;
    const BodyRow& row = body.rows[i];
    if (repeats == recipe::Repeats::kEqual && EqualRows(body, at->second, i)) {
      for (const workbook::Cell& cell : grid.Cells(row.row)) {
        if (grid.ClassOf(cell) != CellClass::kNone) grid.Reclaim(cell, CellClass::kRepeat);
      }
      gone[i] = any = true;
    } else {
      findings.Fail("key-repeated", grid.A1(row.row, CellOfKey(row)),
                    fmt::format("{} stands in row {} already", KeyInWords(binding, row),
                                grid.RowNumber(body.rows[at->second].row) + 1));
      stays[i] = static_cast<int>(i);
    }
  }
  if (any) TakeOut(body, gone, stays);
}

}  // namespace tidemill::transform
