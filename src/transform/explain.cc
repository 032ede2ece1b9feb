// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "tidemill/base/text.h"

#include "geo_code.h"
#include "lock.h"

namespace tidemill::transform {
namespace {

std::string SheetLine(const BoundEdition& edition) {
  std::vector<std::string> excluded;
  for (const std::string& name : edition.sheet.excluded) excluded.push_back(fmt::format("\"{}\"", name));
  std::string line = fmt::format("sheet    \"{}\"     {}", edition.grid.sheet().name, edition.sheet.how);
  if (!excluded.empty()) line += fmt::format("; {} excluded", base::Join(excluded, ", "));
  return line;
}

std::string TableLine(const BoundEdition& edition) {
  const Table& table = edition.table;
  std::string line = "table    ";
  if (table.by_range) line += "table.range; ";
  if (table.method == recipe::TableFind::kTable) line += fmt::format("native table \"{}\"; ", table.name);
  if (edition.binding.axis != nullptr) {
    const std::uint32_t row = edition.grid.RowNumber(table.header_last);
    line += fmt::format("axis {} in {}    {} cells, all by {}; ",
                        ToText(edition.binding.axis->axis.value_or(recipe::AxisKind::kText)),
                        workbook::A1(workbook::Range{row, table.axis.front().column, row, table.axis.back().column}),
                        table.axis.size(), FormatsOf(table));
  } else {
    line += fmt::format("header in row {}; ", edition.grid.RowNumber(table.header_last) + 1);
  }
  if (!table.anchored_by.empty()) line += fmt::format("anchor {}; ", table.anchored_by);
  line += fmt::format("body {}, ended by {}", workbook::A1(BodyRange(edition)), table.ended_by);
  for (const recipe::ColumnSpec* outer : edition.binding.outer) {
    line += fmt::format("; {} {} rows above it", outer->name, outer->row - 1);
  }
  const auto blank = std::ranges::count(table.axis, false, &AxisCell::published);
  if (blank > 0) line += fmt::format("; {} periods not published yet", blank);
  return line;
}

std::string ColumnLine(const BoundEdition& edition, std::size_t codes_valid) {
  std::vector<std::string> columns;
  if (const auto& code = edition.binding.code) {
    const std::string where =
        code->column ? workbook::ColumnName(*code->column) : fmt::format("from {}", code->spec->from);
    columns.push_back(fmt::format("{} {}", code->spec->name, where));
  }
  for (const std::uint32_t column : edition.binding.label_columns) {
    columns.push_back(fmt::format("{} {}", edition.binding.label->name, workbook::ColumnName(column)));
  }
  for (const recipe::ColumnSpec* group : edition.binding.groups) {
    columns.push_back(fmt::format("{} (rows without values)", group->name));
  }
  for (const FlagColumn& flag : edition.binding.flags) {
    columns.push_back(fmt::format("{} {}", flag.spec->name, workbook::ColumnName(flag.column)));
  }
  for (const auto* bound : {&edition.binding.dimensions, &edition.binding.values, &edition.binding.totals}) {
    for (const BoundColumn& column : *bound) {
      columns.push_back(fmt::format("{} {}", column.spec->name, workbook::ColumnName(column.column)));
    }
  }
  std::string line = fmt::format("column   {}; {} rows", base::Join(columns, ", "), edition.body.rows.size());
  if (edition.binding.code) {
    line += fmt::format(", {} codes valid", codes_valid);
    line +=
        edition.vintage ? fmt::format(" at geo_vintage {}", base::ToText(*edition.vintage)) : " by form (no register)";
    const auto kept = std::ranges::count_if(edition.body.rows, [](const BodyRow& row) { return IsKept(row.code); });
    if (kept > 0) line += fmt::format(", {} codes kept", kept);
  }
  return line + fmt::format(", {} labels trimmed", edition.body.trimmed_labels);
}

}  // namespace

std::string ExplainNotes(const NoteBook& notes) {
  std::vector<std::string> lines;
  for (const Note& note : notes.notes()) {
    lines.push_back(fmt::format("{} at {} ({} cells)", note.number, note.cell.empty() ? "a marker" : note.cell,
                                note.touched.size()));
  }
  return lines.empty() ? std::string() : "notes    " + base::Join(lines, ", ") + "\n";
}

std::string ExplainFacts(const std::map<std::string, std::string>& facts) {
  std::string text;
  for (const auto& [name, value] : facts) text += fmt::format("{}{} = {}", text.empty() ? "" : ", ", name, value);
  return text.empty() ? text : "facts    " + text + "\n";
}

std::string ExplainCells(const Accounting& accounting, const std::vector<MeasureSum>& measures) {
  struct Class {
    std::int64_t count;
    std::string_view name;
  };
  const Class classes[] = {
      {accounting.value, "values"},  {accounting.marker, "markers"},      {accounting.code, "codes"},
      {accounting.label, "labels"},  {accounting.dimension, "dimension"}, {accounting.header, "header"},
      {accounting.total, "total"},   {accounting.group, "group"},         {accounting.text, "text"},
      {accounting.note, "notes"},    {accounting.fact, "facts"},          {accounting.skipped, "skipped"},
      {accounting.repeat, "repeat"}, {accounting.ignored, "ignored"}};
  std::string parts;
  for (const Class& one : classes) {
    if (one.count == 0) continue;
    parts += fmt::format("{}{} {}", parts.empty() ? "" : " + ", base::Thousands(one.count), one.name);
  }
  std::string sums;
  for (const MeasureSum& measure : measures) {
    const std::string sum = measure.Text();
    const auto whole = base::ParseInt(sum);
    sums += fmt::format("; sum {} = sum of output", whole ? base::Thousands(*whole) : sum);
  }
  return fmt::format("cells    {} with content = {}; unaccounted {}{}\n", base::Thousands(accounting.cells()), parts,
                     accounting.unaccounted, sums);
}

std::string ExplainTable(const BoundEdition& edition, std::size_t codes_valid) {
  return SheetLine(edition) + "\n" + TableLine(edition) + "\n" + ColumnLine(edition, codes_valid) + "\n";
}

}  // namespace tidemill::transform
