// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <vector>

#include "bound_edition.h"
#include "measure_sum.h"

namespace tidemill::transform {

// The layout of one table as the lock file has it (recipes.md 4), addresses and all: an inline table of TOML.
std::string LayoutToml(const BoundEdition& edition);

// How the recipe bound to one table, for people: recipes.md 3.14. Three lines.
std::string ExplainTable(const BoundEdition& edition, std::size_t codes_valid);
// The notes with how many cells they touch, and the facts: a line each, nothing where there are none.
std::string ExplainNotes(const NoteBook& notes);
std::string ExplainFacts(const std::map<std::string, std::string>& facts);
// What became of the cells of all tables: one line.
std::string ExplainCells(const Accounting& accounting, const std::vector<MeasureSum>& measures);

// Pieces of both.
std::string FormatsOf(const Table& table);                // "%b-%y"; several joined by " | "
workbook::Range BodyRange(const BoundEdition& edition);   // C6:N448
std::vector<std::int64_t> LevelCounts(const Body& body);  // rows by level, outermost first; empty without levels

}  // namespace tidemill::transform
