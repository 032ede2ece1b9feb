// SPDX-License-Identifier: Apache-2.0
#include "tidemill/workbook/testing/make_files.h"

namespace tidemill::workbook::testing {
namespace {

const std::string kDeclaration = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";

std::string Namespaces() {
  std::string all;
  for (const std::string name : {"office", "table", "text", "style", "number", "xsl-fo-compatible", "meta"}) {
    const std::string prefix = name == "xsl-fo-compatible" ? "fo" : name;
    all += " xmlns:" + prefix + "=\"urn:oasis:names:tc:opendocument:xmlns:" + name + ":1.0\"";
  }
  return all +
         " xmlns:calcext=\"urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0\""
         " xmlns:xlink=\"http://www.w3.org/1999/xlink\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\"";
}

std::string Body(const OdsParts& parts) {
  std::string tables;
  for (std::size_t i = 0; i < parts.tables.size(); ++i) {
    const std::string name(1, static_cast<char>('A' + i));
    tables +=
        "<table:table table:name=\"" + name + "\"" + parts.table_attributes + ">" + parts.tables[i] + "</table:table>";
  }
  return "<office:automatic-styles>" + parts.automatic_styles +
         "</office:automatic-styles><office:body><office:spreadsheet>" + tables + parts.after_tables +
         "</office:spreadsheet></office:body>";
}

}  // namespace

std::vector<ZipMember> OdsMembers(const OdsParts& parts) {
  std::vector<ZipMember> members = {
      {"mimetype", "application/vnd.oasis.opendocument.spreadsheet", false},
      {"styles.xml", kDeclaration + "<office:document-styles" + Namespaces() + "><office:styles>" + parts.styles +
                         "</office:styles></office:document-styles>"},
      {"content.xml",
       kDeclaration + "<office:document-content" + Namespaces() + ">" + Body(parts) + "</office:document-content>"}};
  members.insert(members.end(), parts.more.begin(), parts.more.end());
  return members;
}

std::string MakeOds(const OdsParts& parts) {
  return MakeZip(OdsMembers(parts));
}

std::string MakeFods(const OdsParts& parts) {
  return kDeclaration + "<office:document" + Namespaces() +
         " office:mimetype=\"application/vnd.oasis.opendocument.spreadsheet\"><office:styles>" + parts.styles +
         "</office:styles>" + Body(parts) + "</office:document>";
}

}  // namespace tidemill::workbook::testing
