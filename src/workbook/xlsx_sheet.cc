// SPDX-License-Identifier: Apache-2.0
#include "xlsx_sheet.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include "tidemill/base/text.h"

#include "xlsx_styles.h"
#include "xlsx_walker.h"
#include "xml.h"

namespace tidemill::workbook {
namespace {

using base::ErrorCode;
using base::FailAt;
using Event = XmlReader::Event;

constexpr std::uint64_t kRowsBetweenStops = 512;

enum class CellType : std::uint8_t { kNumber, kShared, kText, kBool, kError, kInline, kDate };

CellType CellTypeOf(std::string_view t) {
  if (t.empty() || t == "n") return CellType::kNumber;
  if (t == "s") return CellType::kShared;
  if (t == "str") return CellType::kText;
  if (t == "b") return CellType::kBool;
  if (t == "e") return CellType::kError;
  if (t == "inlineStr") return CellType::kInline;
  if (t == "d") return CellType::kDate;
  return CellType::kNumber;
}

std::uint8_t LevelOf(std::uint32_t number) {
  return static_cast<std::uint8_t>(std::min(number, 7U));
}

class XlsxSheetReader {
 public:
  XlsxSheetReader(MemberStream& stream, const ReadOptions& options, CellSink& sink)
      : xml_(stream, sink.limits().xml_depth), sink_(sink) {
    // The walker does not count depths.
    constexpr std::uint32_t kDepthOfCells = 8;
    if (!options.strict_only && sink.limits().xml_depth >= kDepthOfCells) {
      walker_.emplace(xml_, sink, place_, BestTextScan());
    }
  }

  base::Result<XlsxSheetLinks> Read(const std::stop_token& stop) {
    stop_ = stop;
    bool begun = false;
    Event event = xml_.Next();
    for (; event != Event::kDone && event != Event::kError && !stopped_; event = xml_.Next()) {
      if (event != Event::kStart) continue;
      begun = begun || xml_.name() == "worksheet" || xml_.name() == "dialogsheet" || xml_.name() == "macrosheet";
      Element();
    }
    const std::string place = "sheet " + base::Quoted(sink_.sheet().name);
    if (stopped_ && stop_.stop_requested()) return FailAt(ErrorCode::kCancelled, place, "stopped");
    if (const auto& error = xml_.stream_error()) {
      if (error->code == ErrorCode::kTooLarge || !begun) return tl::unexpected(*error);
      sink_.AddIssue("inflate", error->ToText(), A1(place_.row, place_.column), xml_.offset());
    } else if (!begun) {
      return FailAt(ErrorCode::kMalformed, place, "corrupt-container: no worksheet in its part: {}", xml_.error());
    } else if (!xml_.error().empty()) {
      sink_.AddIssue("xml", "the sheet ends early: " + xml_.error(), A1(place_.row, place_.column), xml_.offset());
    }
    return std::move(links_);
  }

 private:
  void Element() {
    const std::string_view name = xml_.name();
    if (name == "sheetData") {
      Rows();
    } else if (name == "mergeCell") {
      if (const auto range = ParseRange(xml_.Attribute("ref"))) sink_.AddMerge(*range);
    } else if (name == "col") {
      Column();
    } else if (name == "hyperlink") {
      Link();
    } else if (name == "extLst" || name == "AlternateContent" || name == "drawing") {
      xml_.SkipElement();
    }
  }

  void Column() {
    const std::uint32_t first = xml_.Number("min").value_or(0);
    if (first == 0) return;
    const std::uint32_t last = xml_.Number("max").value_or(first);
    if (xml_.Flag("hidden")) sink_.HideColumns(first - 1, last - 1);
    if (const auto level = xml_.Number("outlineLevel")) sink_.SetColumnLevel(first - 1, last - 1, LevelOf(*level));
  }

  void Link() {
    const auto range = ParseRange(xml_.Attribute("ref"));
    if (!range) return;
    const std::string location = xml_.Attribute("location");
    const std::string id = xml_.Attribute("id");
    if (!id.empty()) {
      if (sink_.Afford(sizeof *range + id.size())) links_.hyperlinks.emplace_back(*range, id);
    } else if (!location.empty()) {
      sink_.AddHyperlink(*range, "#" + location);
    }
  }

  // Rows and cells may leave their numbers out; then they follow each other.
  void Rows() {
    std::uint64_t rows = 0;
    place_.next_row = 0;
    while (!stopped_) {
      if (walker_ && !xml_.is_empty_element()) {
        const XlsxWalker::Stop found = walker_->Rows(stop_);
        stopped_ = found == XlsxWalker::Stop::kFull;
        if (found == XlsxWalker::Stop::kInRow) Cells();
        if (found != XlsxWalker::Stop::kOther) continue;
      }
      const Event event = xml_.Next();
      if (event == Event::kError || event == Event::kDone) return;
      if (event == Event::kEnd && xml_.name() == "sheetData") return;
      if (event != Event::kStart) continue;
      if (xml_.name() != "row") {
        xml_.SkipElement();
        continue;
      }
      BeginRow();
      Cells();
      if (++rows % kRowsBetweenStops == 0 && stop_.stop_requested()) stopped_ = true;
      if (sink_.full()) stopped_ = true;
    }
  }

  void BeginRow() {
    place_.row = RowNumber(place_.next_row);
    place_.next_row = place_.row + 1;
    place_.next_column = 0;
    if (xml_.Flag("hidden")) sink_.HideRows(place_.row, place_.row);
    if (const auto level = xml_.Number("outlineLevel")) sink_.SetRowLevel(place_.row, place_.row, LevelOf(*level));
  }

  std::uint32_t RowNumber(std::uint32_t next) const {
    constexpr std::uint32_t kFarthest = 100'000'000;
    const auto number = xml_.Number("r");
    return number && *number > 0 && *number < kFarthest ? *number - 1 : next;
  }

  void Cells() {
    for (;;) {
      if (walker_ && !xml_.is_empty_element() && walker_->Cells() == XlsxWalker::Stop::kRowEnd) return;
      const Event event = xml_.Next();
      if (event == Event::kError || event == Event::kDone) return;
      if (event == Event::kEnd && xml_.name() == "row") return;
      if (event != Event::kStart) continue;
      if (xml_.name() != "c") {
        xml_.SkipElement();
      } else if (!OneCell()) {
        return;
      }
    }
  }

  bool OneCell() {
    std::uint32_t row = place_.row;
    place_.column = place_.next_column;
    if (const auto raw = xml_.RawAttribute("r")) {
      if (const auto address = ParseAddress(*raw)) {
        row = address->row;
        place_.column = address->column;
      } else {
        sink_.AddIssue("address", "cell reference " + base::Quoted(*raw) + " is none", A1(row, place_.column),
                       xml_.offset());
      }
    }
    place_.next_column = place_.column + 1;
    return ReadCell(row);
  }

  bool ReadCell(std::uint32_t row) {
    const std::uint32_t style = xml_.Number("s").value_or(0);
    const CellType type = CellTypeOf(xml_.RawAttribute("t").value_or(""));
    const std::size_t outside = xml_.depth() - 1;
    value_.clear();
    inline_.text.clear();
    inline_.runs.clear();
    flags_ = 0;
    for (;;) {
      const Event event = xml_.Next();
      if (event == Event::kError || event == Event::kDone) return false;
      if (event == Event::kEnd && xml_.depth() == outside) break;
      if (event == Event::kStart && !CellPart()) return false;
    }
    AddCell(row, style, type);
    return true;
  }

  bool CellPart() {
    if (xml_.name() == "v") return xml_.TextOf(value_);
    if (xml_.name() == "is") return ReadXlsxString(xml_, inline_);
    if (xml_.name() == "f") flags_ |= kFromFormula;
    return xml_.SkipElement();
  }

  void AddCell(std::uint32_t row, std::uint32_t style, CellType type) {
    if (type == CellType::kInline || (value_.empty() && !inline_.text.empty())) {
      if (inline_.text.empty()) inline_.text = value_;
      sink_.AddString(row, place_.column, style, inline_.text, inline_.runs, flags_);
      return;
    }
    if (value_.empty()) return;
    switch (type) {
      case CellType::kShared:
        return AddShared(row, style);
      case CellType::kText:
        FinishXlsxText(value_);
        return sink_.AddString(row, place_.column, style, value_, {}, flags_);
      case CellType::kBool:
        return sink_.AddBool(row, place_.column, style, IsTrue(), flags_);
      case CellType::kError:
        if (const auto error = ParseCellError(base::Trim(value_))) {
          return sink_.AddError(row, place_.column, style, *error, flags_);
        }
        return AddOdd(row, style, "error");
      case CellType::kDate:
        if (const auto serial = ParseIsoSerial(value_))
          return sink_.AddIsoDate(row, place_.column, style, *serial, flags_);
        if (const auto days = ParseIsoDuration(value_))
          return sink_.AddDuration(row, place_.column, style, *days, flags_);
        if (const auto number = ParseXlsxNumber(value_))
          return sink_.AddNumber(row, place_.column, style, *number, flags_);
        return AddOdd(row, style, "date");
      default:
        if (const auto number = ParseXlsxNumber(value_))
          return sink_.AddNumber(row, place_.column, style, *number, flags_);
        return AddOdd(row, style, "number");
    }
  }

  bool IsTrue() const {
    const std::string_view text = base::Trim(value_);
    return text == "true" || text == "TRUE" || text == "True" || ParseXlsxNumber(text).value_or(0) != 0;
  }

  void AddShared(std::uint32_t row, std::uint32_t style) {
    const std::string_view text = base::Trim(value_);
    std::uint64_t index = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), index);
    if (text.empty() || error != std::errc() || end != text.data() + text.size())
      return AddOdd(row, style, "string number");
    sink_.AddSharedString(row, place_.column, style, index);
  }

  // A value that is not what its cell says is kept as the text that it is.
  void AddOdd(std::uint32_t row, std::uint32_t style, std::string_view expected) {
    if (base::Trim(value_).empty()) return;
    FinishXlsxText(value_);
    sink_.AddIssue("value", base::Quoted(value_) + " is no " + std::string(expected) + ", kept as text",
                   A1(row, place_.column), xml_.offset());
    sink_.AddString(row, place_.column, style, value_, {}, flags_);
  }

  XmlReader xml_;
  CellSink& sink_;
  std::stop_token stop_;
  bool stopped_ = false;
  XlsxSheetLinks links_;
  XlsxPlace place_;
  std::optional<XlsxWalker> walker_;
  std::string value_;
  XlsxString inline_;
  std::uint8_t flags_ = 0;
};

}  // namespace

base::Result<XlsxSheetLinks> ReadXlsxSheet(MemberStream& stream, const ReadOptions& options, std::stop_token stop,
                                           CellSink& sink) {
  return XlsxSheetReader(stream, options, sink).Read(stop);
}

}  // namespace tidemill::workbook
