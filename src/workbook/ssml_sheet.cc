// SPDX-License-Identifier: Apache-2.0
#include "ssml_sheet.h"

#include <algorithm>

#include "tidemill/base/text.h"

#include "code_page.h"
#include "rich_text.h"
#include "xlsx_sheet.h"

namespace tidemill::workbook {
namespace {

using base::ErrorCode;
using base::FailAt;
using Event = XmlReader::Event;

constexpr std::uint64_t kSsmlRowsBetweenStops = 512;

// <B>, <I>, <S>, <Sup> and <Sub> of the data's HTML.
void ApplyTag(std::string_view name, TextRun& font) {
  if (name == "B") font.bold = true;
  if (name == "I") font.italic = true;
  if (name == "S") font.strike = true;
  if (name == "Sup") font.script = Script::kSuperscript;
  if (name == "Sub") font.script = Script::kSubscript;
}

class SsmlSheetReader {
 public:
  SsmlSheetReader(XmlReader& xml, const SsmlBook& book, const ReadOptions& options, CellSink& sink)
      : xml_(xml), book_(book), options_(options), sink_(sink) {}

  base::Status Read(const std::stop_token& stop) {
    const std::size_t outside = xml_.depth() - 1;
    std::uint64_t rows = 0;
    for (;;) {
      const Event event = xml_.Next();
      if (event == Event::kError || event == Event::kDone) break;
      if (event == Event::kEnd && xml_.depth() == outside) break;
      if (event != Event::kStart) continue;
      Element();
      if (++rows % kSsmlRowsBetweenStops == 0 && stop.stop_requested()) {
        return FailAt(ErrorCode::kCancelled, "sheet " + base::Quoted(sink_.sheet().name), "stopped");
      }
      if (sink_.full()) break;
    }
    if (!xml_.error().empty()) {
      sink_.AddIssue("xml", "the sheet ends early: " + xml_.error(), A1(row_, column_), xml_.offset());
    }
    return {};
  }

 private:
  // An index, or a count, from 1; far beyond the grid it is all the same.
  std::uint32_t Number(std::string_view attribute, std::uint32_t if_absent) const {
    return std::min(xml_.Number(attribute).value_or(if_absent), kGridRows + 1);
  }

  void Element() {
    const std::string_view name = xml_.name();
    if (name == "Table") {
      if (const auto id = xml_.RawAttribute("StyleID")) table_style_ = book_.styles.Index(*id);
    } else if (name == "Row") {
      Row();
    } else if (name == "Column") {
      Column();
    } else {
      xml_.SkipElement();
    }
  }

  void Column() {
    const std::uint32_t first = std::max(Number("Index", next_column_ + 1), 1U) - 1;
    const std::uint32_t last = std::min(first + Number("Span", 0), kGridColumns - 1);
    if (first >= kGridColumns || first < next_column_) return;
    next_column_ = last + 1;
    if (xml_.Flag("Hidden")) sink_.HideColumns(first, last);
    if (const auto id = xml_.RawAttribute("StyleID")) {
      columns_.push_back({.first = first, .last = last, .style = book_.styles.Index(*id)});
    }
  }

  void Row() {
    row_ = std::max(Number("Index", next_row_ + 1), 1U) - 1;
    next_row_ = std::min(row_ + Number("Span", 0), kGridRows) + 1;
    if (xml_.Flag("Hidden")) HideRows();
    row_style_.reset();
    if (const auto id = xml_.RawAttribute("StyleID")) row_style_ = book_.styles.Index(*id);
    column_ = 0;
    const std::size_t outside = xml_.depth() - 1;
    for (;;) {
      const Event event = xml_.Next();
      if (event == Event::kError || event == Event::kDone) return;
      if (event == Event::kEnd && xml_.depth() == outside) return;
      if (event != Event::kStart) continue;
      if (!(xml_.name() == "Cell" ? ReadCell() : xml_.SkipElement())) return;
    }
  }

  // Rows that were hidden before are not hidden again, however often the index jumps back.
  void HideRows() {
    const std::uint32_t first = std::max(row_, hidden_below_);
    hidden_below_ = std::max(hidden_below_, next_row_);
    if (first < next_row_) sink_.HideRows(first, next_row_ - 1);
  }

  bool ReadCell() {
    column_ = std::max(Number("Index", column_ + 1), 1U) - 1;
    const std::uint32_t across = Number("MergeAcross", 0);
    const std::uint32_t down = Number("MergeDown", 0);
    if (across > 0 || down > 0) AddMerge(across, down);
    flags_ = xml_.RawAttribute("Formula") ? kFromFormula : std::uint8_t{0};
    style_ = StyleOfCell();
    if (const std::string link = xml_.Attribute("HRef"); !link.empty()) {
      sink_.sheet().hyperlinks.push_back({.range = {row_, column_, row_, column_}, .target = link});
    }
    const std::size_t outside = xml_.depth() - 1;
    for (;;) {
      const Event event = xml_.Next();
      if (event == Event::kError || event == Event::kDone) return false;
      if (event == Event::kEnd && xml_.depth() == outside) break;
      if (event == Event::kStart && !CellPart()) return false;
    }
    column_ = std::min(column_ + across, kGridColumns) + 1;
    return true;
  }

  std::uint32_t StyleOfCell() const {
    if (const auto id = xml_.RawAttribute("StyleID")) return book_.styles.Index(*id);
    if (row_style_) return *row_style_;
    const auto run = std::lower_bound(columns_.begin(), columns_.end(), column_,
                                      [](const ColumnRun& a, std::uint32_t column) { return a.last < column; });
    return run != columns_.end() && run->first <= column_ ? run->style : table_style_;
  }

  void AddMerge(std::uint32_t across, std::uint32_t down) {
    if (row_ >= kGridRows || column_ >= kGridColumns) return;
    sink_.sheet().merges.push_back({.first_row = row_,
                                    .first_column = column_,
                                    .last_row = std::min(row_ + down, kGridRows - 1),
                                    .last_column = std::min(column_ + across, kGridColumns - 1)});
  }

  bool CellPart() {
    if (xml_.name() == "Comment" && options_.comments) return ReadComment();
    if (xml_.name() != "Data") return xml_.SkipElement();
    const std::string type = xml_.Attribute("Type");
    text_.Clear();
    if (!ReadData()) return false;
    const bool is_text = type == "String" || type.empty();
    if (is_text) {
      sink_.AddString(row_, column_, style_, text_.text, text_.runs, flags_);
    } else if (!base::Trim(text_.text).empty()) {
      AddValue(type);
    }
    return true;
  }

  bool ReadComment() {
    Comment comment{.row = row_, .column = column_, .author = xml_.Attribute("Author"), .text = {}};
    const bool good = xml_.TextOf(comment.text);
    RepairUtf8(comment.text);
    sink_.sheet().comments.push_back(std::move(comment));
    return good;
  }

  // Within any tag the font is what the tags say, outside of them that of the cell.
  bool ReadData() {
    const std::size_t outside = xml_.depth() - 1;
    fonts_.assign(1, TextRun());
    for (;;) {
      const Event event = xml_.Next();
      if (event == Event::kError || event == Event::kDone) return false;
      if (event == Event::kStart) {
        fonts_.push_back(fonts_.back());
        ApplyTag(xml_.name(), fonts_.back());
      } else if (event == Event::kEnd) {
        if (xml_.depth() == outside) return true;
        fonts_.pop_back();
      } else {
        text_.BeginRun(fonts_.back(), fonts_.size() == 1);
        const std::size_t from = text_.text.size();
        xml_.AppendText(text_.text);
        RepairUtf8(text_.text, from);
      }
    }
  }

  void AddValue(std::string_view type) {
    if (type == "Number") {
      if (const auto number = ParseXlsxNumber(text_.text)) {
        return sink_.AddNumber(row_, column_, style_, *number, flags_);
      }
    } else if (type == "DateTime") {
      if (const auto serial = ParseIsoSerial(text_.text)) return AddDate(*serial);
      if (const auto number = ParseXlsxNumber(text_.text)) return AddDate(*number);
    } else if (type == "Boolean") {
      const std::string_view value = base::Trim(text_.text);
      if (value == "1" || value == "0") return sink_.AddBool(row_, column_, style_, value == "1", flags_);
    } else if (type == "Error") {
      if (const auto error = ParseCellError(base::Trim(text_.text))) {
        return sink_.AddError(row_, column_, style_, *error, flags_);
      }
    }
    AddOdd(type);
  }

  // Excel writes days before March 1900 as its own calendar has them, from 31 December 1899 on.
  void AddDate(double iso_serial) {
    constexpr double kMarch1900 = 61;
    const double serial = iso_serial - (book_.book.date1904 ? kDaysTo1904 : iso_serial < kMarch1900 ? 1 : 0);
    const auto& kinds = book_.book.number_kinds;
    if (style_ < kinds.size() && kinds[style_] == CellKind::kDuration) {
      sink_.AddDuration(row_, column_, style_, serial, flags_);
    } else {
      sink_.AddDate(row_, column_, style_, serial, flags_);
    }
  }

  void AddOdd(std::string_view type) {
    sink_.AddIssue("value", base::Quoted(text_.text) + " is no " + std::string(type) + ", kept as text",
                   A1(row_, column_), xml_.offset());
    sink_.AddString(row_, column_, style_, text_.text, text_.runs, flags_);
  }

  struct ColumnRun {
    std::uint32_t first = 0;
    std::uint32_t last = 0;
    std::uint32_t style = 0;
  };

  XmlReader& xml_;
  const SsmlBook& book_;
  const ReadOptions& options_;
  CellSink& sink_;
  std::vector<ColumnRun> columns_;
  std::uint32_t next_column_ = 0;  // of the column definitions
  std::uint32_t next_row_ = 0;
  std::uint32_t hidden_below_ = 0;
  std::uint32_t row_ = 0;
  std::uint32_t column_ = 0;
  std::uint32_t table_style_ = 0;
  std::optional<std::uint32_t> row_style_;
  std::uint32_t style_ = 0;
  std::uint8_t flags_ = 0;
  RichText text_;
  std::vector<TextRun> fonts_;  // of the open tags
};

}  // namespace

base::Status ReadSsmlSheet(XmlReader& xml, const SsmlBook& book, const std::stop_token& stop,
                           const ReadOptions& options, CellSink& sink) {
  return SsmlSheetReader(xml, book, options, sink).Read(stop);
}

}  // namespace tidemill::workbook
