// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <string_view>

#include <fmt/core.h>

#include "tidemill/base/json_writer.h"
#include "tidemill/base/text.h"

#include "dataset_formats.h"

namespace tidemill::app {
namespace {

using dataset::RowChange;
using Cell = std::optional<std::string>;

bool IsNumber(const VersionDiff& diff, const std::string& name) {
  constexpr std::array<std::string_view, 6> kNumbers = {"byte", "short", "integer", "long", "float", "double"};
  const auto column = std::ranges::find(diff.columns, name, &dataset::SchemaColumn::name);
  return column != diff.columns.end() && std::ranges::find(kNumbers, column->type) != kNumbers.end();
}

void WriteCells(std::string_view member, const VersionDiff& diff, const std::vector<std::string>& names,
                const std::vector<Cell>& cells, base::JsonWriter& json) {
  if (cells.empty()) return;
  json.Key(member).BeginObject();
  for (std::size_t i = 0; i < names.size(); ++i) {
    json.Key(names[i]);
    if (!cells[i]) {
      json.Null();
    } else if (IsNumber(diff, names[i]) && base::ParseDouble(*cells[i]) &&
               cells[i]->find_first_of("ni") == std::string::npos) {
      json.Raw(*cells[i]);
    } else {
      json.String(*cells[i]);
    }
  }
  json.EndObject();
}

void AppendField(const Cell& cell, std::string& out) {
  if (!cell) return;
  if (!cell->empty() && cell->find_first_of(",\"\r\n") == std::string::npos) {
    out += *cell;
    return;
  }
  out += '"';
  for (const char c : *cell) {
    if (c == '"') out += '"';
    out += c;
  }
  out += '"';
}

Cell CellAt(const std::vector<Cell>& cells, std::size_t at) {
  return at < cells.size() ? cells[at] : std::nullopt;
}

std::string Shown(const Cell& cell) {
  return cell ? *cell : std::string("null");
}

std::string KeyText(const RowChange& row) {
  std::string text;
  for (const Cell& cell : row.key) text += (text.empty() ? "" : " ") + Shown(cell);
  return text;
}

// "deaths 5 → 6, deaths_status null → p"
std::string ValuesText(const VersionDiff& diff, const RowChange& row) {
  std::string text;
  for (std::size_t i = 0; i < diff.changes.columns.size(); ++i) {
    const Cell before = CellAt(row.before, i);
    const Cell after = CellAt(row.after, i);
    const bool both = !row.before.empty() && !row.after.empty();
    if (both ? before == after : !before && !after) continue;
    text += fmt::format("{}{} ", text.empty() ? "" : ", ", diff.changes.columns[i]);
    text += both ? fmt::format("{} → {}", Shown(before), Shown(after)) : Shown(row.before.empty() ? after : before);
  }
  return text;
}

}  // namespace

std::string DiffText(const VersionDiff& diff, std::size_t most) {
  std::string out;
  for (std::size_t i = 0; i < diff.changes.rows.size() && i < most; ++i) {
    const RowChange& row = diff.changes.rows[i];
    out += fmt::format("{:<10} {}: {}\n", dataset::ToText(row.kind), KeyText(row), ValuesText(diff, row));
  }
  if (diff.changes.rows.size() > most) {
    out += fmt::format("… and {} more (--json and --csv have all)\n",
                       base::Thousands(static_cast<std::int64_t>(diff.changes.rows.size() - most)));
  }
  return out + fmt::format("{}, version {} to {}: {} added, {} revised, {} removed, {} relabelled\n", diff.table,
                           diff.from, diff.to, base::Thousands(diff.changes.added),
                           base::Thousands(diff.changes.revised), base::Thousands(diff.changes.removed),
                           base::Thousands(diff.changes.relabelled));
}

std::string DiffJson(const VersionDiff& diff) {
  base::JsonWriter json;
  json.BeginObject().Key("table").String(diff.table).Key("from").Int(diff.from).Key("to").Int(diff.to);
  json.Key("added").Int(diff.changes.added).Key("revised").Int(diff.changes.revised);
  json.Key("removed").Int(diff.changes.removed).Key("relabelled").Int(diff.changes.relabelled);
  json.Key("rows").BeginArray();
  for (const RowChange& row : diff.changes.rows) {
    json.BeginObject().Key("change").String(dataset::ToText(row.kind));
    WriteCells("key", diff, diff.changes.key, row.key, json);
    WriteCells("before", diff, diff.changes.columns, row.before, json);
    WriteCells("after", diff, diff.changes.columns, row.after, json);
    json.EndObject();
  }
  json.EndArray().EndObject();
  return json.Take();
}

std::string DiffCsv(const VersionDiff& diff) {
  std::string out = "change";
  for (const std::string& name : diff.changes.key) AppendField(name, out += ',');
  for (const std::string& name : diff.changes.columns) {
    AppendField(name + "_old", out += ',');
    AppendField(name, out += ',');
  }
  out += '\n';
  for (const RowChange& row : diff.changes.rows) {
    out += dataset::ToText(row.kind);
    for (const Cell& cell : row.key) AppendField(cell, out += ',');
    for (std::size_t i = 0; i < diff.changes.columns.size(); ++i) {
      AppendField(CellAt(row.before, i), out += ',');
      AppendField(CellAt(row.after, i), out += ',');
    }
    out += '\n';
  }
  return out;
}

}  // namespace tidemill::app
