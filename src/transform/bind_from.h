// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "bind.h"

// Columns that take their texts from elsewhere: `from` and `year`, recipes.md 3.6 and 3.7.
namespace tidemill::transform {

base::Status BindFrom(const TableSearch& search, const Table& table, const recipe::ColumnSpec& spec, Binding& binding);

// The column of the recipe that `spec.year` names; kNone where it names none.
YearSource FindYearColumn(const recipe::ColumnSpec& spec, const Binding& binding);

// One part of a text, where the column splits it, then what the column's map makes of it.
std::string PartOf(const recipe::ColumnSpec& spec, std::string_view text);
std::string Mapped(const recipe::ColumnSpec& spec, std::string text);

}  // namespace tidemill::transform
