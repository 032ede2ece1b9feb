// SPDX-License-Identifier: Apache-2.0
#include "lock.h"

#include <algorithm>

#include "tidemill/base/text.h"

namespace tidemill::transform {
namespace {

using recipe::TableFind;

std::string_view MethodText(TableFind method) {
  switch (method) {
    case TableFind::kTable:
      return "table";
    case TableFind::kHeader:
      return "header";
    case TableFind::kAxis:
      return "axis";
  }
  return "axis";
}

// A basic string of TOML. JSON's escapes are among TOML's.
std::string Toml(std::string_view text) {
  return base::JsonString(text);
}

std::string TomlList(const std::vector<std::string>& texts) {
  std::string list;
  for (const std::string& text : texts) list += (list.empty() ? "" : ", ") + Toml(text);
  return "[" + list + "]";
}

// A key, quoted where it is not bare.
std::string TomlKey(std::string_view key) {
  const bool bare = !key.empty() && std::ranges::all_of(key, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  });
  return bare ? std::string(key) : Toml(key);
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
  return formats == kind ? formats : fmt::format("{} {}", kind, formats);
}

std::string UnitsText(const BoundEdition& edition) {
  std::vector<std::string> units;
  for (const Measure& measure : edition.body.measures) units.push_back(measure.spec->unit);
  return base::Join(units, ", ");
}

std::string LayoutToml(const BoundEdition& edition) {
  std::vector<std::string> stub;
  for (const StubEntry& entry : StubOf(edition)) {
    stub.push_back(fmt::format("{} {}", workbook::ColumnName(entry.column), entry.name));
  }
  const std::uint32_t first = edition.grid.RowNumber(edition.table.header_first) + 1;
  const std::uint32_t last = edition.grid.RowNumber(edition.table.header_last) + 1;
  const std::string header = first == last ? std::to_string(last) : fmt::format("{}-{}", first, last);
  std::string text =
      fmt::format("{{ find = {}, header = {}, body = {}, stub = {}", Toml(MethodText(edition.table.method)),
                  Toml(header), Toml(workbook::A1(BodyRange(edition))), TomlList(stub));
  if (const std::string axis = AxisText(edition); !axis.empty()) text += fmt::format(", axis = {}", Toml(axis));
  return text + fmt::format(", levels = {}, notes = {}, unit = {} }}", LevelsText(edition),
                            TomlList(NoteKinds(edition.body)), Toml(UnitsText(edition)));
}

std::int64_t PublishedPeriods(const BoundEdition& edition) {
  return std::ranges::count(edition.table.axis, true, &AxisCell::published);
}

std::string CountsToml(const BoundEdition& edition, const Accounting& accounting) {
  std::string levels;
  for (const std::int64_t count : LevelCounts(edition.body))
    levels += fmt::format("{}{}", levels.empty() ? "" : ", ", count);
  std::string markers;
  for (const auto& [marker, count] : edition.body.markers) {
    markers += fmt::format("{}{} = {}", markers.empty() ? " " : ", ", TomlKey(marker), count);
  }
  if (!markers.empty()) markers += ' ';
  return fmt::format(
      "{{ rows = {}, levels = [{}], periods = {}, values = {}, markers = {{{}}}, text = {}, notes = {}, facts = {} }}",
      edition.body.rows.size(), levels, PublishedPeriods(edition), accounting.value, markers, accounting.text,
      accounting.note, accounting.fact);
}

// The [[when]] blocks that hold, as people count them.
std::string WhensToml(const BoundEdition& edition) {
  std::vector<std::string> numbers;
  for (const int when : edition.whens) numbers.push_back(std::to_string(when + 1));
  return "[" + base::Join(numbers, ", ") + "]";
}

std::string FactsToml(const BoundEdition& edition) {
  std::string text;
  for (const recipe::FactSpec& fact : edition.spec.facts) {
    const auto at = edition.facts.find(fact.name);
    if (at == edition.facts.end()) continue;
    const std::string value = fact.type == recipe::FactType::kText ? Toml(at->second) : at->second;
    text += fmt::format("{}{} = {}", text.empty() ? "" : ", ", fact.name, value);
  }
  return text.empty() ? "{}" : "{ " + text + " }";
}

}  // namespace

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

std::string SumText(const Measure& measure) {
  std::int64_t whole = 0;
  double sum = 0;
  bool fits = measure.whole;
  for (std::size_t at = 0; at < measure.states.size(); ++at) {
    if (measure.states[at] != ValueState::kValue) continue;
    sum += measure.AsDouble(at);
    if (fits) fits = !__builtin_add_overflow(whole, measure.ints[at], &whole);
  }
  if (fits) return std::to_string(whole);
  const std::string text = base::ShortestDouble(sum);
  return text.find_first_of(".e") == std::string::npos ? text + ".0" : text;
}

std::string LockToml(const BoundEdition& edition, const Accounting& accounting) {
  const EditionInput& input = edition.input;
  std::string text = "[[edition]]\n";
  text += fmt::format("edition = {}\n", Toml(input.edition));
  text += fmt::format("state = {}\n", Toml(input.final ? "final" : "provisional"));
  text += fmt::format("url = {}\n", Toml(input.url));
  text += fmt::format("sha256 = {}\n", Toml(input.sha256));
  if (!edition.whens.empty()) text += fmt::format("when = {}\n", WhensToml(edition));
  text += fmt::format("facts = {}\n", FactsToml(edition));
  text += fmt::format("sheet = {}\n", Toml(edition.grid.sheet().name));
  text += fmt::format("layout = {}\n", LayoutToml(edition));
  if (edition.vintage) text += fmt::format("geo_vintage = {}\n", base::ToText(*edition.vintage));
  text += fmt::format("counts = {}\n", CountsToml(edition, accounting));
  std::string sums;
  for (const Measure& measure : edition.body.measures) {
    sums += fmt::format("{}{} = {}", sums.empty() ? "" : ", ", measure.spec->name, SumText(measure));
  }
  return text + fmt::format("sum = {{ {} }}\n", sums);
}

}  // namespace tidemill::transform
