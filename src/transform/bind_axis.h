// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "bind.h"
#include "header_texts.h"

// The columns under an axis: recipes.md 3.6, 3.7.
namespace tidemill::transform {

// Settles the axis, its outer rows and the value columns under it, in `table` and `binding`.
base::Status BindAxis(const TableSearch& search, const HeaderTexts& texts, Table& table, Binding& binding);

// What stands above a column in an outer row of the axis: the cell there, or the nearest filled one left of it, as far
// as that one's merge reaches. Null where there is none.
const workbook::Cell* OuterCell(const TableSearch& search, const Table& table, const recipe::ColumnSpec& outer,
                                std::uint32_t column);

// The columns of the axis that a total or a flag column speaks of.
TotalPlaces PlacesOfTotal(const TableSearch& search, const Table& table, const Binding& binding,
                          const BoundColumn& total);
base::Result<FlagColumn> PlaceOfFlag(const TableSearch& search, const Table& table, const Binding& binding,
                                     const BoundColumn& flag);

}  // namespace tidemill::transform
