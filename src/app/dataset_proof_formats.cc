// SPDX-License-Identifier: Apache-2.0
#include <fmt/core.h>

#include "tidemill/base/json_writer.h"
#include "tidemill/base/text.h"

#include "dataset_formats.h"

namespace tidemill::app {
namespace {

using Pairs = std::vector<std::pair<std::string, std::string>>;

// Values are texts here as the table's cells are for people; "null" is JSON's.
void WritePairs(std::string_view member, const Pairs& pairs, base::JsonWriter& json) {
  json.Key(member).BeginObject();
  for (const auto& [name, value] : pairs) {
    json.Key(name);
    if (value == "null") {
      json.Null();
    } else {
      json.String(value);
    }
  }
  json.EndObject();
}

std::string PairsText(const Pairs& pairs) {
  std::string text;
  for (const auto& [name, value] : pairs) text += fmt::format("{}{} {}", text.empty() ? "" : ", ", name, value);
  return text;
}

void WriteTexts(std::string_view name, const std::vector<std::string>& texts, base::JsonWriter& json) {
  json.Key(name).BeginArray();
  for (const std::string& text : texts) json.String(text);
  json.EndArray();
}

std::string PastText(const etl::PastValue& past) {
  std::string text =
      fmt::format("  version {:>3}, released {}: ", past.version, past.released.empty() ? "?" : past.released);
  if (!past.there) return text + "not there\n";
  text += PairsText(past.values);
  if (!past.cell.empty()) text += fmt::format("  ({} {}, {})", past.sheet, past.cell, past.sha256.substr(0, 12));
  return text + "\n";
}

std::string DiscrepancyText(const etl::Discrepancy& place) {
  const std::string where =
      place.cell.empty() ? std::string() : fmt::format(" (edition {}, {} {})", place.edition, place.sheet, place.cell);
  if (place.column.empty()) {
    return fmt::format("differs   {}{}: {}\n", place.key, where,
                       place.read.empty() ? "published, and not in the sources" : "in the sources, and not published");
  }
  return fmt::format("differs   {}{}: {} is published as {}, the source says {}\n", place.key, where, place.column,
                     place.published, place.read);
}

void WriteDiscrepancy(const etl::Discrepancy& place, base::JsonWriter& json) {
  json.BeginObject().Key("key").String(place.key).Stated("column", place.column);
  json.Stated("published", place.published).Stated("read", place.read).Stated("edition", place.edition);
  json.Stated("sheet", place.sheet).Stated("cell", place.cell).EndObject();
}

}  // namespace

std::string LineageText(const std::vector<etl::Lineage>& rows) {
  std::string out;
  for (const etl::Lineage& row : rows) {
    out += fmt::format("{}\n  {}\n", row.key, PairsText(row.row));
    out += fmt::format("  cell      {} {}\n", row.sheet, row.cell);
    out += row.problem.empty() ? fmt::format("  raw text  {}\n", base::JsonString(row.raw))
                               : fmt::format("  raw text  cannot be had: {}\n", row.problem);
    out += fmt::format("  source    {}, edition {}{}, fetched {}\n", row.file, row.edition,
                       row.released.empty() ? "" : ", released " + row.released, row.fetched_at);
    out += fmt::format("  url       {}\n  sha256    {}\n", row.url, row.sha256);
    for (const etl::PastValue& past : row.history) out += PastText(past);
  }
  return out;
}

std::string LineageJson(const std::string& table, const std::vector<etl::Lineage>& rows) {
  base::JsonWriter json;
  json.BeginObject().Key("table").String(table).Key("rows").BeginArray();
  for (const etl::Lineage& row : rows) {
    json.BeginObject().Key("key").String(row.key);
    WritePairs("row", row.row, json);
    json.Stated("sheet", row.sheet).Stated("cell", row.cell);
    if (row.problem.empty()) json.Key("raw").String(row.raw);
    json.Stated("problem", row.problem).Stated("edition", row.edition).Stated("file", row.file);
    json.Stated("url", row.url).Stated("sha256", row.sha256).Stated("fetched_at", row.fetched_at);
    json.Stated("released", row.released).Key("history").BeginArray();
    for (const etl::PastValue& past : row.history) {
      json.BeginObject().Key("version").Int(past.version).Stated("released", past.released);
      json.Key("recorded").String(past.recorded).Key("there").Bool(past.there);
      if (past.there) WritePairs("values", past.values, json);
      json.Stated("edition", past.edition).Stated("url", past.url).Stated("sha256", past.sha256);
      json.Stated("sheet", past.sheet).Stated("cell", past.cell).EndObject();
    }
    json.EndArray().EndObject();
  }
  json.EndArray().EndObject();
  return json.Take();
}

std::string VerifyText(const etl::VerifyReport& report) {
  std::string out;
  for (const etl::VerifiedSource& source : report.sources) {
    out += fmt::format("  {:<8} {} {}: {}\n", source.edition, source.sha256.substr(0, 12), source.file,
                       source.problem.empty() ? base::Thousands(source.rows) + " rows read" : source.problem);
  }
  for (const std::string& remark : report.remarks) out += "remark    " + remark + "\n";
  for (const std::string& problem : report.problems) out += "problem   " + problem + "\n";
  constexpr std::size_t kMostShown = 20;
  for (std::size_t i = 0; i < report.first.size() && i < kMostShown; ++i) out += DiscrepancyText(report.first[i]);
  if (static_cast<std::size_t>(report.discrepancies) > kMostShown) {
    out += fmt::format("          … and {} more places (--json lists more)\n",
                       base::Thousands(report.discrepancies - static_cast<std::int64_t>(kMostShown)));
  }
  const std::string of = fmt::format("{} rows, {} cells, from {} workbooks of recipe {}", base::Thousands(report.rows),
                                     base::Thousands(report.cells), report.sources.size(), report.recipe);
  if (report.proven()) {
    return out + fmt::format("{}, version {}: proven, every cell is as its source says ({})\n", report.table,
                             report.version, of);
  }
  return out + fmt::format("{}, version {}: not proven, {} places differ, {} problems ({})\n", report.table,
                           report.version, base::Thousands(report.discrepancies), report.problems.size(), of);
}

std::string VerifyJson(const etl::VerifyReport& report) {
  base::JsonWriter json;
  json.BeginObject().Key("table").String(report.table).Key("version").Int(report.version);
  json.Key("proven").Bool(report.proven()).Key("recipe").String(report.recipe);
  json.Key("recipe_hash").String(report.recipe_hash).Stated("published_by", report.published_by);
  json.Key("rows").Int(report.rows).Key("cells").Int(report.cells);
  json.Key("accounting").BeginObject();
  for (const auto& [name, count] : report.accounting.Classes()) json.Key(name).Int(count);
  json.Key("unaccounted").Int(report.accounting.unaccounted).EndObject();
  json.Key("sources").BeginArray();
  for (const etl::VerifiedSource& source : report.sources) {
    json.BeginObject().Key("edition").String(source.edition).Key("file").String(source.file);
    json.Key("url").String(source.url).Key("sha256").String(source.sha256).Key("rows").Int(source.rows);
    json.Stated("problem", source.problem).EndObject();
  }
  json.EndArray();
  WriteTexts("problems", report.problems, json);
  WriteTexts("remarks", report.remarks, json);
  json.Key("differing").Int(report.discrepancies).Key("places").BeginArray();
  for (const etl::Discrepancy& place : report.first) WriteDiscrepancy(place, json);
  json.EndArray().EndObject();
  return json.Take();
}

}  // namespace tidemill::app
