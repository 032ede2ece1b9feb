// SPDX-License-Identifier: Apache-2.0
#include "xls_sheet.h"

#include <algorithm>
#include <utility>

namespace tidemill::workbook {
namespace {

using base::ErrorCode;
using base::FailAt;

constexpr std::uint32_t kXlsColumns = 256;
constexpr std::uint64_t kMostNamedColumns = 65'536;  // counted as often as they are named
constexpr std::uint64_t kRecordsBetweenStops = 4096;

struct Place {
  std::uint32_t row = 0;
  std::uint32_t column = 0;
  std::uint32_t style = 0;
};

class XlsSheetReader {
 public:
  XlsSheetReader(const PiecedBytes& stream, std::size_t end, const XlsSheetPlace& place, const XlsGlobals& globals,
                 CellSink& sink)
      : stream_(stream),
        end_(std::min(end, stream.size())),
        text_(globals.text),
        version_(globals.text.version),
        first_style_(place.first_style),
        styles_by_attributes_(globals.styles_by_attributes),
        sink_(sink) {}

  base::Status Read(std::size_t offset, const std::stop_token& stop) {
    at_ = offset;
    if (!IsBof(static_cast<Biff>(LoadU16(stream_.Part(offset, 4).view, 0)))) {
      return FailAt(ErrorCode::kMalformed, "sheet " + base::Quoted(sink_.sheet().name),
                    "corrupt-container: offset {} of {} bytes holds no sheet, expected a BOF record", offset,
                    stream_.size());
    }
    while (at_ < end_ && !ended_ && !sink_.full()) {
      if (stop.stop_requested()) {
        return FailAt(ErrorCode::kCancelled, "sheet " + base::Quoted(sink_.sheet().name), "stopped");
      }
      if (!Records(stream_.PieceAt(at_).substr(0, end_ - at_), kRecordsBetweenStops)) RecordAcrossPieces();
    }
    if (!ended_ && !sink_.full()) sink_.AddIssue("cut-off", "the sheet ends without an EOF record", {}, at_);
    return {};
  }

 private:
  // Handles records of what lies together from at_ on; false where not even the first is whole.
  bool Records(std::string_view together, std::uint64_t most) {
    view_ = together;
    const bool is_last = at_ + together.size() >= end_;
    BiffWalker walker(together, 0);
    BiffRecord record;
    std::uint64_t count = 0;
    std::size_t done = 0;
    for (; count < most && !ended_ && walker.Next(record); ++count) {
      if (!is_last && (walker.truncated() || !IsWhole(record))) break;
      depth_ == 1 ? Handle(record) : Outside(record);
      done = std::min(walker.at(), together.size());
    }
    if (is_last && count < most && !ended_) done = together.size();
    at_ += done;
    return done > 0;
  }

  // Charts nest inside sheets, with caches that look like cells.
  void Outside(const BiffRecord& record) {
    if (IsBof(record.id)) ++depth_;
    if (record.id == Biff::kEof) ended_ = --depth_ <= 0;
  }

  // A text may go on in CONTINUE records behind it.
  bool IsWhole(const BiffRecord& record) const {
    if (record.id != Biff::kLabel && record.id != Biff::kRString && record.id != Biff::kString) return true;
    std::size_t at = record.at + 4 + record.body.size();
    while (view_.size() - at >= 4 && static_cast<Biff>(LoadU16(view_, at)) == Biff::kContinue) {
      at += 4 + std::size_t{LoadU16(view_, at + 2)};
      if (at > view_.size()) return false;
    }
    return view_.size() - at >= 4;
  }

  void RecordAcrossPieces() {
    constexpr std::size_t kMost = std::size_t{1} << 20U;  // of a text with all its parts
    std::size_t size = std::size_t{8} + LoadU16(stream_.Part(at_, 4).view, 2);
    for (;; size *= 4) {
      const Buffer copy = stream_.Part(at_, std::min(size, end_ - at_));
      if (Records(copy.view, 1)) return;
      if (size > kMost || copy.view.size() == end_ - at_) break;
    }
    at_ = std::min(end_, at_ + 4 + LoadU16(stream_.Part(at_, 4).view, 2));
  }

  void Handle(const BiffRecord& record) {
    const std::string_view body = record.body;
    switch (record.id) {
      case Biff::kLabelSst:
        if (body.size() >= 10) AddShared(PlaceOf(body), LoadU32(body, 6));
        return;
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
        if (body.size() >= 8 && (LoadU16(body, 6) & 0x7FFFU) == 0) sink_.HideRows(LoadU16(body, 0), LoadU16(body, 0));
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
        return RowInfo(body);
      case Biff::kColInfo:
        return ColInfo(body);
      case Biff::kMergedCells:
        return MergedCells(body);
      case Biff::kHyperlink:
        if (auto link = ReadXlsHyperlink(body)) sink_.AddHyperlink(link->range, std::move(link->target));
        return;
      default:
        return Outside(record);
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

  void AddShared(const Place& place, std::uint32_t index) {
    sink_.AddSharedString(place.row, place.column, place.style, index);
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
    BiffReader reader(view_, record);
    ReadText(reader, length, record.body.size());
    sink_.AddString(waiting_->row, waiting_->column, waiting_->style, string_.text, {}, kFromFormula);
    waiting_.reset();
  }

  void Label(const BiffRecord& record, const Place& place, std::size_t text_at, LengthField length) {
    BiffReader reader(view_, record);
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

  void RowInfo(std::string_view body) {
    const std::uint32_t row = LoadU16(body, 0);
    const std::uint32_t options = LoadU32(body, 12);
    if ((options & 0x20U) != 0) sink_.HideRows(row, row);
    if ((options & 7U) != 0) sink_.SetRowLevel(row, row, options & 7U);
  }

  void ColInfo(std::string_view body) {
    const std::uint32_t first = LoadU16(body, 0);
    const std::uint32_t last = std::min<std::uint32_t>(LoadU16(body, 2), kXlsColumns - 1);
    const std::uint32_t options = LoadU16(body, 8);
    if (first > last) return;
    named_columns_ += last - first + 1;
    if (named_columns_ > kMostNamedColumns) return;
    if ((options & 1U) != 0) sink_.HideColumns(first, last);
    if ((options >> 8U & 7U) != 0) sink_.SetColumnLevel(first, last, options >> 8U & 7U);
  }

  void MergedCells(std::string_view body) {
    const std::size_t count = LoadU16(body, 0);
    for (std::size_t i = 0; i < count && 2 + 8 * i + 8 <= body.size(); ++i) {
      const std::size_t at = 2 + 8 * i;
      sink_.AddMerge({.first_row = LoadU16(body, at),
                      .first_column = LoadU16(body, at + 4),
                      .last_row = LoadU16(body, at + 2),
                      .last_column = LoadU16(body, at + 6)});
    }
  }

  const PiecedBytes& stream_;
  std::size_t end_;
  std::size_t at_ = 0;
  std::string_view view_;  // what is walked, with the records' places
  int depth_ = 0;
  bool ended_ = false;
  const BiffText& text_;
  std::uint16_t version_;
  std::uint32_t first_style_;
  bool styles_by_attributes_;
  CellSink& sink_;
  BiffString string_;
  std::optional<Place> waiting_;  // a formula whose text follows
  std::uint32_t style_2_ = 0;
  std::uint64_t named_columns_ = 0;
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

base::Status ReadXlsSheet(const PiecedBytes& stream, const XlsSheetPlace& place, std::size_t end,
                          const XlsGlobals& globals, std::stop_token stop, CellSink& sink) {
  return XlsSheetReader(stream, end, place, globals, sink).Read(place.offset, stop);
}

}  // namespace tidemill::workbook
