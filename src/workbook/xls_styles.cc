// SPDX-License-Identifier: Apache-2.0
#include "xls_styles.h"

namespace tidemill::workbook {
namespace {

TextRun ReadFont(std::string_view body, std::uint16_t version) {
  TextRun font;
  const std::uint16_t options = LoadU16(body, 2);
  font.italic = (options & 0x0002U) != 0;
  font.strike = (options & 0x0008U) != 0;
  if (version < kBiff5) {
    font.bold = (options & 0x0001U) != 0;
    return font;
  }
  font.bold = LoadU16(body, 6) >= 700;
  const std::uint16_t escapement = LoadU16(body, 8);
  if (escapement == 1) font.script = Script::kSuperscript;
  if (escapement == 2) font.script = Script::kSubscript;
  return font;
}

HorizontalAlignment XlsAlignmentOf(std::uint8_t bits) {
  return static_cast<HorizontalAlignment>(bits & 7U);
}

FileXf ReadXf(Biff id, std::string_view body, std::uint16_t version) {
  FileXf xf;
  switch (id) {
    case Biff::kXf2:
      xf.font = LoadU8(body, 0);
      xf.format = LoadU8(body, 2) & 0x3FU;
      xf.alignment = XlsAlignmentOf(LoadU8(body, 3));
      xf.fill = (LoadU8(body, 3) & 0x80U) != 0;
      return xf;
    case Biff::kXf3:
    case Biff::kXf4:
      xf.font = LoadU8(body, 0);
      xf.format = LoadU8(body, 1);
      xf.alignment = XlsAlignmentOf(LoadU8(body, 4));
      xf.fill = (LoadU16(body, 6) & 0x3FU) != 0;
      return xf;
    default:
      break;
  }
  xf.font = LoadU16(body, 0);
  xf.format = LoadU16(body, 2);
  xf.alignment = XlsAlignmentOf(LoadU8(body, 6));
  if (version < kBiff8) {
    xf.fill = (LoadU16(body, 10) & 0x3FU) != 0;
  } else {
    xf.indent = LoadU8(body, 8) & 0x0FU;
    xf.fill = LoadU32(body, 14) >> 26U != 0;
  }
  return xf;
}

}  // namespace

void XlsStyles::Add(std::string_view stream, const BiffRecord& record, BiffText& text) {
  switch (record.id) {
    case Biff::kFont:
    case Biff::kFont3:
      if (text.fonts.size() < kMostNumbered) text.fonts.push_back(ReadFont(record.body, text.version));
      return;
    case Biff::kFormat2:
    case Biff::kFormat:
      return AddFormat(stream, record, text);
    case Biff::kXf2:
    case Biff::kXf3:
    case Biff::kXf4:
    case Biff::kXf:
      if (xfs_.size() < kMostNumbered) xfs_.push_back(ReadXf(record.id, record.body, text.version));
      return;
    default:
      return;
  }
}

// Before BIFF5 formats have no numbers but their order.
void XlsStyles::AddFormat(std::string_view stream, const BiffRecord& record, const BiffText& text) {
  BiffReader reader(stream, record);
  auto id = static_cast<std::uint32_t>(formats_.size());
  if (record.id == Biff::kFormat) {
    const std::uint16_t number = reader.U16();
    if (text.version >= kBiff5) id = number;
  }
  ReadBiffString(reader, text, text.version < kBiff8 ? LengthField::kByte : LengthField::kWord, string_);
  if (!string_.text.empty() || text.version < kBiff5) formats_.Set(id, string_.text);
}

std::vector<Style> XlsStyles::Make(const BiffText& text) const {
  std::vector<FileXf> xfs = xfs_;
  if (xfs.empty() && text.version == kBiff2) {
    for (std::uint32_t attributes = 0; attributes < 256; ++attributes) {
      xfs.push_back({.font = attributes >> 6U, .format = attributes & 0x3FU});
    }
  }
  std::vector<TextRun> fonts_of_xfs;
  fonts_of_xfs.reserve(xfs.size());
  for (const FileXf& xf : xfs) fonts_of_xfs.push_back(text.Font(xf.font));
  return MakeStyles(xfs, fonts_of_xfs, formats_);
}

}  // namespace tidemill::workbook
