// SPDX-License-Identifier: Apache-2.0
#include "xls_globals.h"

#include <map>

#include "number_format.h"

namespace tidemill::workbook {
namespace {

constexpr std::uint16_t kGlobalsType = 0x0005;

struct FileXf {
  std::uint16_t font = 0;
  std::uint16_t format = 0;
  HorizontalAlignment alignment = HorizontalAlignment::kGeneral;
  std::uint8_t indent = 0;
  bool fill = false;
};

TextRun ReadFont(std::string_view body) {
  TextRun font;
  const std::uint16_t options = LoadU16(body, 2);
  font.italic = (options & 0x0002U) != 0;
  font.strike = (options & 0x0008U) != 0;
  font.bold = LoadU16(body, 6) >= 700;
  const std::uint16_t escapement = LoadU16(body, 8);
  if (escapement == 1) font.script = Script::kSuperscript;
  if (escapement == 2) font.script = Script::kSubscript;
  return font;
}

FileXf ReadXf(std::string_view body, std::uint16_t version) {
  FileXf xf;
  xf.font = LoadU16(body, 0);
  xf.format = LoadU16(body, 2);
  xf.alignment = static_cast<HorizontalAlignment>(LoadU8(body, 6) & 7U);
  if (version < kBiff8) {
    xf.fill = (LoadU16(body, 10) & 0x3FU) != 0;
  } else {
    xf.indent = LoadU8(body, 8) & 0x0FU;
    xf.fill = LoadU32(body, 14) >> 26U != 0;
  }
  return xf;
}

SheetType TypeOf(std::uint8_t type) {
  switch (type) {
    case 0:
      return SheetType::kWorksheet;
    case 2:
      return SheetType::kChart;
    case 6:
      return SheetType::kModule;
    default:
      return SheetType::kMacro;
  }
}

class GlobalsReader {
 public:
  GlobalsReader(std::string_view stream, std::uint16_t fallback_version) : stream_(stream) {
    globals_.text.version = fallback_version;
  }

  XlsGlobals Read() {
    BiffWalker walker(stream_, 0);
    BiffRecord record;
    while (!globals_.ended && !globals_.encrypted && walker.Next(record)) Handle(record);
    MakeStyles();
    return std::move(globals_);
  }

 private:
  void Handle(const BiffRecord& record) {
    switch (record.id) {
      case Biff::kBof:
        return Begin(record);
      case Biff::kEof:
        globals_.ended = --depth_ <= 0;
        return;
      case Biff::kFilePass:
        globals_.encrypted = true;
        return;
      case Biff::kCodePage:
        globals_.text.code_page = LoadU16(record.body, 0);
        return;
      case Biff::kDateMode:
        globals_.date1904 = LoadU16(record.body, 0) == 1;
        return;
      case Biff::kFont:
        globals_.text.fonts.push_back(ReadFont(record.body));
        return;
      case Biff::kFormat:
        return AddFormat(record);
      case Biff::kXf:
        xfs_.push_back(ReadXf(record.body, globals_.text.version));
        return;
      case Biff::kBoundSheet:
        return AddSheet(record);
      case Biff::kSst:
        globals_.sst = record;
        return;
      default:
        return;
    }
  }

  void Begin(const BiffRecord& record) {
    if (++depth_ > 1) return;
    const std::uint16_t version = LoadU16(record.body, 0);
    if (version == kBiff8 || version == kBiff5) globals_.text.version = version;
    if (LoadU16(record.body, 2) == kGlobalsType || LoadU16(record.body, 2) == 0) return;
    // A stream that begins with a sheet has nothing else.
    globals_.sheets.push_back({.entry = {.name = "Sheet1"}, .offset = static_cast<std::uint32_t>(record.at)});
  }

  void AddFormat(const BiffRecord& record) {
    BiffReader reader(stream_, record);
    const std::uint16_t id = reader.U16();
    const auto length = globals_.text.version < kBiff8 ? LengthField::kByte : LengthField::kWord;
    ReadBiffString(reader, globals_.text, length, string_);
    if (!string_.text.empty()) formats_[id] = string_.text;
  }

  void AddSheet(const BiffRecord& record) {
    BiffReader reader(stream_, record);
    XlsSheetPlace sheet;
    sheet.offset = reader.U32();
    const std::uint8_t state = reader.U8() & 3U;
    sheet.entry.visibility = state == 0   ? Visibility::kVisible
                             : state == 1 ? Visibility::kHidden
                                          : Visibility::kVeryHidden;
    sheet.entry.type = TypeOf(reader.U8());
    ReadBiffString(reader, globals_.text, LengthField::kByte, string_);
    sheet.entry.name = string_.text;
    globals_.sheets.push_back(std::move(sheet));
  }

  std::string FormatText(std::uint16_t id) const {
    const auto own = formats_.find(id);
    return own != formats_.end() ? own->second : std::string(BuiltinNumberFormat(id));
  }

  // Books have thousands of cell formats, but few number formats.
  void MakeStyles() {
    std::map<std::uint16_t, NumberClass> classes;
    globals_.styles.reserve(xfs_.size());
    for (const FileXf& xf : xfs_) {
      const TextRun& font = globals_.text.Font(xf.font);
      Style style{.number_format = FormatText(xf.format),
                  .alignment = xf.alignment,
                  .indent = xf.indent,
                  .script = font.script,
                  .bold = font.bold,
                  .italic = font.italic,
                  .strike = font.strike,
                  .fill = xf.fill};
      const auto [known, is_new] = classes.try_emplace(xf.format);
      if (is_new) known->second = ClassifyNumberFormat(style.number_format);
      style.number_class = known->second;
      globals_.styles.push_back(std::move(style));
    }
  }

  std::string_view stream_;
  XlsGlobals globals_;
  int depth_ = 0;
  std::vector<FileXf> xfs_;
  std::map<std::uint16_t, std::string> formats_;
  BiffString string_;
};

}  // namespace

XlsGlobals ReadXlsGlobals(std::string_view stream, std::uint16_t fallback_version) {
  return GlobalsReader(stream, fallback_version).Read();
}

}  // namespace tidemill::workbook
