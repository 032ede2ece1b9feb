// SPDX-License-Identifier: Apache-2.0
#include "xls_globals.h"

#include "xls_names.h"
#include "xls_styles.h"

namespace tidemill::workbook {
namespace {

constexpr std::uint16_t kGlobalsType = 0x0005;
constexpr std::size_t kMostXlsSheets = 16'384;
constexpr std::uint16_t kWorkspaceType = 0x0100;  // BIFF4, sheets inside

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

// Of a sheet that is a stream of its own.
SheetType TypeOfStream(std::uint16_t type) {
  switch (type) {
    case 0x0020:
      return SheetType::kChart;
    case 0x0040:
      return SheetType::kMacro;
    case 0x0006:
      return SheetType::kModule;
    default:
      return SheetType::kWorksheet;
  }
}

class GlobalsReader {
 public:
  GlobalsReader(std::string_view stream, std::uint16_t fallback_version)
      : stream_(stream), fallback_version_(fallback_version) {
    globals_.text.version = fallback_version;
  }

  XlsGlobals Read() {
    BiffWalker walker(stream_, 0);
    BiffRecord record;
    while (!globals_.ended && walker.Next(record)) Handle(record);
    EndStyles();
    std::vector<std::string> sheets;
    for (const XlsSheetPlace& sheet : globals_.sheets) sheets.push_back(sheet.entry.name);
    globals_.names = names_.Make(globals_.text, std::move(sheets));
    if (names_.left_out() > 0) AddLimit(names_.left_out(), "defined names");
    if (sheets_left_out_ > 0) AddLimit(sheets_left_out_, "sheets");
    return std::move(globals_);
  }

 private:
  void Handle(const BiffRecord& record) {
    if (IsBof(record.id)) return Begin(record);
    switch (record.id) {
      case Biff::kEof:
        globals_.ended = --depth_ <= 0;
        in_sheet_ = false;
        return;
      case Biff::kCodePage:
        globals_.text.code_page = LoadU16(record.body, 0);
        return;
      case Biff::kDateMode:
        globals_.date1904 = LoadU16(record.body, 0) == 1;
        return;
      case Biff::kBoundSheet:
        if (globals_.text.version >= kBiff5 && HasRoom()) AddSheet(record);
        return;
      case Biff::kSheetHeader4:
        return AddSheetInside(record);
      case Biff::kSst:
        globals_.sst = record;
        return;
      default:
        if (depth_ > 1 && !in_sheet_) return;  // a chart's fonts are not those of cells
        styles_.Add(stream_, record, globals_.text);
        names_.Add(stream_, record, globals_.text);
    }
  }

  void Begin(const BiffRecord& record) {
    const std::uint16_t type = LoadU16(record.body, 2);
    if (++depth_ > 1) {
      if (depth_ == 2 && expects_sheet_) BeginSheetInside(record);
      return;
    }
    globals_.text.version = BofVersion(record.id, record.body, fallback_version_);
    const bool globals = globals_.text.version >= kBiff5 ? type == kGlobalsType || type == 0
                                                         : type == kWorkspaceType && record.id == Biff::kBof4;
    // A stream that begins with a sheet has nothing else.
    if (!globals) AddOnlySheet(record.at, TypeOfStream(type));
  }

  bool HasRoom() {
    if (globals_.sheets.size() < kMostXlsSheets) return true;
    ++sheets_left_out_;
    return false;
  }

  void AddLimit(std::size_t count, std::string_view what) {
    globals_.issues.push_back(
        {.code = "limit", .message = std::to_string(count) + " " + std::string(what) + " too many are left out"});
  }

  // A sheet that is a file of its own has no name in it; it is called as other readers call it.
  void AddOnlySheet(std::size_t at, SheetType type) {
    const std::string name = globals_.text.version >= kBiff5 ? "Sheet1" : "Sheet 1";
    globals_.sheets.push_back({.entry = {.name = name, .type = type}, .offset = static_cast<std::uint32_t>(at)});
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

  // A sheet of a BIFF4 workbook follows right behind its name.
  void AddSheetInside(const BiffRecord& record) {
    if (globals_.text.version != kBiff4 || depth_ != 1 || !HasRoom()) return;
    BiffReader reader(stream_, record);
    reader.Skip(4);
    ReadBiffString(reader, globals_.text, LengthField::kByte, string_);
    globals_.sheets.push_back({.entry = {.name = string_.text}});
    expects_sheet_ = true;
  }

  void BeginSheetInside(const BiffRecord& record) {
    expects_sheet_ = false;
    in_sheet_ = true;
    EndStyles();
    XlsSheetPlace& sheet = globals_.sheets.back();
    sheet.entry.type = TypeOfStream(LoadU16(record.body, 2));
    sheet.offset = static_cast<std::uint32_t>(record.at);
    sheet.first_style = static_cast<std::uint32_t>(globals_.styles.size());
    globals_.text.fonts.clear();
  }

  void EndStyles() {
    globals_.styles_by_attributes = globals_.text.version == kBiff2 && styles_.empty();
    std::vector<Style> styles = styles_.Make(globals_.text);
    globals_.styles.insert(globals_.styles.end(), std::make_move_iterator(styles.begin()),
                           std::make_move_iterator(styles.end()));
    styles_ = {};
  }

  std::string_view stream_;
  std::uint16_t fallback_version_;
  XlsGlobals globals_;
  int depth_ = 0;
  std::size_t sheets_left_out_ = 0;
  bool expects_sheet_ = false;
  bool in_sheet_ = false;  // of a BIFF4 workbook
  XlsStyles styles_;
  XlsNames names_;
  BiffString string_;
};

}  // namespace

XlsGlobals ReadXlsGlobals(std::string_view stream, std::uint16_t fallback_version) {
  return GlobalsReader(stream, fallback_version).Read();
}

}  // namespace tidemill::workbook
