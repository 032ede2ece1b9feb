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

constexpr std::uint32_t kStyleBits = 0x00FFFFFF;  // above stands whether the phonetic part is shown

constexpr std::uint64_t kMostNamedColumns = 65'536;  // counted as often as they are named

// A record's number and length, both of one byte, as they stand in the file.
constexpr std::uint16_t Head(Biff12 id, std::uint32_t size) {
  return static_cast<std::uint16_t>(static_cast<std::uint32_t>(id) | size << 8U);
}

class XlsbSheetReader {
 public:
  XlsbSheetReader(MemberStream& part, const std::vector<TextRun>& fonts, const ReadOptions& options, CellSink& sink)
      : part_(part), fonts_(fonts), strict_only_(options.strict_only), sink_(sink) {}

  base::Result<XlsbSheetLinks> Read(const std::stop_token& stop) {
    std::size_t keep = 0;
    while (!sink_.full()) {
      if (stop.stop_requested()) {
        return FailAt(ErrorCode::kCancelled, "sheet " + base::Quoted(sink_.sheet().name), "stopped");
      }
      const auto piece = part_.Next(keep);
      if (!piece) {
        if (at_ == 0 || piece.error().code != ErrorCode::kMalformed) return tl::unexpected(piece.error());
        sink_.AddIssue("cut-off", piece.error().message, {}, at_);
        return std::move(links_);
      }
      const std::string_view view = *piece;
      if (view.size() == keep) break;
      keep = view.size() - Records(view);
      at_ += view.size() - keep;
    }
    if ((keep > 0 || skip_ > 0) && !sink_.full()) {
      sink_.AddIssue("cut-off", "the sheet ends inside of a record", {}, at_);
    }
    return std::move(links_);
  }

 private:
  // What is longer holds no cell: it is passed over without being kept in memory.
  static constexpr std::size_t kLongestRecord = std::size_t{1} << 20U;
  static constexpr std::ptrdiff_t kLongestPlain = 18;  // of the cells that the fast path knows

  // Handles the whole records of a piece; gives where the first one begins that is not whole.
  std::size_t Records(std::string_view view) {
    std::size_t at = std::min<std::uint64_t>(skip_, view.size());
    skip_ -= at;
    for (;;) {
      if (!strict_only_) at += PlainCells(view.substr(at));
      Biff12Walker walker(view.substr(at));
      Biff12Record record;
      if (!walker.Next(record)) {
        const auto end = walker.EndOfNext();
        if (!end || *end <= kLongestRecord) return at;
        sink_.AddIssue("record", "a record of more than a MiB is passed over", {}, at_ + at);
        skip_ = at + *end - view.size();
        return view.size();
      }
      Handle(record);
      at += walker.at();
    }
  }

  // The fast path: the commonest cells of a row that is begun, up to whatever else comes. It takes a cell only where
  // nothing is odd about it, and with it as many bytes as Handle would; gives how many these are.
  std::size_t PlainCells(std::string_view view) {
    const char* at = view.data();
    const char* const end = at + view.size();
    CellRun run(sink_, row_, column_ + 1);
    while (end - at >= kLongestPlain) {
      std::size_t size = 0;
      switch (LoadU16(at)) {
        case Head(Biff12::kCellShared, 12):
          if (run.SharedString(LoadU32(at + 2), LoadU32(at + 6) & kStyleBits, LoadU32(at + 10))) size = 14;
          break;
        case Head(Biff12::kCellRk, 12):
          if (run.Number(LoadU32(at + 2), LoadU32(at + 6) & kStyleBits, DecodeRk(LoadU32(at + 10)))) size = 14;
          break;
        case Head(Biff12::kCellReal, 16):
          if (run.Number(LoadU32(at + 2), LoadU32(at + 6) & kStyleBits, LoadDouble(at + 10))) size = 18;
          break;
        case Head(Biff12::kShortShared, 8):
          if (run.SharedString(run.next_column(), LoadU32(at + 2) & kStyleBits, LoadU32(at + 6))) size = 10;
          break;
        case Head(Biff12::kShortRk, 8):
          if (run.Number(run.next_column(), LoadU32(at + 2) & kStyleBits, DecodeRk(LoadU32(at + 6)))) size = 10;
          break;
        case Head(Biff12::kShortReal, 12):
          if (run.Number(run.next_column(), LoadU32(at + 2) & kStyleBits, LoadDouble(at + 6))) size = 14;
          break;
        default:
          break;
      }
      if (size == 0) break;
      at += size;
    }
    run.Commit();
    column_ = run.next_column() - 1;
    return static_cast<std::size_t>(at - view.data());
  }

  void Handle(const Biff12Record& record) {
    const std::string_view body = record.body;
    switch (record.id) {
      case Biff12::kRowHeader:
        return Row(body);
      case Biff12::kCellShared:
      case Biff12::kCellRk:
      case Biff12::kCellReal:
      case Biff12::kCellBlank:
      case Biff12::kCellError:
      case Biff12::kCellBool:
      case Biff12::kCellString:
      case Biff12::kFormulaString:
      case Biff12::kFormulaNumber:
      case Biff12::kFormulaBool:
      case Biff12::kFormulaError:
      case Biff12::kCellRichString:
        if (Place(body, 9)) Cell(record.id, body.substr(8));
        return;
      case Biff12::kShortShared:
      case Biff12::kShortRk:
      case Biff12::kShortReal:
      case Biff12::kShortBlank:
      case Biff12::kShortError:
      case Biff12::kShortBool:
      case Biff12::kShortString:
        if (ShortPlace(body, 4)) Cell(record.id, body.substr(4));
        return;
      default:
        return Other(record);
    }
  }

  // False where a record is shorter than its kind; its column counts all the same.
  bool Place(std::string_view body, std::size_t size) {
    column_ = LoadU32(body, 0);
    style_ = LoadU32(body, 4) & kStyleBits;
    return body.size() >= size;
  }
  bool ShortPlace(std::string_view body, std::size_t size) {
    ++column_;
    style_ = LoadU32(body, 0) & kStyleBits;
    return body.size() >= size;
  }

  void Row(std::string_view body) {
    row_ = LoadU32(body, 0);
    column_ = 0xFFFFFFFF;  // in front of the first
    const std::uint8_t flags = LoadU8(body, 11);
    if ((flags & 0x10U) != 0) sink_.HideRows(row_, row_);
    if ((flags & 7U) != 0) sink_.SetRowLevel(row_, row_, flags & 7U);
    if (!strict_only_) sink_.BeginRow(row_);
  }

  void Cell(Biff12 kind, std::string_view value) {
    switch (kind) {
      case Biff12::kCellShared:
      case Biff12::kShortShared:
        if (value.size() >= 4) sink_.AddSharedString(row_, column_, style_, LoadU32(value, 0));
        return;
      case Biff12::kCellRk:
      case Biff12::kShortRk:
        if (value.size() >= 4) sink_.AddNumber(row_, column_, style_, DecodeRk(LoadU32(value, 0)));
        return;
      case Biff12::kCellReal:
      case Biff12::kShortReal:
        if (value.size() >= 8) sink_.AddNumber(row_, column_, style_, LoadDouble(value, 0));
        return;
      case Biff12::kFormulaNumber:
        if (value.size() >= 8) sink_.AddNumber(row_, column_, style_, LoadDouble(value, 0), kFromFormula);
        return;
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

  void AddText(std::string_view value, std::uint8_t flags) {
    string_.text.clear();
    AppendUtf16(string_.text, Biff12Fields(value).Wide());
    sink_.AddString(row_, column_, style_, string_.text, {}, flags);
  }

  void Other(const Biff12Record& record) {
    Biff12Fields fields(record.body);
    switch (record.id) {
      case Biff12::kColumnInfo:
        return Columns(fields);
      case Biff12::kMergeCell:
        if (record.body.size() >= 16) sink_.AddMerge(fields.Rectangle());
        return;
      case Biff12::kHyperlink:
        return Hyperlink(fields);
      default:
        return;
    }
  }

  void Columns(Biff12Fields& fields) {
    const std::uint32_t first = fields.U32();
    const std::uint32_t last = std::min(fields.U32(), kGridColumns - 1);
    fields.Take(8);  // width and style
    const std::uint32_t options = fields.U16();
    if (first > last) return;
    named_columns_ += last - first + 1;
    if (named_columns_ > kMostNamedColumns) return;
    if ((options & 1U) != 0) sink_.HideColumns(first, last);
    if ((options >> 8U & 7U) != 0) sink_.SetColumnLevel(first, last, options >> 8U & 7U);
  }

  void Hyperlink(Biff12Fields& fields) {
    const Range range = fields.Rectangle();
    const std::string relation = fields.Text();
    const std::string location = fields.Text();
    if (!relation.empty()) {
      if (sink_.Afford(sizeof range + relation.size())) links_.hyperlinks.emplace_back(range, relation);
    } else if (!location.empty()) {
      sink_.AddHyperlink(range, "#" + location);
    }
  }

  MemberStream& part_;
  const std::vector<TextRun>& fonts_;
  const bool strict_only_;
  CellSink& sink_;
  XlsbSheetLinks links_;
  std::uint32_t row_ = 0;
  std::uint32_t column_ = 0;
  std::uint32_t style_ = 0;
  std::uint64_t named_columns_ = 0;
  std::uint64_t at_ = 0;    // of the piece, in the part
  std::uint64_t skip_ = 0;  // bytes of a record that is passed over
  BiffString string_;
};

}  // namespace

base::Result<XlsbSheetLinks> ReadXlsbSheet(MemberStream& part, const std::vector<TextRun>& fonts,
                                           const ReadOptions& options, std::stop_token stop, CellSink& sink) {
  return XlsbSheetReader(part, fonts, options, sink).Read(stop);
}

}  // namespace tidemill::workbook
