// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "table.h"

// Which column of the sheet is which column of the recipe: recipes.md 3.6.
namespace tidemill::transform {

struct BoundColumn {
  const recipe::ColumnSpec* spec = nullptr;
  std::uint32_t column = 0;
};
struct ConstantColumn {
  const recipe::ColumnSpec* spec = nullptr;
  std::string text;
};

struct Binding {
  std::optional<BoundColumn> code;
  const recipe::ColumnSpec* label = nullptr;
  std::vector<std::uint32_t> label_columns;
  std::vector<BoundColumn> dimensions, ignored, totals;
  std::vector<BoundColumn> values;  // without an axis: each value column has its own
  std::vector<ConstantColumn> constants;
  const recipe::ColumnSpec* axis = nullptr;
};

// Errors (binding): column-missing, column-ambiguous, column-unbound.
base::Result<Binding> BindColumns(const TableSearch& search, const Table& table);

}  // namespace tidemill::transform
