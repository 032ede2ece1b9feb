// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "table.h"

// The ways of FindTables: each gives the tables it finds, from the top; none is no error. Bodies without an end of
// their own (native tables and ranges have one) are open until FindBodyEnd.
namespace tidemill::transform {

// What an anchor hits left of the axis, in the rows of a header.
struct Anchored {
  std::string text;  // "A4 'Area of usual residence'"
  recipe::Captures captures;
};
std::optional<Anchored> FindAnchor(const TableSearch& search, std::size_t first, std::size_t last,
                                   std::uint32_t before);

base::Result<std::vector<Table>> FindNative(const TableSearch& search);
std::vector<Table> FindByHeader(const TableSearch& search);
base::Result<std::vector<Table>> FindByAxis(const TableSearch& search);
base::Result<Table> FindByRange(const TableSearch& search);

// The body ends at `stop`, or behind the last row above `limit` of which at least half the columns that hold anything
// hold a value.
void FindBodyEnd(const TableSearch& search, std::size_t limit, Table& table);

// "A4 'Area of usual residence'"
std::string Described(const TableSearch& search, std::size_t row, const workbook::Cell& cell);

}  // namespace tidemill::transform
