// SPDX-License-Identifier: Apache-2.0
#include "xls_sheet.h"

#include <algorithm>
#include <utility>

namespace tidemill::workbook {
namespace {

using base::ErrorCode;
using base::FailAt;

constexpr std::uint32_t kXlsColumns = 256;
constexpr std::uint64_t kMostHiddenColumns = 65'536;  // counted as often as they are named
constexpr std::uint64_t kRecordsBetweenStops = 4096;

struct Place {
  std::uint32_t row = 0;
  std::uint32_t column = 0;
  std::uint32_t style = 0;
};

class XlsSheetReader {
 public:
  XlsSheetReader(std::string_view stream, const XlsSheetPlace& place, const XlsGlobals& globals, CellSink& sink)
      : stream_(stream),
        text_(globals.text),
        version_(globals.text.version),
        first_style_(place.first_style),
        styles_by_attributes_(globals.styles_by_attributes),
        sink_(sink) {}

  base::Status Read(std::size_t offset, const std::stop_token& stop) {
    BiffWalker walker(stream_, offset);
    BiffRecord record;
    if (!walker.Next(record) || !IsBof(record.id)) {
      return FailAt(ErrorCode::kMalformed, "sheet " + base::Quoted(sink_.sheet().name),
                    "corrupt-container: offset {} of {} bytes holds no sheet, expected a BOF record", offset,
                    stream_.size());
    }
    // Charts nest inside sheets, with caches that look like cells.
    int depth = 1;
    for (std::uint64_t count = 1; depth > 0 && !sink_.full(); ++count) {
      if (count % kRecordsBetweenStops == 0 && stop.stop_requested()) {
        return FailAt(ErrorCode::kCancelled, "sheet " + base::Quoted(sink_.sheet().name), "stopped");
      }
      if (!walker.Next(record)) break;
      if (IsBof(record.id)) ++depth;
      if (record.id == Biff::kEof) --depth;
      if (depth == 1) Handle(record);
    }
    if (depth > 0 && !sink_.full()) {
      sink_.AddIssue("cut-off", "the sheet ends without an EOF record", {}, std::min(walker.at(), stream_.size()));
    }
    return {};
  }

 private:
  void Handle(const BiffRecord& record) {
    const std::string_view body = record.body;
    switch (record.id) {
      case Biff::kLabelSst:
        return LabelSst(body);
      case Biff::kNumber:
        if (body.size() >= 14) AddNumber(PlaceOf(body), LoadDouble(body, 6), 0);
        return;
      case Biff::kRk:
      case Biff::kRkOld:
        if (body.size() >= 10) AddNumber(PlaceOf(body), DecodeRk(LoadU32(body, 6)), 0);
        return;
      case Biff::kMulRk:
        return MulRk(body);
      case Biff::kFormula:
        return version_ == kBiff2 ? Formula(PlaceOf2(body), Slice(body, 7, 8))
                                  : Formula(PlaceOf(body), Slice(body, 6, 8));
      case Biff::kFormula3:
      case Biff::kFormula4:
        return Formula(PlaceOf(body), Slice(body, 6, 8));
      case Biff::kString:
        return FormulaString(record, LengthField::kWord);
      case Biff::kBoolErr:
        if (body.size() >= 8) AddBoolOrError(PlaceOf(body), LoadU8(body, 6), LoadU8(body, 7) != 0, 0);
        return;
      case Biff::kLabel:
      case Biff::kRString:
        if (body.size() >= 8) Label(record, PlaceOf(body), 6, LengthField::kWord);
        return;
      default:
        return Biff2Cell(record);
    }
  }

  void Biff2Cell(const BiffRecord& record) {
    const std::string_view body = record.body;
    switch (record.id) {
      case Biff::kInteger2:
        if (body.size() >= 9) AddNumber(PlaceOf2(body), LoadU16(body, 7), 0);
        return;
      case Biff::kNumber2:
        if (body.size() >= 15) AddNumber(PlaceOf2(body), LoadDouble(body, 7), 0);
        return;
      case Biff::kLabel2:
        if (body.size() >= 8) Label(record, PlaceOf2(body), 7, LengthField::kByte);
        return;
      case Biff::kBoolErr2:
        if (body.size() >= 9) AddBoolOrError(PlaceOf2(body), LoadU8(body, 7), LoadU8(body, 8) != 0, 0);
        return;
      case Biff::kString2:
        return FormulaString(record, LengthField::kByte);
      case Biff::kXfIndex2:
        style_2_ = LoadU16(body, 0);
        return;
      case Biff::kRow2:
        if (body.size() >= 8 && (LoadU16(body, 6) & 0x7FFFU) == 0) sink_.builder().HideRow(LoadU16(body, 0));
        return;
      case Biff::kColumnWidth2:
        if (body.size() >= 4 && LoadU16(body, 2) == 0) sink_.HideColumns(LoadU8(body, 0), LoadU8(body, 1));
        return;
      default:
        return Other(record);
    }
  }

  void Other(const BiffRecord& record) {
    const std::string_view body = record.body;
    switch (record.id) {
      case Biff::kRow:
        if ((LoadU32(body, 12) & 0x20U) != 0) sink_.builder().HideRow(LoadU16(body, 0));
        return;
      case Biff::kColInfo:
        return ColInfo(body);
      case Biff::kMergedCells:
        return MergedCells(body);
      case Biff::kHyperlink:
        if (auto link = ReadXlsHyperlink(body)) sink_.sheet().hyperlinks.push_back(*std::move(link));
        return;
      default:
        return;
    }
  }

  Place PlaceOf(std::string_view body) const {
    return {LoadU16(body, 0), LoadU16(body, 2), LoadU16(body, 4) + first_style_};
  }

  // BIFF2 has three bytes of attributes. Beyond 62 the number of the cell format stands in a record before.
  Place PlaceOf2(std::string_view body) const {
    constexpr std::uint32_t kInRecordBefore = 63;
    const std::uint32_t style = LoadU8(body, 4) & 0x3FU;
    if (styles_by_attributes_) return {LoadU16(body, 0), LoadU16(body, 2), LoadU8(body, 5)};
    return {LoadU16(body, 0), LoadU16(body, 2), style == kInRecordBefore ? style_2_ : style};
  }

  void AddNumber(const Place& place, double value, std::uint8_t flags) {
    sink_.AddNumber(place.row, place.column, place.style, value, flags);
  }

  void LabelSst(std::string_view body) {
    if (body.size() < 10) return;
    const Place place = PlaceOf(body);
    sink_.AddSharedString(place.row, place.column, place.style, LoadU32(body, 6));
  }

  void MulRk(std::string_view body) {
    if (body.size() < 6) return;
    const std::uint32_t row = LoadU16(body, 0);
    const std::uint32_t first = LoadU16(body, 2);
    const auto count = static_cast<std::uint32_t>((body.size() - 6) / 6);
    for (std::uint32_t i = 0; i < count; ++i) {
      const std::size_t at = 4 + std::size_t{6} * i;
      sink_.AddNumber(row, first + i, LoadU16(body, at), DecodeRk(LoadU32(body, at + 2)));
    }
  }

  void AddBoolOrError(const Place& place, std::uint8_t value, bool is_error, std::uint8_t flags) {
    if (is_error) {
      sink_.AddError(place.row, place.column, place.style, static_cast<CellError>(value), flags);
    } else {
      sink_.AddBool(place.row, place.column, place.style, value != 0, flags);
    }
  }

  // Only the cached result counts: a number, or in its place a mark for what it is.
  void Formula(const Place& place, std::string_view result) {
    waiting_.reset();
    if (result.size() < 8) return;
    if (LoadU16(result, 6) != 0xFFFF) return AddNumber(place, LoadDouble(result, 0), kFromFormula);
    switch (LoadU8(result, 0)) {
      case 0:
        waiting_ = place;
        return;
      case 1:
        return AddBoolOrError(place, LoadU8(result, 2), false, kFromFormula);
      case 2:
        return AddBoolOrError(place, LoadU8(result, 2), true, kFromFormula);
      default:
        return;
    }
  }

  void FormulaString(const BiffRecord& record, LengthField length) {
    if (!waiting_) return;
    BiffReader reader(stream_, record);
    ReadText(reader, length, record.body.size());
    sink_.AddString(waiting_->row, waiting_->column, waiting_->style, string_.text, {}, kFromFormula);
    waiting_.reset();
  }

  void Label(const BiffRecord& record, const Place& place, std::size_t text_at, LengthField length) {
    BiffReader reader(stream_, record);
    reader.Skip(text_at);
    ReadText(reader, length, record.body.size() - text_at);
    if (record.id == Biff::kRString) ReadTrailingRuns(reader, text_, string_);
    sink_.AddString(place.row, place.column, place.style, string_.text, string_.runs);
  }

  // Records of BIFF2 hold bytes in whatever stream they stand, and so do those of writers who took BIFF8 for BIFF5:
  // there is no room for the flags of a text then.
  void ReadText(BiffReader& reader, LengthField length, std::size_t size) {
    const bool bytes = version_ < kBiff8 || length == LengthField::kByte || reader.NextIsBytes(size);
    bytes ? ReadByteString(reader, text_.code_page, length, string_) : ReadBiffString(reader, text_, length, string_);
  }

  void ColInfo(std::string_view body) {
    const std::uint32_t first = LoadU16(body, 0);
    const std::uint32_t last = std::min<std::uint32_t>(LoadU16(body, 2), kXlsColumns - 1);
    if ((LoadU16(body, 8) & 1U) == 0 || first > last) return;
    hidden_columns_ += last - first + 1;
    if (hidden_columns_ <= kMostHiddenColumns) sink_.HideColumns(first, last);
  }

  void MergedCells(std::string_view body) {
    const std::size_t count = LoadU16(body, 0);
    for (std::size_t i = 0; i < count && 2 + 8 * i + 8 <= body.size(); ++i) {
      const std::size_t at = 2 + 8 * i;
      sink_.sheet().merges.push_back({.first_row = LoadU16(body, at),
                                      .first_column = LoadU16(body, at + 4),
                                      .last_row = LoadU16(body, at + 2),
                                      .last_column = LoadU16(body, at + 6)});
    }
  }

  std::string_view stream_;
  const BiffText& text_;
  std::uint16_t version_;
  std::uint32_t first_style_;
  bool styles_by_attributes_;
  CellSink& sink_;
  BiffString string_;
  std::optional<Place> waiting_;  // a formula whose text follows
  std::uint32_t style_2_ = 0;
  std::uint64_t hidden_columns_ = 0;
};

}  // namespace

std::vector<std::size_t> FindXlsSheets(std::string_view stream) {
  std::vector<std::size_t> sheets;
  BiffWalker walker(stream, 0);
  BiffRecord record;
  int depth = 0;
  bool is_first = true;
  while (walker.Next(record)) {
    if (IsBof(record.id) && depth++ == 0 && !std::exchange(is_first, false)) sheets.push_back(record.at);
    if (record.id == Biff::kEof && depth > 0) --depth;
  }
  return sheets;
}

base::Status ReadXlsSheet(std::string_view stream, const XlsSheetPlace& place, const XlsGlobals& globals,
                          std::stop_token stop, CellSink& sink) {
  return XlsSheetReader(stream, place, globals, sink).Read(place.offset, stop);
}

}  // namespace tidemill::workbook
