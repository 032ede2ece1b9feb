// SPDX-License-Identifier: Apache-2.0
#include "xlsb_sheet.h"

#include <algorithm>

#include "tidemill/base/text.h"

#include "biff.h"
#include "biff12.h"
#include "code_page.h"

namespace tidemill::workbook {
namespace {

using base::ErrorCode;
using base::FailAt;

constexpr std::uint64_t kRecordsBetweenStops = 4096;
constexpr std::uint32_t kColumns = 16'384;
constexpr std::uint32_t kStyleBits = 0x00FFFFFF;  // above stands whether the phonetic part is shown

constexpr std::uint64_t kMostHiddenColumns = 65'536;  // counted as often as they are named

class XlsbSheetReader {
 public:
  XlsbSheetReader(std::string_view part, const std::vector<TextRun>& fonts, CellSink& sink)
      : walker_(part), fonts_(fonts), sink_(sink) {}

  base::Result<XlsbSheetLinks> Read(const std::stop_token& stop) {
    Biff12Record record;
    for (std::uint64_t count = 1; !sink_.full() && walker_.Next(record); ++count) {
      if (count % kRecordsBetweenStops == 0 && stop.stop_requested()) {
        return FailAt(ErrorCode::kCancelled, "sheet " + base::Quoted(sink_.sheet().name), "stopped");
      }
      Handle(record);
    }
    if (!walker_.AtEnd() && !sink_.full()) {
      sink_.AddIssue("cut-off", "the sheet ends inside of a record", {}, walker_.at());
    }
    return std::move(links_);
  }

 private:
  void Handle(const Biff12Record& record) {
    switch (record.id) {
      case Biff12::kRowHeader:
        return Row(record.body);
      case Biff12::kCellBlank:
      case Biff12::kCellRk:
      case Biff12::kCellError:
      case Biff12::kCellBool:
      case Biff12::kCellReal:
      case Biff12::kCellString:
      case Biff12::kCellShared:
      case Biff12::kFormulaString:
      case Biff12::kFormulaNumber:
      case Biff12::kFormulaBool:
      case Biff12::kFormulaError:
      case Biff12::kCellRichString:
        if (record.body.size() < 8) return;
        column_ = LoadU32(record.body, 0);
        style_ = LoadU32(record.body, 4) & kStyleBits;
        return Cell(record.id, record.body.substr(8));
      case Biff12::kShortBlank:
      case Biff12::kShortRk:
      case Biff12::kShortError:
      case Biff12::kShortBool:
      case Biff12::kShortReal:
      case Biff12::kShortString:
      case Biff12::kShortShared:
        if (record.body.size() < 4) return;
        ++column_;
        style_ = LoadU32(record.body, 0) & kStyleBits;
        return Cell(record.id, record.body.substr(4));
      default:
        return Other(record);
    }
  }

  void Row(std::string_view body) {
    row_ = LoadU32(body, 0);
    column_ = 0xFFFFFFFF;  // in front of the first
    const std::uint8_t flags = LoadU8(body, 11);
    if ((flags & 0x10U) != 0) sink_.builder().HideRow(row_);
  }

  // `value` is what follows the cell's place and style.
  void Cell(Biff12 kind, std::string_view value) {
    switch (kind) {
      case Biff12::kCellRk:
      case Biff12::kShortRk:
        return AddNumber(value.size() < 4, DecodeRk(LoadU32(value, 0)), 0);
      case Biff12::kCellReal:
      case Biff12::kShortReal:
        return AddNumber(value.size() < 8, LoadDouble(value, 0), 0);
      case Biff12::kFormulaNumber:
        return AddNumber(value.size() < 8, LoadDouble(value, 0), kFromFormula);
      case Biff12::kCellShared:
      case Biff12::kShortShared:
        return sink_.AddSharedString(row_, column_, style_, LoadU32(value, 0));
      case Biff12::kCellString:
      case Biff12::kShortString:
        return AddText(value, 0);
      case Biff12::kFormulaString:
        return AddText(value, kFromFormula);
      case Biff12::kCellRichString:
        Biff12Fields(value).Rich(fonts_, string_);
        return sink_.AddString(row_, column_, style_, string_.text, string_.runs);
      case Biff12::kCellBool:
      case Biff12::kShortBool:
        return sink_.AddBool(row_, column_, style_, LoadU8(value, 0) != 0);
      case Biff12::kFormulaBool:
        return sink_.AddBool(row_, column_, style_, LoadU8(value, 0) != 0, kFromFormula);
      case Biff12::kCellError:
      case Biff12::kShortError:
        return sink_.AddError(row_, column_, style_, static_cast<CellError>(LoadU8(value, 0)));
      case Biff12::kFormulaError:
        return sink_.AddError(row_, column_, style_, static_cast<CellError>(LoadU8(value, 0)), kFromFormula);
      default:
        return;
    }
  }

  void AddNumber(bool cut, double value, std::uint8_t flags) {
    if (!cut) sink_.AddNumber(row_, column_, style_, value, flags);
  }

  void AddText(std::string_view value, std::uint8_t flags) {
    string_.text.clear();
    AppendUtf16(string_.text, Biff12Fields(value).Wide());
    sink_.AddString(row_, column_, style_, string_.text, {}, flags);
  }

  void Other(const Biff12Record& record) {
    Biff12Fields fields(record.body);
    switch (record.id) {
      case Biff12::kColumnInfo: {
        const std::uint32_t first = fields.U32();
        const std::uint32_t last = std::min(fields.U32(), kColumns - 1);
        fields.Take(8);  // width and style
        if ((fields.U16() & 1U) != 0 && first <= last) HideColumns(first, last);
        return;
      }
      case Biff12::kMergeCell:
        if (record.body.size() >= 16) sink_.sheet().merges.push_back(fields.Rectangle());
        return;
      case Biff12::kHyperlink:
        return Hyperlink(fields);
      default:
        return;
    }
  }

  void HideColumns(std::uint32_t first, std::uint32_t last) {
    hidden_columns_ += last - first + 1;
    if (hidden_columns_ <= kMostHiddenColumns) sink_.HideColumns(first, last);
  }

  void Hyperlink(Biff12Fields& fields) {
    const Range range = fields.Rectangle();
    const std::string relation = fields.Text();
    const std::string location = fields.Text();
    if (!relation.empty()) {
      links_.hyperlinks.emplace_back(range, relation);
    } else if (!location.empty()) {
      sink_.sheet().hyperlinks.push_back({.range = range, .target = "#" + location});
    }
  }

  Biff12Walker walker_;
  const std::vector<TextRun>& fonts_;
  CellSink& sink_;
  XlsbSheetLinks links_;
  std::uint32_t row_ = 0;
  std::uint32_t column_ = 0;
  std::uint32_t style_ = 0;
  std::uint64_t hidden_columns_ = 0;
  BiffString string_;
};

}  // namespace

base::Result<XlsbSheetLinks> ReadXlsbSheet(std::string_view part, const std::vector<TextRun>& fonts,
                                           std::stop_token stop, CellSink& sink) {
  return XlsbSheetReader(part, fonts, sink).Read(stop);
}

}  // namespace tidemill::workbook
