// SPDX-License-Identifier: Apache-2.0
#include "xlsb_styles.h"

#include "biff12.h"
#include "style_table.h"

namespace tidemill::workbook {
namespace {

TextRun ReadFont(std::string_view body) {
  TextRun font;
  const std::uint16_t options = LoadU16(body, 2);
  font.italic = (options & 0x0002U) != 0;
  font.strike = (options & 0x0008U) != 0;
  font.bold = LoadU16(body, 4) >= 700;
  const std::uint16_t escapement = LoadU16(body, 6);
  if (escapement == 1) font.script = Script::kSuperscript;
  if (escapement == 2) font.script = Script::kSubscript;
  return font;
}

class StylesReader {
 public:
  XlsbStyles Read(std::string_view part) {
    Biff12Walker walker(part);
    Biff12Record record;
    while (walker.Next(record)) Handle(record);
    std::vector<TextRun> fonts_of_xfs;
    fonts_of_xfs.reserve(xfs_.size());
    for (const FileXf& xf : xfs_) {
      fonts_of_xfs.push_back(xf.font < result_.fonts.size() ? result_.fonts[xf.font] : TextRun());
    }
    result_.styles = MakeStyles(xfs_, fonts_of_xfs, formats_);
    return std::move(result_);
  }

 private:
  // Differential formats hold fonts, fills and formats too, which are not those of cells.
  void Handle(const Biff12Record& record) {
    switch (record.id) {
      case Biff12::kBeginFonts:
      case Biff12::kBeginFills:
      case Biff12::kBeginFormats:
      case Biff12::kBeginCellXfs:
        section_ = record.id;
        return;
      case Biff12::kEndFonts:
      case Biff12::kEndFills:
      case Biff12::kEndFormats:
      case Biff12::kEndCellXfs:
        section_ = Biff12::kRowHeader;
        return;
      case Biff12::kFont:
        if (section_ == Biff12::kBeginFonts && result_.fonts.size() < kMostNumbered)
          result_.fonts.push_back(ReadFont(record.body));
        return;
      case Biff12::kFill:
        if (section_ == Biff12::kBeginFills && fills_.size() < kMostNumbered)
          fills_.push_back(LoadU32(record.body, 0) != 0);
        return;
      case Biff12::kFormat:
        if (section_ == Biff12::kBeginFormats) AddFormat(record.body);
        return;
      case Biff12::kXf:
        if (section_ == Biff12::kBeginCellXfs && xfs_.size() < kMostNumbered) AddXf(record.body);
        return;
      default:
        return;
    }
  }

  void AddFormat(std::string_view body) {
    Biff12Fields fields(body);
    const std::uint16_t id = fields.U16();
    formats_.Set(id, fields.Text());
  }

  void AddXf(std::string_view body) {
    const std::uint16_t fill = LoadU16(body, 6);
    xfs_.push_back({.font = LoadU16(body, 4),
                    .format = LoadU16(body, 2),
                    .alignment = static_cast<HorizontalAlignment>(LoadU8(body, 12) & 7U),
                    .indent = LoadU8(body, 11),
                    .fill = fill < fills_.size() && fills_[fill]});
  }

  Biff12 section_ = Biff12::kRowHeader;
  NumberFormats formats_;
  std::vector<bool> fills_;
  std::vector<FileXf> xfs_;
  XlsbStyles result_;
};

}  // namespace

XlsbStyles ReadXlsbStyles(std::string_view part) {
  return StylesReader().Read(part);
}

}  // namespace tidemill::workbook
