// SPDX-License-Identifier: Apache-2.0
#include "tidemill/workbook/testing/make_files.h"

namespace tidemill::workbook::testing {
namespace {

constexpr std::string_view kMain = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const std::string kOffice = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const std::string kDeclaration = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\r\n";

std::string Root(const std::string& name, std::string_view inside) {
  return kDeclaration + "<" + name + " xmlns=\"" + std::string(kMain) + "\" xmlns:r=\"" + kOffice + "\">" +
         std::string(inside) + "</" + name + ">";
}

std::string Relation(const std::string& id, const std::string& type, const std::string& target) {
  return "<Relationship Id=\"" + id + "\" Type=\"" + kOffice + "/" + type + "\" Target=\"" + target + "\"/>";
}

std::string Relations(const std::string& inside) {
  return kDeclaration + "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">" +
         inside + "</Relationships>";
}

}  // namespace

std::vector<ZipMember> XlsxMembers(const XlsxParts& parts) {
  std::vector<ZipMember> members;
  std::string sheets;
  std::string relations = Relation("s", "styles", "styles.xml") + Relation("t", "sharedStrings", "sharedStrings.xml");
  for (std::size_t i = 0; i < parts.sheets.size(); ++i) {
    const std::string number = std::to_string(i + 1);
    const std::string name(1, static_cast<char>('A' + i));
    sheets += "<sheet name=\"" + name + "\" sheetId=\"" + number + "\" r:id=\"rId" + number + "\"/>";
    relations += Relation("rId" + number, "worksheet", "worksheets/sheet" + number + ".xml");
    members.push_back({"xl/worksheets/sheet" + number + ".xml", Root("worksheet", parts.sheets[i])});
  }
  members.push_back({"_rels/.rels", Relations(Relation("w", "officeDocument", "xl/workbook.xml"))});
  members.push_back({"xl/workbook.xml", Root("workbook", "<sheets>" + sheets + "</sheets>" + parts.workbook)});
  members.push_back({"xl/_rels/workbook.xml.rels", Relations(relations)});
  members.push_back({"xl/styles.xml", Root("styleSheet", parts.styles)});
  members.push_back({"xl/sharedStrings.xml", Root("sst", parts.shared_strings)});
  members.insert(members.end(), parts.more.begin(), parts.more.end());
  return members;
}

std::string MakeXlsx(const XlsxParts& parts) {
  return MakeZip(XlsxMembers(parts));
}

}  // namespace tidemill::workbook::testing
