// SPDX-License-Identifier: Apache-2.0
#include <cmath>

#include "tidemill/base/json_writer.h"
#include "tidemill/inspect/facts.h"

#include "cell_text.h"

namespace tidemill::inspect {
namespace {

using base::JsonWriter;

void Count(JsonWriter& json, std::string_view name, std::uint64_t count) {
  json.Key(name).Int(static_cast<std::int64_t>(count));
}

// The range's members, within an object that is open.
void WriteBox(JsonWriter& json, const workbook::Range& range) {
  json.Key("range").String(workbook::A1(range));
  Count(json, "row0", range.first_row);
  Count(json, "col0", range.first_column);
  Count(json, "row1", range.last_row);
  Count(json, "col1", range.last_column);
}

void WriteTable(JsonWriter& json, const workbook::NativeTable& table) {
  json.BeginObject().Key("name").String(table.name);
  WriteBox(json, table.range);
  Count(json, "header_rows", table.header_rows);
  Count(json, "totals_rows", table.totals_rows);
  json.Key("columns").BeginArray();
  for (const std::string& column : table.columns) json.String(column);
  json.EndArray().EndObject();
}

void WriteTables(JsonWriter& json, const SheetFacts& sheet) {
  json.Key("tables").BeginArray();
  for (const workbook::NativeTable& table : sheet.tables) WriteTable(json, table);
  json.EndArray();
}

void WriteSum(JsonWriter& json, double sum) {
  json.Key("numeric_sum");
  if (!std::isfinite(sum)) {
    json.Null();
    return;
  }
  std::string text;
  AppendNumber(text, sum);
  json.Raw(text);
}

void WriteCounts(JsonWriter& json, const SheetFacts& sheet) {
  Count(json, "cells", sheet.cells());
  Count(json, "numbers", sheet.numbers);
  Count(json, "strings", sheet.strings);
  Count(json, "booleans", sheet.booleans);
  Count(json, "errors", sheet.errors);
  WriteSum(json, sheet.numeric_sum);
  Count(json, "string_bytes", sheet.string_bytes);
}

void WriteStructure(JsonWriter& json, const SheetFacts& sheet) {
  json.Key("merges").BeginArray();
  for (const workbook::Range& merge : sheet.merges) {
    json.BeginObject();
    WriteBox(json, merge);
    json.EndObject();
  }
  json.EndArray().Key("hyperlinks").BeginArray();
  for (const workbook::Hyperlink& link : sheet.hyperlinks) {
    json.BeginObject();
    WriteBox(json, link.range);
    json.Key("target").String(link.target).EndObject();
  }
  json.EndArray();
}

void WriteRest(JsonWriter& json, const SheetFacts& sheet) {
  json.Key("used_range");
  if (sheet.used) {
    json.BeginObject();
    WriteBox(json, *sheet.used);
    json.EndObject();
  } else {
    json.Null();
  }
  Count(json, "dates", sheet.dates);
  Count(json, "formulas", sheet.formulas);
  Count(json, "numbers_as_text", sheet.numbers_as_text);
  Count(json, "rich_strings", sheet.rich_strings);
  json.Key("hidden_rows").BeginArray();
  for (const workbook::Lines& rows : sheet.hidden_rows) {
    json.BeginArray().Int(rows.first).Int(rows.last).EndArray();
  }
  json.EndArray();
  json.Key("hidden_columns").BeginArray();
  for (const std::uint32_t column : sheet.hidden_columns) json.Int(column);
  json.EndArray();
}

void WriteComments(JsonWriter& json, const SheetFacts& sheet) {
  if (sheet.comments.empty()) return;
  json.Key("comments").BeginArray();
  for (const workbook::Comment& comment : sheet.comments) {
    json.BeginObject();
    Count(json, "row", comment.row);
    Count(json, "col", comment.column);
    json.Stated("author", comment.author).Key("text").String(comment.text).EndObject();
  }
  json.EndArray();
}

void WriteSheet(JsonWriter& json, const SheetFacts& sheet, bool listed) {
  json.BeginObject().Key("name").String(sheet.entry.name);
  json.Key("visibility").String(NameOf(sheet.entry.visibility));
  if (!listed) WriteCounts(json, sheet);
  WriteTables(json, sheet);
  if (!listed) WriteStructure(json, sheet);
  json.Key("type").String(NameOf(sheet.entry.type));
  if (!listed) WriteRest(json, sheet);
  WriteComments(json, sheet);
  if (sheet.error) json.Key("error").String(sheet.error->ToText());
  json.EndObject();
}

void WriteNames(JsonWriter& json, const Facts& facts) {
  json.Key("names").BeginArray();
  for (const workbook::DefinedName& name : facts.names) {
    json.BeginObject().Key("name").String(name.name);
    json.Key("refers_to").String(name.refers_to);
    const auto index = static_cast<std::size_t>(name.sheet);
    if (name.sheet >= 0 && index < facts.sheets.size()) json.Key("sheet").String(facts.sheets[index].entry.name);
    json.EndObject();
  }
  json.EndArray();
}

void WriteIssues(JsonWriter& json, const Facts& facts) {
  json.Key("issues").BeginArray();
  for (const workbook::Issue& issue : facts.issues) {
    json.BeginObject().Key("code").String(issue.code).Key("message").String(issue.message);
    json.Stated("sheet", issue.sheet).Stated("cell", issue.cell);
    if (issue.offset != 0) Count(json, "offset", issue.offset);
    json.EndObject();
  }
  json.EndArray();
}

}  // namespace

std::string ToJson(const Facts& facts) {
  JsonWriter json;
  json.BeginObject().Key("format").String(facts.format).Key("sheets").BeginArray();
  for (const SheetFacts& sheet : facts.sheets) WriteSheet(json, sheet, facts.listed);
  json.EndArray();
  WriteIssues(json, facts);
  json.Key("what").String(facts.what).Key("date1904").Bool(facts.date1904);
  WriteNames(json, facts);
  json.EndObject();
  return json.Take();
}

}  // namespace tidemill::inspect
