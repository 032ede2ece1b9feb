// SPDX-License-Identifier: Apache-2.0
#include "levels.h"

#include <algorithm>
#include <unordered_map>

#include "tidemill/base/text.h"

namespace tidemill::transform {
namespace {

using recipe::LevelTest;
using workbook::Cell;

constexpr int kMostAncestors = 16;  // a register with a cycle ends here

struct Look {
  std::string_view label;
  bool bold = false;
  bool italic = false;
  int indent = 0;
  int stub_column = 0;  // from 1
};

Look LookOf(const Grid& grid, const Binding& binding, const BodyRow& row) {
  Look look{.label = row.label};
  if (row.label_cell == nullptr) return look;
  const workbook::Style& style = grid.sheet().StyleOf(*row.label_cell);
  const auto runs = grid.sheet().Runs(*row.label_cell);
  look.bold = runs.empty() ? style.bold : runs[0].bold;
  look.italic = runs.empty() ? style.italic : runs[0].italic;
  look.indent = style.indent;
  const auto at = std::ranges::find(binding.label_columns, row.label_cell->column);
  look.stub_column = static_cast<int>(at - binding.label_columns.begin()) + 1;
  return look;
}

bool IsUpperLabel(std::string_view label) {
  if (std::ranges::any_of(label, [](char c) { return c >= 'a' && c <= 'z'; })) return false;
  const bool ascii = std::ranges::none_of(label, [](char c) { return (c & 0x80) != 0; });
  const auto letters = std::ranges::count_if(label, [](char c) { return (c >= 'A' && c <= 'Z') || (c & 0x80) != 0; });
  return letters >= 2 && (ascii || base::IsUpper(label));
}

bool Fits(const LevelTest& test, const Look& look) {
  switch (test.kind) {
    case LevelTest::Kind::kUpper:
      return IsUpperLabel(look.label);
    case LevelTest::Kind::kBold:
      return look.bold;
    case LevelTest::Kind::kItalic:
      return look.italic;
    case LevelTest::Kind::kIndent:
      return look.indent == test.number;
    case LevelTest::Kind::kColumn:
      return look.stub_column == test.number;
    case LevelTest::Kind::kAny:
      return true;
    case LevelTest::Kind::kPattern:
      return test.pattern && test.pattern->Match(look.label).has_value();
  }
  return false;
}

int LevelOf(const std::vector<recipe::Level>& levels, const Look& look) {
  for (std::size_t i = 0; i < levels.size(); ++i) {
    if (std::ranges::any_of(levels[i], [&](const LevelTest& test) { return Fits(test, look); })) {
      return static_cast<int>(i);
    }
  }
  return -1;
}

}  // namespace

void AssignLevels(const Grid& grid, const recipe::ColumnSpec& label, const Binding& binding, Findings& findings,
                  std::vector<BodyRow>& rows) {
  std::vector<int> last(label.levels.size(), -1);  // the last row of each level
  for (std::size_t i = 0; i < rows.size(); ++i) {
    BodyRow& row = rows[i];
    row.level = LevelOf(label.levels, LookOf(grid, binding, row));
    if (row.level < 0) {
      findings.Warn("level-unknown", row.key_cell == nullptr ? "" : grid.A1(row.row, *row.key_cell),
                    fmt::format("no level of columns.{} fits {}", label.name, base::Quoted(row.label)));
      continue;
    }
    const auto outer = last.begin() + row.level;
    row.parent = outer == last.begin() ? -1 : *std::max_element(last.begin(), outer);
    *outer = static_cast<int>(i);
  }
}

void AssignParentsByCode(const Register& geography, base::Date on, std::vector<BodyRow>& rows) {
  std::unordered_map<std::string_view, int> by_code;
  for (std::size_t i = 0; i < rows.size(); ++i) by_code.try_emplace(rows[i].code, static_cast<int>(i));
  for (BodyRow& row : rows) {
    const Area* area = geography.Find(row.code, on);
    for (int steps = 0; area != nullptr && !area->parent.empty() && steps < kMostAncestors; ++steps) {
      if (const auto at = by_code.find(area->parent); at != by_code.end()) {
        row.parent = at->second;
        break;
      }
      area = geography.Find(area->parent, on);
    }
  }
}

}  // namespace tidemill::transform
