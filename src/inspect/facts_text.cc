// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "tidemill/base/text.h"
#include "tidemill/inspect/facts.h"

#include "cell_text.h"

namespace tidemill::inspect {
namespace {

using base::Quoted;

constexpr std::size_t kMostShown = 20;  // of names, links, odd things; the JSON form has all

std::string Count(std::uint64_t count, std::string_view one, std::string_view many) {
  return fmt::format("{} {}", base::Thousands(static_cast<std::int64_t>(count)), count == 1 ? one : many);
}

// Where only cells name them, their number is that of the range.
std::uint64_t ColumnsOf(const workbook::NativeTable& table) {
  return table.columns.empty() ? std::uint64_t{table.range.last_column} - table.range.first_column + 1
                               : table.columns.size();
}

void AddCount(std::vector<std::string>& parts, std::uint64_t count, std::string_view one, std::string_view many) {
  if (count > 0) parts.push_back(Count(count, one, many));
}

std::string CellsOf(const SheetFacts& sheet) {
  std::vector<std::string> parts;
  AddCount(parts, sheet.numbers, "number", "numbers");
  AddCount(parts, sheet.strings, "text", "texts");
  AddCount(parts, sheet.booleans, "boolean", "booleans");
  AddCount(parts, sheet.errors, "error", "errors");
  if (parts.empty()) return "no cells";
  return fmt::format("{}, {}: {}", workbook::A1(*sheet.used), Count(sheet.cells(), "cell", "cells"),
                     base::Join(parts, ", "));
}

std::string OddOf(const SheetFacts& sheet) {
  std::vector<std::string> parts;
  AddCount(parts, sheet.dates, "date", "dates");
  AddCount(parts, sheet.formulas, "formula", "formulas");
  AddCount(parts, sheet.numbers_as_text, "number stored as text", "numbers stored as text");
  AddCount(parts, sheet.rich_strings, "rich text", "rich texts");
  AddCount(parts, sheet.merges.size(), "merged range", "merged ranges");
  std::uint64_t hidden_rows = 0;
  for (const workbook::Lines& rows : sheet.hidden_rows) hidden_rows += rows.last - rows.first + 1;
  AddCount(parts, hidden_rows, "hidden row", "hidden rows");
  AddCount(parts, sheet.hidden_columns.size(), "hidden column", "hidden columns");
  AddCount(parts, sheet.hyperlinks.size(), "link", "links");
  return base::Join(parts, ", ");
}

void AddSheet(std::string& out, const SheetFacts& sheet, std::size_t number, bool listed) {
  fmt::format_to(std::back_inserter(out), "{:>4}  {}", number, Quoted(sheet.entry.name));
  if (sheet.entry.visibility != workbook::Visibility::kVisible) {
    fmt::format_to(std::back_inserter(out), ", {}", NameOf(sheet.entry.visibility));
  }
  if (sheet.entry.type != workbook::SheetType::kWorksheet) {
    fmt::format_to(std::back_inserter(out), ", {}", NameOf(sheet.entry.type));
  }
  if (sheet.error) {
    fmt::format_to(std::back_inserter(out), "  cannot be read: {}", sheet.error->message);
  } else if (!listed && HasCells(sheet.entry)) {
    out += "  " + CellsOf(sheet);
  }
  out += '\n';
  if (const std::string odd = OddOf(sheet); !odd.empty()) out += "      with " + odd + '\n';
  for (const workbook::NativeTable& table : sheet.tables) {
    fmt::format_to(std::back_inserter(out), "      table {} {}: {}\n", Quoted(table.name), workbook::A1(table.range),
                   Count(ColumnsOf(table), "column", "columns"));
  }
  for (const workbook::Comment& comment : sheet.comments) {
    fmt::format_to(std::back_inserter(out), "      comment {}{}{}: {}\n", workbook::A1(comment.row, comment.column),
                   comment.author.empty() ? "" : ", ", comment.author.empty() ? "" : Quoted(comment.author),
                   Quoted(comment.text));
  }
}

void AddNames(std::string& out, const Facts& facts) {
  if (facts.names.empty()) return;
  out += "names\n";
  for (std::size_t i = 0; i < facts.names.size() && i < kMostShown; ++i) {
    fmt::format_to(std::back_inserter(out), "      {} = {}\n", Quoted(facts.names[i].name),
                   Quoted(facts.names[i].refers_to));
  }
  if (facts.names.size() > kMostShown) {
    fmt::format_to(std::back_inserter(out), "      and {} more (--json)\n", facts.names.size() - kMostShown);
  }
}

void AddIssues(std::string& out, const Facts& facts) {
  if (facts.issues.empty()) return;
  out += "odd\n";
  for (std::size_t i = 0; i < facts.issues.size() && i < kMostShown; ++i) {
    out += "      " + ToText(facts.issues[i]) + '\n';
  }
  if (facts.issues.size() > kMostShown) {
    fmt::format_to(std::back_inserter(out), "      and {} more (--json)\n", facts.issues.size() - kMostShown);
  }
}

}  // namespace

std::string ToText(const workbook::Issue& issue) {
  std::string place;
  if (!issue.sheet.empty()) place = "sheet " + Quoted(issue.sheet);
  if (!issue.cell.empty()) place += (place.empty() ? "" : ", ") + issue.cell;
  const std::string offset = issue.offset != 0 ? fmt::format(" (byte {})", issue.offset) : std::string();
  return fmt::format("{}{}{}: {}{}", place, place.empty() ? "" : ": ", issue.code, issue.message, offset);
}

std::string ToText(const Facts& facts) {
  std::string out = facts.what + ", " + Count(facts.sheets.size(), "sheet", "sheets");
  if (facts.date1904) out += ", dates count from 1904";
  out += '\n';
  for (std::size_t i = 0; i < facts.sheets.size(); ++i) AddSheet(out, facts.sheets[i], i + 1, facts.listed);
  AddNames(out, facts);
  AddIssues(out, facts);
  return out;
}

}  // namespace tidemill::inspect
