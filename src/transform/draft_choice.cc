// SPDX-License-Identifier: Apache-2.0
#include "draft_choice.h"

#include <algorithm>

namespace tidemill::transform {

// What the options leave of the sheet's candidates; a header row that is asked for is one even where it looks like
// none.
std::vector<DraftTable> TablesAsAsked(const Grid& grid, const DraftOptions& options, int near_year) {
  std::vector<DraftTable> tables = FindDraftTables(grid, near_year);
  if (options.header) {
    const auto wanted = static_cast<std::uint32_t>(*options.header - 1);
    std::erase_if(tables, [&](const DraftTable& table) { return grid.RowNumber(table.header_row) != wanted; });
    for (std::size_t row = 0; row < grid.row_count() && tables.empty(); ++row) {
      if (grid.RowNumber(row) != wanted) continue;
      tables.push_back({.native = {}, .header_row = row, .confidence = 1, .reason = "as asked for"});
    }
  }
  if (options.axis == "none") {
    std::erase_if(tables, [](const DraftTable& table) { return table.kind.has_value(); });
  } else if (!options.axis.empty()) {
    std::erase_if(tables, [&](const DraftTable& table) { return !table.kind || ToText(*table.kind) != options.axis; });
  }
  if ((options.header || !options.axis.empty()) && tables.size() == 1) tables[0].confidence = 1;
  return tables;
}

namespace {

// The options under which this candidate is the only one.
std::string OptionsFor(const Grid& grid, const std::vector<DraftTable>& tables, const DraftTable& table) {
  const auto in_row = [&](const DraftTable& other) { return other.header_row == table.header_row; };
  const std::string header = fmt::format("--header {}", grid.RowNumber(table.header_row) + 1);
  if (std::ranges::count_if(tables, in_row) == 1) return header;
  return fmt::format("{} --axis {}", header, table.kind ? ToText(*table.kind) : "none");
}

}  // namespace

Decision TableDecision(const Grid& grid, const std::vector<DraftTable>& tables) {
  Decision decision{.about = "table",
                    .choice = NameOf(grid, tables[0]),
                    .confidence = tables[0].confidence,
                    .reason = tables[0].reason,
                    .runner_up = {},
                    .settle = OptionsFor(grid, tables, tables[0])};
  if (tables.size() == 1) return decision;
  decision.runner_up = fmt::format("{}: {}", NameOf(grid, tables[1]), tables[1].reason);
  decision.runner_up_confidence = tables[1].confidence;
  decision.settle += ", or " + OptionsFor(grid, tables, tables[1]);
  return decision;
}

}  // namespace tidemill::transform
