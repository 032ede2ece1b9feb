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
  std::optional<base::Period> period = {};  // where the column is an axis of time
};
// A column of flags or note references, beside the values it speaks of.
struct FlagColumn {
  const recipe::ColumnSpec* spec = nullptr;
  std::uint32_t column = 0;
  std::size_t measure = 0;
  std::size_t place = 0;  // which column of the axis; 0 where there is none
};
// What a total column adds up: the columns of the axis that have its outer texts.
struct TotalPlaces {
  std::size_t measure = 0;
  std::vector<std::size_t> places;
};
// A dimension whose text is that of another column, before it is split or mapped.
struct DerivedColumn {
  const recipe::ColumnSpec* spec = nullptr;
  const recipe::ColumnSpec* source = nullptr;
};

// Where the year of a month, quarter, week or date without one stands, where no capture tells it.
struct YearSource {
  enum class Kind { kNone, kDimension, kDerived, kGroup, kOuterAxis, kConstant, kColumn } kind = Kind::kNone;
  std::size_t index = 0;     // into dimensions, derived, groups, outer, constants
  std::uint32_t column = 0;  // kColumn: of the sheet
};

struct Binding {
  std::optional<CodeColumn> code;
  const recipe::ColumnSpec* label = nullptr;
  std::vector<std::uint32_t> label_columns;          // none where the label is derived from another column
  const recipe::ColumnSpec* label_source = nullptr;  // that other column
  std::vector<BoundColumn> dimensions, ignored, totals;
  std::vector<TotalPlaces> total_places;  // of each total
  std::vector<DerivedColumn> derived;
  std::vector<const recipe::ColumnSpec*> groups;
  std::vector<BoundColumn> values;  // without an axis: each value column has its own
  std::vector<FlagColumn> flags;
  std::vector<ConstantColumn> constants;
  const recipe::ColumnSpec* axis = nullptr;                             // the innermost
  std::vector<const recipe::ColumnSpec*> outer;                         // by row, from the innermost
  std::vector<const recipe::ColumnSpec*> under_axis;                    // value columns
  std::vector<std::pair<const recipe::ColumnSpec*, YearSource>> years;  // of axes and dimensions that are periods

  // Null where the texts of the column hold their years, or a capture does.
  const YearSource* YearOf(const recipe::ColumnSpec& spec) const;
};

// Errors (binding): column-missing, column-ambiguous, column-unbound, axis-missing, axis-residue. The cells of the
// table's axis learn their outer texts and whose values stand below them; those that no value column takes leave it.
base::Result<Binding> BindColumns(const TableSearch& search, Table& table);

}  // namespace tidemill::transform
