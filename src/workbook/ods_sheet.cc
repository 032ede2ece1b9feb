// SPDX-License-Identifier: Apache-2.0
#include "ods_sheet.h"

#include <algorithm>
#include <array>

#include "tidemill/base/text.h"

#include "ods_cell.h"
#include "ods_text.h"
#include "ods_walker.h"
#include "xlsx_sheet.h"
#include "xlsx_text.h"

namespace tidemill::workbook {
namespace {

using base::ErrorCode;
using base::FailAt;
using Event = XmlReader::Event;

constexpr std::uint64_t kOdsRowsBetweenStops = 512;

// Elements that only stand around rows or columns.
bool IsWrapper(std::string_view name) {
  return name == "table-rows" || name == "table-columns" || name == "table-header-rows" ||
         name == "table-header-columns" || name == "table-row-group" || name == "table-column-group";
}

bool IsHidden(std::string_view visibility) {
  return visibility == "collapse" || visibility == "filter";
}

std::uint8_t LevelOf(std::uint32_t groups) {
  return static_cast<std::uint8_t>(std::min(groups, 7U));
}

class OdsSheetReader {
 public:
  OdsSheetReader(XmlReader& xml, const OdsBook& book, const ReadOptions& options, CellSink& sink)
      : xml_(xml), book_(book), options_(options), sink_(sink), walker_(BestTextScan()) {}

  base::Status Read(const std::stop_token& stop) {
    const std::size_t outside = xml_.depth() - 1;
    std::uint64_t rows = 0;
    for (;;) {
      if (WalkRow()) {
        if (!Cells()) break;
      } else {
        const Event event = xml_.Next();
        if (event == Event::kError || event == Event::kDone) break;
        if (event == Event::kEnd && xml_.depth() == outside) break;
        if (event == Event::kEnd) Leave();
        if (event != Event::kStart) continue;
        if (xml_.name() != "table-row") {
          Element();
          continue;
        }
        if (!Row()) break;
      }
      if (++rows % kOdsRowsBetweenStops == 0 && stop.stop_requested()) {
        return FailAt(ErrorCode::kCancelled, Place(), "stopped");
      }
      if (sink_.full()) break;
    }
    if (!error_.empty()) return FailAt(ErrorCode::kTooLarge, Place(), "{}", error_);
    if (const auto& error = xml_.stream_error()) {
      if (error->code == ErrorCode::kTooLarge) return tl::unexpected(*error);
      sink_.AddIssue("inflate", error->ToText(), A1(row_, column_), xml_.offset());
    } else if (!xml_.error().empty()) {
      sink_.AddIssue("xml", "the sheet ends early: " + xml_.error(), A1(row_, column_), xml_.offset());
    }
    return {};
  }

 private:
  std::string Place() { return "sheet " + base::Quoted(sink_.sheet().name); }

  void Element() {
    const std::string_view name = xml_.name();
    if (name == "table-column") {
      Column();
    } else if (!IsWrapper(name)) {
      xml_.SkipElement();
    } else if (name == "table-row-group") {
      ++row_level_;
    } else if (name == "table-column-group") {
      ++column_level_;
    }
  }

  void Leave() {
    if (xml_.name() == "table-row-group" && row_level_ > 0) --row_level_;
    if (xml_.name() == "table-column-group" && column_level_ > 0) --column_level_;
  }

  void Column() {
    const std::uint32_t count = OdsCount(xml_.RawAttribute("number-columns-repeated").value_or("1"));
    const std::uint32_t last = std::min(next_column_ + count, kGridColumns) - 1;
    if (next_column_ >= kGridColumns) return;
    if (IsHidden(xml_.RawAttribute("visibility").value_or(""))) sink_.HideColumns(next_column_, last);
    if (column_level_ > 0) sink_.SetColumnLevel(next_column_, last, LevelOf(column_level_));
    const auto style = xml_.RawAttribute("default-cell-style-name");
    columns_.push_back({.last = last, .style = style ? book_.styles.CellStyle(*style) : 0});
    next_column_ = last + 1;
  }

  const char* Piece() {
    end_ = xml_.rest().data() + xml_.rest().size();
    return xml_.rest().data();
  }

  bool MoreOf(const char*& at) {
    const bool more = TakeMore(xml_, at);
    at = Piece();
    return more;
  }

  // Begins a row in its usual form; false, and nothing is taken, where another one or something else comes. The walker
  // does not count depths.
  bool WalkRow() {
    constexpr std::size_t kDepthOfText = 3;
    if (options_.strict_only || xml_.is_empty_element()) return false;
    if (xml_.depth() + kDepthOfText > sink_.limits().xml_depth) return false;
    const char* at = Piece();
    const char* next = nullptr;
    do {
      at = SkipXmlSpace(at);
      next = OdsWalker::Row(at, end_);
    } while (next == nullptr && MoreOf(at));
    if (next == nullptr) return false;
    xml_.Take(static_cast<std::size_t>(next - xml_.rest().data()));
    xml_.Enter("table:table-row");
    row_ = next_row_;
    next_row_ = std::min(row_ + 1, kGridRows);
    if (row_level_ > 0 && next_row_ > row_) sink_.SetRowLevel(row_, row_, LevelOf(row_level_));
    row_style_.reset();
    cells_in_row_ = 0;
    return true;
  }

  enum class Walked : std::uint8_t { kRowEnd, kOther, kFailed };

  // Cells in their usual form: to the row's end, or to one that is not.
  Walked WalkCells() {
    const char* at = Piece();
    for (;;) {
      if (const char* next = walker_.Cell(at, end_, walked_); next != nullptr && IsInGrid()) [[likely]] {
        if (!AddWalked()) return Walked::kFailed;
        at = next;
        continue;
      }
      const char* const here = SkipXmlSpace(at);
      if (StandsAt(here, "</table:table-row>") && xml_.open_name() == "table:table-row") {
        xml_.Take(static_cast<std::size_t>(here + 18 - xml_.rest().data()));
        xml_.Leave();
        return Walked::kRowEnd;
      }
      if (here != at) {
        at = here;
      } else if (!MoreOf(at)) {
        return Walked::kOther;
      }
    }
  }

  bool IsInGrid() const { return row_ < kGridRows && column_ < kGridColumns; }

  bool AddWalked() {
    style_ = walked_.has_style ? CellStyle(walked_.style) : DefaultStyle();
    flags_ = walked_.formula ? kFromFormula : std::uint8_t{0};
    const std::uint64_t before = cells_in_row_;
    if (walked_.type == OdsType::kString) {
      AddText(walked_.text, {});
    } else if (walked_.type == OdsType::kDate) {
      AddDate(walked_.value);
    } else if (walked_.type != OdsType::kNone) {
      AddValue(walked_.type, walked_.value);
    }
    return Repeated(walked_.repeated, before);
  }

  // The styles of cells by their names: of few, again and again.
  std::uint32_t CellStyle(std::string_view name) {
    if (name.empty()) return book_.styles.CellStyle(name);
    const std::size_t last = static_cast<unsigned char>(name.back());
    const std::size_t before = name.size() > 1 ? static_cast<unsigned char>(name[name.size() - 2]) : 0;
    KnownStyle& known = known_styles_[(last + 10 * before) % known_styles_.size()];
    if (known.name != name) known = {.name = std::string(name), .index = book_.styles.CellStyle(name)};
    return known.index;
  }

  // False where the sheet cannot be read on; so all that follow.
  bool Row() {
    const std::uint32_t repeated = OdsCount(xml_.RawAttribute("number-rows-repeated").value_or("1"));
    row_ = next_row_;
    next_row_ = std::min(row_ + repeated, kGridRows);
    if (next_row_ > row_) {
      if (IsHidden(xml_.RawAttribute("visibility").value_or(""))) sink_.HideRows(row_, next_row_ - 1);
      if (row_level_ > 0) sink_.SetRowLevel(row_, next_row_ - 1, LevelOf(row_level_));
    }
    const auto style = xml_.RawAttribute("default-cell-style-name");
    row_style_ = style ? std::optional(book_.styles.CellStyle(*style)) : std::nullopt;
    cells_in_row_ = 0;
    const std::size_t first_merge = sink_.sheet().merges.size();
    return Cells() && (repeated == 1 || RepeatRow(first_merge));
  }

  bool Cells() {
    const std::size_t outside = xml_.depth() - 1;
    column_ = 0;
    column_run_ = 0;
    for (;;) {
      if (!options_.strict_only && !xml_.is_empty_element()) {
        const Walked walked = WalkCells();
        if (walked != Walked::kOther) return walked == Walked::kRowEnd;
      }
      const Event event = xml_.Next();
      if (event == Event::kError || event == Event::kDone) return false;
      if (event == Event::kEnd && xml_.depth() == outside) return true;
      if (event != Event::kStart) continue;
      const bool is_cell = xml_.name() == "table-cell" || xml_.name() == "covered-table-cell";
      if (!(is_cell ? ReadCell() : xml_.SkipElement())) return false;
    }
  }

  bool ReadCell() {
    OdsCellAttributes cell = ReadOdsCellAttributes(xml_);
    // Reading on may take more of the file into the place where the attributes lie.
    value_.assign(cell.value);
    cell.value = value_;
    covered_ = xml_.name() == "covered-table-cell";
    text_.Clear();
    string_value_.clear();
    if (cell.string_value) AppendXmlText(string_value_, *cell.string_value);
    style_ = cell.style ? CellStyle(*cell.style) : DefaultStyle();
    if (!Content()) return false;
    const std::uint64_t before = cells_in_row_;
    if (IsInGrid()) {
      Add(cell);
    } else if (cell.has_value() || !text_.text.empty()) {
      sink_.AddIssue("address", "a cell beyond XFD1048576 is left out", A1(row_, column_), xml_.offset());
    }
    if (cell.columns_spanned > 1 || cell.rows_spanned > 1) AddMerge(cell);
    return Repeated(cell.repeated, before);
  }

  bool Repeated(std::uint32_t count, std::uint64_t cells_before) {
    if (cells_in_row_ > cells_before && count > 1 && !RepeatCell(count)) return false;
    column_ = std::min(column_ + count, kGridColumns);
    return true;
  }

  std::uint32_t DefaultStyle() {
    if (row_style_) return *row_style_;
    while (column_run_ < columns_.size() && columns_[column_run_].last < column_) ++column_run_;
    return column_run_ < columns_.size() ? columns_[column_run_].style : 0;
  }

  bool Content() {
    const std::size_t outside = xml_.depth() - 1;
    for (;;) {
      const Event event = xml_.Next();
      if (event == Event::kError || event == Event::kDone) return false;
      if (event == Event::kEnd && xml_.depth() == outside) return true;
      if (event == Event::kStart && !Part()) return false;
    }
  }

  // Lists stand around paragraphs; all else in a cell is not its text.
  bool Part() {
    const std::string_view name = xml_.name();
    if (name == "p" || name == "h") return ReadOdsParagraph(xml_, book_.styles, Font(), sink_.limits(), text_);
    if (name == "list" || name == "list-item" || name == "list-header" || name == "section") return true;
    if (name == "annotation" && options_.comments) return ReadComment();
    if (name == "table") {
      sink_.AddIssue("nested-table", "a table within a cell is left out", A1(row_, column_), xml_.offset());
    }
    return xml_.SkipElement();
  }

  bool ReadComment() {
    OdsAnnotation note;
    const bool good = ReadOdsAnnotation(xml_, book_.styles, sink_.limits(), note);
    sink_.AddComment({.row = row_, .column = column_, .author = std::move(note.author), .text = std::move(note.text)});
    return good;
  }

  TextRun Font() const {
    const auto& styles = *book_.book.styles;
    return style_ < styles.size() ? FontOf(styles[style_]) : TextRun();
  }

  // The text that the cell says it has may differ from what it shows; then it has no runs.
  bool ShowsValue() const { return string_value_.empty() || string_value_ == text_.text; }

  void Add(const OdsCellAttributes& cell) {
    flags_ = cell.formula ? kFromFormula : std::uint8_t{0};
    if (!text_.link.empty()) AddLink();
    switch (cell.type) {
      case OdsType::kNone:
        return AddUntyped();
      case OdsType::kString:
      case OdsType::kError:
        return AddString(cell);
      case OdsType::kBool:
        return AddBool(cell.value);
      case OdsType::kDate:
        if (const auto serial = ParseIsoSerial(cell.value)) return AddDate(*serial);
        return AddOdd(cell.value, "date");
      case OdsType::kTime:
        if (const auto days = ParseIsoDuration(cell.value)) return AddTime(*days);
        return AddOdd(cell.value, "time");
      default:
        return AddNumber(cell);
    }
  }

  // What a covered cell holds without saying what it is, no program shows.
  void AddUntyped() {
    if (!covered_) return AddText(text_.text, text_.runs);
    if (text_.text.empty()) return;
    sink_.AddIssue("covered-text", base::Quoted(text_.text) + " under a merged cell is left out", A1(row_, column_),
                   xml_.offset());
  }

  void AddNumber(const OdsCellAttributes& cell) {
    const auto number = ParseXlsxNumber(cell.value);
    if (!number) return AddOdd(cell.value, "number");
    // Programs of before 2011 wrote the result of a formula that failed as 0 and showed what it is.
    if (cell.formula && *number == 0 && ParseOdsError(text_.text)) {
      sink_.AddIssue("error-as-number", base::Quoted(text_.text) + " is stored as 0", A1(row_, column_), xml_.offset());
    }
    AddValue(cell.type, *number);
  }

  void AddValue(OdsType type, double number) {
    const bool percent = type == OdsType::kPercentage && IsGeneral();
    sink_.AddNumber(row_, column_, percent ? book_.percent_style : style_, number, flags_);
    ++cells_in_row_;
  }

  bool IsGeneral() const {
    const auto& styles = *book_.book.styles;
    return style_ >= styles.size() || styles[style_].number_class == NumberClass::kGeneral;
  }

  void AddDate(double serial) {
    sink_.AddIsoDate(row_, column_, style_, serial, flags_);
    ++cells_in_row_;
  }

  // A time of day is what is shown as one; all else is a duration.
  void AddTime(double days) {
    const auto& styles = *book_.book.styles;
    if (style_ < styles.size() && styles[style_].number_class == NumberClass::kTime) {
      sink_.AddNumber(row_, column_, style_, days, flags_);
    } else {
      sink_.AddDuration(row_, column_, style_, days, flags_);
    }
    ++cells_in_row_;
  }

  void AddBool(std::string_view value) {
    if (value != "true" && value != "false") return AddOdd(value, "boolean");
    sink_.AddBool(row_, column_, style_, value == "true", flags_);
    ++cells_in_row_;
  }

  void AddString(const OdsCellAttributes& cell) {
    if (cell.type == OdsType::kError) {
      if (const auto error = ParseOdsError(text_.text)) {
        sink_.AddError(row_, column_, style_, *error, flags_);
        ++cells_in_row_;
        return;
      }
    }
    ShowsValue() ? AddText(text_.text, text_.runs) : AddText(string_value_, {});
  }

  void AddText(std::string_view text, std::span<const RawRun> runs) {
    if (text.empty()) return;
    sink_.AddString(row_, column_, style_, text, runs, flags_);
    ++cells_in_row_;
  }

  // A value that is not what its cell says is kept as the text that the cell shows.
  void AddOdd(std::string_view value, std::string_view expected) {
    if (value.empty() && text_.text.empty()) return;
    sink_.AddIssue("value", base::Quoted(value) + " is no " + std::string(expected) + ", kept as text",
                   A1(row_, column_), xml_.offset());
    text_.text.empty() ? AddText(value, {}) : AddText(text_.text, text_.runs);
  }

  void AddLink() { sink_.AddHyperlink({row_, column_, row_, column_}, text_.link); }

  void AddMerge(const OdsCellAttributes& cell) {
    if (!IsInGrid()) return;
    sink_.AddMerge({.first_row = row_,
                    .first_column = column_,
                    .last_row = std::min(row_ + cell.rows_spanned, kGridRows) - 1,
                    .last_column = std::min(column_ + cell.columns_spanned, kGridColumns) - 1});
  }

  // Counted before a cell is made: 2^20 rows of 2^14 cells take 400 bytes of a file.
  bool MayRepeat(std::uint64_t cells) {
    const std::uint64_t limit = sink_.limits().repeated_cells;
    repeated_ += cells;
    if (repeated_ <= limit) return true;
    error_ = "limit: repeat counts at " + A1(row_, std::min(column_, kGridColumns - 1)) + " make more cells than the " +
             std::to_string(limit) + " that are allowed";
    return false;
  }

  bool RepeatCell(std::uint32_t repeated) {
    const std::uint32_t times = std::min(repeated, kGridColumns - column_) - 1;
    if (!MayRepeat(times)) return false;
    sink_.RepeatCell(times);
    cells_in_row_ += times;
    return true;
  }

  bool RepeatRow(std::size_t first_merge) {
    if (row_ >= kGridRows) return true;
    const std::uint32_t times = next_row_ - row_ - 1;
    const auto& merges = sink_.sheet().merges;
    const std::size_t last_merge = merges.size();
    if (!MayRepeat((cells_in_row_ + last_merge - first_merge) * times)) return false;
    if (cells_in_row_ > 0) sink_.RepeatRow(times);
    for (std::uint32_t i = 1; i <= times && last_merge > first_merge; ++i) {
      for (std::size_t at = first_merge; at < last_merge; ++at) {
        Range merge = merges[at];
        merge.first_row += i;
        merge.last_row = std::min(merge.last_row + i, kGridRows - 1);
        sink_.AddMerge(merge);
      }
    }
    return true;
  }

  // The default style of columns up to `last`.
  struct ColumnRun {
    std::uint32_t last = 0;
    std::uint32_t style = 0;
  };

  struct KnownStyle {
    std::string name;
    std::uint32_t index = 0;
  };

  XmlReader& xml_;
  const OdsBook& book_;
  const ReadOptions& options_;
  CellSink& sink_;
  OdsWalker walker_;
  OdsWalkedCell walked_;
  const char* end_ = nullptr;  // of the piece at hand
  std::array<KnownStyle, 64> known_styles_;
  std::vector<ColumnRun> columns_;
  std::uint32_t next_column_ = 0;  // of the column definitions
  std::uint32_t next_row_ = 0;
  std::uint32_t row_ = 0;
  std::uint32_t column_ = 0;
  std::size_t column_run_ = 0;  // of column_
  std::optional<std::uint32_t> row_style_;
  std::uint32_t style_ = 0;
  std::uint8_t flags_ = 0;
  bool covered_ = false;
  std::uint32_t row_level_ = 0;  // groups that are open
  std::uint32_t column_level_ = 0;
  std::uint64_t cells_in_row_ = 0;
  std::uint64_t repeated_ = 0;
  OdsText text_;
  std::string value_;
  std::string string_value_;
  std::string error_;
};

}  // namespace

base::Status ReadOdsSheet(XmlReader& xml, const OdsBook& book, const std::stop_token& stop, const ReadOptions& options,
                          CellSink& sink) {
  return OdsSheetReader(xml, book, options, sink).Read(stop);
}

}  // namespace tidemill::workbook
