// SPDX-License-Identifier: Apache-2.0
#include "tidemill/workbook/testing/make_xlsb.h"

namespace tidemill::workbook::testing {
namespace {

constexpr std::string_view kOffice = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/";

std::string Group(std::uint32_t value) {
  std::string bytes;
  for (; value >= 0x80; value >>= 7U) bytes.push_back(static_cast<char>((value & 0x7FU) | 0x80U));
  bytes.push_back(static_cast<char>(value));
  return bytes;
}

std::string Relationship(std::string_view id, std::string_view type, std::string_view target) {
  return "<Relationship Id=\"" + std::string(id) + "\" Type=\"" + std::string(kOffice) + std::string(type) +
         "\" Target=\"" + std::string(target) + "\"/>";
}

std::string Relationships(std::string_view inside) {
  return "<?xml version=\"1.0\"?><Relationships "
         "xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">" +
         std::string(inside) + "</Relationships>";
}

}  // namespace

std::string Record12(std::uint32_t id, std::string_view body) {
  return Group(id) + Group(static_cast<std::uint32_t>(body.size())) + std::string(body);
}

std::string Wide12(std::string_view ascii) {
  std::string wide = U32(static_cast<std::uint32_t>(ascii.size()));
  for (const char c : ascii) wide += {c, '\0'};
  return wide;
}

std::string Row12(std::uint32_t row, std::uint8_t flags) {
  return Record12(0, U32(row) + U32(0) + U16(300) + std::string(1, '\0') + std::string(1, static_cast<char>(flags)) +
                         std::string(1, '\0') + U32(0));
}

std::string At12(std::uint32_t column, std::uint32_t style) {
  return U32(column) + U32(style);
}

std::vector<ZipMember> XlsbMembers(const XlsbParts& parts) {
  std::string sheets;
  std::string relations;
  std::vector<ZipMember> members = {
      {"[Content_Types].xml", "<?xml version=\"1.0\"?><Types/>"},
      {"_rels/.rels", Relationships(Relationship("rId1", "officeDocument", "xl/workbook.bin"))}};
  for (std::size_t i = 0; i < parts.sheets.size(); ++i) {
    const std::string number = std::to_string(i + 1);
    const std::string id = "rId" + number;
    sheets += Record12(156, U32(0) + U32(static_cast<std::uint32_t>(i + 1)) + Wide12(id) +
                                Wide12(std::string(1, static_cast<char>('A' + i))));
    relations += Relationship(id, "worksheet", "worksheets/sheet" + number + ".bin");
    members.push_back(
        {"xl/worksheets/sheet" + number + ".bin", Record12(129, "") + parts.sheets[i] + Record12(130, "")});
  }
  if (!parts.shared_strings.empty()) {
    relations += Relationship("rIdStrings", "sharedStrings", "sharedStrings.bin");
    members.push_back({"xl/sharedStrings.bin", parts.shared_strings});
  }
  if (!parts.styles.empty()) {
    relations += Relationship("rIdStyles", "styles", "styles.bin");
    members.push_back({"xl/styles.bin", Record12(278, "") + parts.styles + Record12(279, "")});
  }
  members.push_back({"xl/_rels/workbook.bin.rels", Relationships(relations)});
  members.push_back({"xl/workbook.bin", Record12(131, "") + parts.properties + Record12(143, "") + sheets +
                                            Record12(144, "") + parts.workbook + Record12(132, "")});
  members.insert(members.end(), parts.more.begin(), parts.more.end());
  return members;
}

std::string MakeXlsb(const XlsbParts& parts) {
  return MakeZip(XlsbMembers(parts));
}

}  // namespace tidemill::workbook::testing
