// SPDX-License-Identifier: Apache-2.0
#include "table.h"

#include <algorithm>

#include "binding_error.h"
#include "table_find.h"

namespace tidemill::transform {
namespace {

using recipe::TableFind;

base::Result<std::vector<Table>> FindBy(TableFind method, const TableSearch& search) {
  switch (method) {
    case TableFind::kTable:
      return FindNative(search);
    case TableFind::kHeader:
      return FindByHeader(search);
    case TableFind::kAxis:
      return FindByAxis(search);
  }
  return std::vector<Table>();
}

// Bodies end above the next table at the latest.
base::Status EndBodies(const TableSearch& search, std::vector<Table>& tables) {
  for (std::size_t i = 0; i < tables.size(); ++i) {
    Table& table = tables[i];
    const std::size_t limit = i + 1 < tables.size() ? tables[i + 1].header_first : search.grid.row_count();
    if (table.method != TableFind::kTable) FindBodyEnd(search, std::max(limit, table.body_first), table);
    if (table.body_end > table.body_first) continue;
    return BindingError("table-missing", search.place, "the header in row {} has no body below it",
                        search.grid.RowNumber(table.header_last) + 1);
  }
  return {};
}

}  // namespace

const AxisReader* AxisReaders::Find(std::string_view name) const {
  const auto at = readers_.find(name);
  return at == readers_.end() ? nullptr : &at->second;
}

base::Result<std::vector<Table>> FindTables(const TableSearch& search) {
  if (!search.spec.table.range.empty()) {
    TIDEMILL_ASSIGN(Table table, FindByRange(search));
    return std::vector<Table>{std::move(table)};
  }
  std::vector<TableFind> methods = search.spec.table.find;
  if (methods.empty()) methods = {TableFind::kTable, TableFind::kHeader, TableFind::kAxis};
  for (const TableFind method : methods) {
    TIDEMILL_ASSIGN(std::vector<Table> tables, FindBy(method, search));
    if (tables.empty()) continue;
    std::ranges::stable_sort(tables, {}, &Table::header_first);
    TIDEMILL_CHECK(EndBodies(search, tables));
    return tables;
  }
  return BindingError(
      "table-missing", search.place, "no table found: {}",
      search.axis != nullptr ? "no row in which the axis stands" : "no row in which every header of the recipe stands");
}

}  // namespace tidemill::transform
