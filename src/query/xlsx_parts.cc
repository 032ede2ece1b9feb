// SPDX-License-Identifier: Apache-2.0
#include "xlsx_parts.h"

#include <string_view>

#include <fmt/format.h>

#include "xlsx_cells.h"

namespace tidemill::query {
namespace {

constexpr std::string_view kDeclaration = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
constexpr std::string_view kMain = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
constexpr std::string_view kRelations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
constexpr std::string_view kPackage = "http://schemas.openxmlformats.org/package/2006";
constexpr std::string_view kType = "application/vnd.openxmlformats-officedocument.spreadsheetml";

std::string Attribute(std::string_view text) {
  std::string out;
  AppendXmlText(out, text);
  return out;
}

XlsxPart ContentTypes(std::size_t sheets, bool has_table) {
  std::string xml = fmt::format("{}<Types xmlns=\"{}/content-types\">", kDeclaration, kPackage);
  xml += fmt::format(
      R"(<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>)"
      R"(<Default Extension="xml" ContentType="application/xml"/>)");
  const auto add = [&](const std::string& part, std::string_view type) {
    xml += fmt::format(R"(<Override PartName="/xl/{}.xml" ContentType="{}.{}+xml"/>)", part, kType, type);
  };
  add("workbook", "sheet.main");
  add("styles", "styles");
  for (std::size_t i = 1; i <= sheets; ++i) add(fmt::format("worksheets/sheet{}", i), "worksheet");
  if (has_table) add("tables/table1", "table");
  return {"[Content_Types].xml", xml + "</Types>"};
}

std::string Relations(const std::vector<std::pair<std::string, std::string>>& targets) {
  std::string xml = fmt::format("{}<Relationships xmlns=\"{}/relationships\">", kDeclaration, kPackage);
  std::size_t id = 0;
  for (const auto& [type, target] : targets) {
    xml += fmt::format(R"(<Relationship Id="rId{}" Type="{}/{}" Target="{}"/>)", ++id, kRelations, type, target);
  }
  return xml + "</Relationships>";
}

XlsxPart Workbook(const std::vector<TextSheet>& sheets) {
  std::string xml = fmt::format(R"({}<workbook xmlns="{}" xmlns:r="{}"><sheets>)", kDeclaration, kMain, kRelations);
  xml += R"(<sheet name="data" sheetId="1" r:id="rId1"/>)";
  std::size_t id = 1;
  for (const TextSheet& sheet : sheets) {
    ++id;
    xml += fmt::format(R"(<sheet name="{}" sheetId="{}" r:id="rId{}"/>)", Attribute(sheet.name), id, id);
  }
  return {"xl/workbook.xml", xml + "</sheets></workbook>"};
}

// The cell formats in the order of CellStyle: plain, header, date, instant.
XlsxPart Styles() {
  return {"xl/styles.xml",
          fmt::format(R"({}<styleSheet xmlns="{}">)", kDeclaration, kMain) +
              R"(<numFmts count="2"><numFmt numFmtId="164" formatCode="yyyy\-mm\-dd"/>)"
              R"(<numFmt numFmtId="165" formatCode="yyyy\-mm\-dd\ hh:mm:ss"/></numFmts>)"
              R"(<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>)"
              R"(<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>)"
              R"(<fills count="2"><fill><patternFill patternType="none"/></fill>)"
              R"(<fill><patternFill patternType="gray125"/></fill></fills>)"
              R"(<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>)"
              R"(<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>)"
              R"(<cellXfs count="4"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>)"
              R"(<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/>)"
              R"(<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>)"
              R"(<xf numFmtId="165" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs>)"
              R"(<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>)"};
}

base::Status AppendTextRow(std::string& out, const std::vector<std::string>& texts, std::size_t number,
                           CellStyle style) {
  out += fmt::format("<row r=\"{}\">", number);
  for (std::size_t i = 0; i < texts.size(); ++i) {
    if (texts[i].empty()) continue;
    TIDEMILL_CHECK(AppendTextCell(out, ColumnLetters(i) + std::to_string(number), texts[i], style));
  }
  out += "</row>";
  return {};
}

}  // namespace

std::vector<XlsxPart> WorkbookParts(const std::vector<TextSheet>& sheets, bool has_table) {
  std::vector<std::pair<std::string, std::string>> targets;
  for (std::size_t i = 1; i <= sheets.size() + 1; ++i) {
    targets.emplace_back("worksheet", fmt::format("worksheets/sheet{}.xml", i));
  }
  targets.emplace_back("styles", "styles.xml");
  return {ContentTypes(sheets.size() + 1, has_table),
          {"_rels/.rels", Relations({{"officeDocument", "xl/workbook.xml"}})},
          Workbook(sheets),
          {"xl/_rels/workbook.xml.rels", Relations(targets)},
          Styles()};
}

std::vector<XlsxPart> TableParts(const std::vector<std::string>& columns, std::uint64_t rows) {
  const std::string range = fmt::format("A1:{}{}", ColumnLetters(columns.size() - 1), rows + 1);
  std::string xml =
      fmt::format(R"({0}<table xmlns="{1}" id="1" name="data" displayName="data" ref="{2}"><autoFilter ref="{2}"/>)",
                  kDeclaration, kMain, range);
  xml += fmt::format("<tableColumns count=\"{}\">", columns.size());
  for (std::size_t i = 0; i < columns.size(); ++i) {
    xml += fmt::format(R"(<tableColumn id="{}" name="{}"/>)", i + 1, Attribute(columns[i]));
  }
  xml += R"(</tableColumns><tableStyleInfo name="TableStyleLight1" showRowStripes="1"/></table>)";
  return {{"xl/tables/table1.xml", xml},
          {"xl/worksheets/_rels/sheet1.xml.rels", Relations({{"table", "../tables/table1.xml"}})}};
}

std::string SheetHead(std::size_t columns) {
  std::string xml = fmt::format(R"({}<worksheet xmlns="{}" xmlns:r="{}">)", kDeclaration, kMain, kRelations);
  xml +=
      R"(<sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" state="frozen"/></sheetView></sheetViews>)";
  if (columns > 0) xml += fmt::format(R"(<cols><col min="1" max="{}" width="16" customWidth="1"/></cols>)", columns);
  return xml + "<sheetData>";
}

base::Result<std::string> HeaderRow(const std::vector<std::string>& names) {
  std::string xml;
  TIDEMILL_CHECK(AppendTextRow(xml, names, 1, CellStyle::kHeader));
  return xml;
}

std::string SheetEnd(bool has_table) {
  const std::string table = has_table ? R"(<tableParts count="1"><tablePart r:id="rId1"/></tableParts>)" : "";
  return "</sheetData>" + table + "</worksheet>";
}

base::Result<XlsxPart> TextSheetPart(const TextSheet& sheet, std::size_t number) {
  std::string xml = SheetHead(sheet.rows.empty() ? 0 : sheet.rows.front().size());
  for (std::size_t i = 0; i < sheet.rows.size(); ++i) {
    TIDEMILL_CHECK(AppendTextRow(xml, sheet.rows[i], i + 1, i == 0 ? CellStyle::kHeader : CellStyle::kPlain));
  }
  return XlsxPart{fmt::format("xl/worksheets/sheet{}.xml", number), xml + SheetEnd(/*has_table=*/false)};
}

}  // namespace tidemill::query
