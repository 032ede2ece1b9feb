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
// The codes of rows: in a column of their own, or looked up by what stands elsewhere.
struct CodeColumn {
  const recipe::ColumnSpec* spec = nullptr;
  std::optional<std::uint32_t> column;  // none: `from` says where to look
  std::string text;                     // of `from`, where that is the sheet's name or a capture
};
struct ConstantColumn {
  const recipe::ColumnSpec* spec = nullptr;
  std::string text;
};

struct Binding {
  std::optional<CodeColumn> code;
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
