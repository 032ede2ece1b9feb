// SPDX-License-Identifier: Apache-2.0
#include "xls_sheet.h"

#include <algorithm>

namespace tidemill::workbook {
namespace {

using base::ErrorCode;
using base::FailAt;

constexpr std::uint32_t kXlsColumns = 256;
constexpr std::uint64_t kRecordsBetweenStops = 4096;

struct Place {
  std::uint32_t row = 0;
  std::uint32_t column = 0;
  std::uint32_t style = 0;
};

Place PlaceOf(std::string_view body) {
  return {LoadU16(body, 0), LoadU16(body, 2), LoadU16(body, 4)};
}

class XlsSheetReader {
 public:
  XlsSheetReader(std::string_view stream, const BiffText& text, CellSink& sink)
      : stream_(stream), text_(text), sink_(sink) {}

  base::Status Read(std::size_t offset, const std::stop_token& stop) {
    BiffWalker walker(stream_, offset);
    BiffRecord record;
    if (!walker.Next(record) || record.id != Biff::kBof) {
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
      if (record.id == Biff::kBof) ++depth;
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
        if (body.size() >= 10) AddNumber(PlaceOf(body), DecodeRk(LoadU32(body, 6)), 0);
        return;
      case Biff::kMulRk:
        return MulRk(body);
      case Biff::kFormula:
        return Formula(body);
      case Biff::kString:
        return FormulaString(record);
      case Biff::kBoolErr:
        return BoolErr(body);
      case Biff::kLabel:
      case Biff::kRString:
        return Label(record);
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
        return;
    }
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

  void BoolErr(std::string_view body) {
    if (body.size() < 8) return;
    const Place place = PlaceOf(body);
    AddBoolOrError(place, LoadU8(body, 6), LoadU8(body, 7) != 0, 0);
  }

  void AddBoolOrError(const Place& place, std::uint8_t value, bool is_error, std::uint8_t flags) {
    if (is_error) {
      sink_.AddError(place.row, place.column, place.style, static_cast<CellError>(value), flags);
    } else {
      sink_.AddBool(place.row, place.column, place.style, value != 0, flags);
    }
  }

  // Only the cached result counts: a number, or in its place a mark for what it is.
  void Formula(std::string_view body) {
    waiting_.reset();
    if (body.size() < 14) return;
    const Place place = PlaceOf(body);
    if (LoadU16(body, 12) != 0xFFFF) return AddNumber(place, LoadDouble(body, 6), kFromFormula);
    switch (LoadU8(body, 6)) {
      case 0:
        waiting_ = place;
        return;
      case 1:
        return AddBoolOrError(place, LoadU8(body, 8), false, kFromFormula);
      case 2:
        return AddBoolOrError(place, LoadU8(body, 8), true, kFromFormula);
      default:
        return;
    }
  }

  void FormulaString(const BiffRecord& record) {
    if (!waiting_) return;
    BiffReader reader(stream_, record);
    ReadBiffString(reader, text_, LengthField::kWord, string_);
    sink_.AddString(waiting_->row, waiting_->column, waiting_->style, string_.text, {}, kFromFormula);
    waiting_.reset();
  }

  void Label(const BiffRecord& record) {
    if (record.body.size() < 8) return;
    BiffReader reader(stream_, record);
    reader.Skip(6);
    ReadBiffString(reader, text_, LengthField::kWord, string_);
    if (record.id == Biff::kRString) ReadTrailingRuns(reader, text_, string_);
    const Place place = PlaceOf(record.body);
    sink_.AddString(place.row, place.column, place.style, string_.text, string_.runs);
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

  std::string_view stream_;
  const BiffText& text_;
  CellSink& sink_;
  BiffString string_;
  std::optional<Place> waiting_;  // a formula whose text follows
};

}  // namespace

std::optional<std::size_t> FindXlsSheet(std::string_view stream, std::size_t number) {
  BiffWalker walker(stream, 0);
  BiffRecord record;
  int depth = 0;
  std::size_t parts = 0;
  while (walker.Next(record)) {
    if (record.id == Biff::kBof && depth++ == 0 && parts++ == number + 1) return record.at;
    if (record.id == Biff::kEof && depth > 0) --depth;
  }
  return std::nullopt;
}

base::Status ReadXlsSheet(std::string_view stream, std::size_t offset, const BiffText& text, std::stop_token stop,
                          CellSink& sink) {
  return XlsSheetReader(stream, text, sink).Read(offset, stop);
}

}  // namespace tidemill::workbook
