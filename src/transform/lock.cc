// SPDX-License-Identifier: Apache-2.0
#include "lock.h"

#include <algorithm>

#include "tidemill/base/text.h"

#include "toml_words.h"

namespace tidemill::transform {
namespace {

using recipe::TableFind;

std::string_view MethodText(const Table& table) {
  if (table.by_range) return "range";
  switch (table.method) {
    case TableFind::kTable:
      return "table";
    case TableFind::kHeader:
      return "header";
    case TableFind::kAxis:
      return "axis";
  }
  return "axis";
}

struct StubEntry {
  std::uint32_t column;
  std::string name;
};

// The bound columns beside the axis, from the left.
std::vector<StubEntry> StubOf(const BoundEdition& edition) {
  std::vector<StubEntry> stub;
  const auto add = [&](const std::vector<BoundColumn>& columns) {
    for (const BoundColumn& column : columns) stub.push_back({column.column, column.spec->name});
  };
  if (edition.binding.code && edition.binding.code->column) {
    stub.push_back({*edition.binding.code->column, edition.binding.code->spec->name});
  }
  for (const std::uint32_t column : edition.binding.label_columns)
    stub.push_back({column, edition.binding.label->name});
  add(edition.binding.dimensions);
  add(edition.binding.ignored);
  add(edition.binding.totals);
  add(edition.binding.values);
  for (const FlagColumn& flag : edition.binding.flags) stub.push_back({flag.column, flag.spec->name});
  std::ranges::sort(stub, {}, &StubEntry::column);
  return stub;
}

std::vector<std::string> NoteKinds(const Body& body) {
  std::vector<std::string> kinds;
  if (body.found_bracket) kinds.emplace_back("bracket");
  if (body.found_script) kinds.emplace_back("script");
  if (body.found_trailing) kinds.emplace_back("trailing");
  return kinds;
}

std::string LevelsText(const BoundEdition& edition) {
  if (edition.binding.label == nullptr) return "0";
  if (edition.binding.label->levels_by_code) return Toml("code");
  return std::to_string(edition.binding.label->levels.size());
}

std::string AxisText(const BoundEdition& edition) {
  if (edition.binding.axis == nullptr) return {};
  const std::string_view kind = ToText(edition.binding.axis->axis.value_or(recipe::AxisKind::kText));
  const std::string formats = FormatsOf(edition.table);
  std::string text = formats == kind ? formats : fmt::format("{} {}", kind, formats);
  for (const recipe::ColumnSpec* outer : edition.binding.outer) text += fmt::format(" under {}", ToText(*outer->axis));
  return text;
}

std::string UnitsText(const BoundEdition& edition) {
  std::vector<std::string> units;
  for (const Measure& measure : edition.body.measures) units.push_back(measure.spec->unit);
  return base::Join(units, ", ");
}

}  // namespace

std::string LayoutToml(const BoundEdition& edition) {
  std::vector<std::string> stub;
  for (const StubEntry& entry : StubOf(edition)) {
    stub.push_back(fmt::format("{} {}", workbook::ColumnName(entry.column), entry.name));
  }
  const std::uint32_t first = edition.grid.RowNumber(edition.table.header_first) + 1;
  const std::uint32_t last = edition.grid.RowNumber(edition.table.header_last) + 1;
  const std::string header = first == last ? std::to_string(last) : fmt::format("{}-{}", first, last);
  std::string text = fmt::format("{{ find = {}, header = {}, body = {}, stub = {}", Toml(MethodText(edition.table)),
                                 Toml(header), Toml(workbook::A1(BodyRange(edition))), TomlList(stub));
  if (const std::string axis = AxisText(edition); !axis.empty()) text += fmt::format(", axis = {}", Toml(axis));
  return text + fmt::format(", levels = {}, notes = {}, unit = {} }}", LevelsText(edition),
                            TomlList(NoteKinds(edition.body)), Toml(UnitsText(edition)));
}

std::string FormatsOf(const Table& table) {
  std::vector<std::string> formats;
  for (const AxisCell& cell : table.axis) formats.push_back(cell.value.format);
  std::ranges::sort(formats);
  formats.erase(std::ranges::unique(formats).begin(), formats.end());
  return base::Join(formats, " | ");
}

workbook::Range BodyRange(const BoundEdition& edition) {
  const Table& table = edition.table;
  std::uint32_t first = edition.binding.values.empty() ? 0 : edition.binding.values.front().column;
  std::uint32_t last = first;
  for (const BoundColumn& value : edition.binding.values) {
    first = std::min(first, value.column);
    last = std::max(last, value.column);
  }
  if (!table.axis.empty()) {
    first = table.axis.front().column;
    last = table.axis.back().column;
  }
  std::uint32_t top = edition.grid.RowNumber(table.body_first);
  std::uint32_t bottom = edition.grid.RowNumber(table.body_end - 1);
  if (!edition.body.rows.empty()) {
    top = edition.grid.RowNumber(edition.body.rows.front().row);
    bottom = edition.grid.RowNumber(edition.body.rows.back().row);
  }
  return {top, first, bottom, last};
}

std::vector<std::int64_t> LevelCounts(const Body& body) {
  std::vector<std::int64_t> counts;
  for (const BodyRow& row : body.rows) {
    if (row.level < 0) continue;
    const auto level = static_cast<std::size_t>(row.level);
    if (counts.size() <= level) counts.resize(level + 1);
    ++counts[level];
  }
  return counts;
}

}  // namespace tidemill::transform
