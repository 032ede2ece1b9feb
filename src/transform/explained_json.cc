// SPDX-License-Identifier: Apache-2.0
#include "tidemill/base/json_writer.h"
#include "tidemill/base/text.h"
#include "tidemill/transform/explained_formats.h"

namespace tidemill::transform {
namespace {

using base::JsonWriter;

void WriteCandidate(JsonWriter& json, const Candidate& candidate) {
  json.BeginObject().Key("what").String(candidate.what).Key("sheet").String(candidate.sheet);
  if (candidate.range) json.Key("range").String(workbook::A1(*candidate.range));
  json.Key("score").Raw(fmt::format("{:.2f}", candidate.score)).Key("why").String(candidate.why).EndObject();
}

void WriteFinding(JsonWriter& json, const Finding& finding) {
  json.BeginObject().Key("id").String(finding.Id()).Key("severity").String(ToText(finding.severity));
  json.Key("slug").String(finding.slug).Stated("sheet", finding.sheet).Stated("cell", finding.cell);
  json.Key("message").String(finding.message).EndObject();
}

void WriteNames(JsonWriter& json, std::string_view member, const std::map<std::uint32_t, std::string>& names) {
  json.Key(member).BeginObject();
  for (const auto& [column, name] : names) json.Key(workbook::ColumnName(column)).String(name);
  json.EndObject();
}

void WritePicture(JsonWriter& json, const Picture& picture) {
  json.BeginObject().Key("sheet").String(picture.sheet).Key("bound").Bool(picture.bound);
  if (picture.header) json.Key("header").String(workbook::A1(*picture.header));
  if (picture.body) json.Key("body").String(workbook::A1(*picture.body));
  WriteNames(json, "columns", picture.column_names);
  WriteNames(json, "axis", picture.column_keys);
  json.Key("rows").BeginObject();
  for (const auto& [row, key] : picture.row_keys) json.Key(std::to_string(row + 1)).String(key);
  json.EndObject().Key("cells").BeginArray();
  for (const PictureCell& cell : picture.cells) {
    json.BeginObject().Key("cell").String(workbook::A1(cell.row, cell.column));
    json.Key("class").String(ToText(cell.cell_class)).Key("text").String(cell.text);
    json.Stated("became", cell.became).EndObject();
  }
  json.EndArray().EndObject();
}

}  // namespace

std::string ToJson(const Explained& explained) {
  JsonWriter json;
  json.BeginObject().Key("recipe").String(explained.recipe).Key("file").String(explained.file);
  json.Key("edition").String(explained.edition).Key("bound").Bool(!explained.error);
  if (explained.error) json.Key("error").String(explained.error->ToText());
  json.Key("explained").BeginArray();
  for (const std::string_view line : base::Split(explained.text, '\n')) {
    if (!line.empty()) json.String(line);
  }
  json.EndArray().Key("accounting").BeginObject().Key("all").Int(explained.accounting.cells());
  for (const auto& [name, count] : explained.accounting.Classes()) json.Key(name).Int(count);
  json.Key("unaccounted").Int(explained.accounting.unaccounted).EndObject();
  json.Key("candidates").BeginArray();
  for (const Candidate& candidate : explained.candidates) WriteCandidate(json, candidate);
  json.EndArray().Key("findings").BeginArray();
  for (const Finding& finding : explained.findings) WriteFinding(json, finding);
  json.EndArray().Key("sheets").BeginArray();
  for (const Picture& picture : explained.pictures) WritePicture(json, picture);
  json.EndArray().EndObject();
  return json.Take();
}

}  // namespace tidemill::transform
