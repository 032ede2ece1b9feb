// SPDX-License-Identifier: Apache-2.0
#include "html_table.h"

#include <algorithm>

#include "tidemill/base/text.h"

#include "html_cell.h"
#include "html_spans.h"
#include "xlsx_sheet.h"

namespace tidemill::workbook {
namespace {

using base::ErrorCode;
using base::FailAt;
using Token = HtmlTokens::Token;

constexpr std::uint64_t kTokensBetweenStops = 4'096;
constexpr std::uint64_t kMostSteps = 100'000'000;

bool IsPlainNumber(std::string_view text) {
  constexpr std::size_t kMostDigits = 15;
  if (text.starts_with('-')) text.remove_prefix(1);
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  const std::size_t whole =
      static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), is_digit) - text.begin());
  if (whole == 0 || (whole > 1 && text.front() == '0')) return false;
  if (whole == text.size()) return whole <= kMostDigits;
  const std::string_view decimals = text.substr(whole + 1);
  return text[whole] == '.' && !decimals.empty() && whole + decimals.size() <= kMostDigits &&
         std::all_of(decimals.begin(), decimals.end(), is_digit);
}

// What the attributes of a cell say of it; copied, for the tag is gone when its text is there.
struct CellTag {
  std::uint32_t style = 0;
  std::uint32_t columns = 1;
  std::uint32_t rows = 1;
  std::uint8_t flags = 0;
  char type = '\0';   // n, b, e, s, or nothing that is said
  std::string value;  // empty: the text
};

CellTag ReadTag(const HtmlTokens& tag, const HtmlStyles& styles) {
  CellTag cell{.style = styles.Index(tag),
               .columns = std::clamp(tag.Number("colspan").value_or(1), 1U, kGridColumns),
               .rows = std::clamp(tag.Number("rowspan").value_or(1), 1U, kGridRows)};
  if (tag.RawAttribute("x:fmla")) cell.flags = kFromFormula;
  const auto take = [&](std::string_view attribute, char type) {
    if (cell.type != '\0' || !tag.RawAttribute(attribute)) return;
    cell.type = type;
    cell.value = tag.Attribute(attribute);
  };
  take("x:num", 'n');
  take("x:bool", 'b');
  take("x:err", 'e');
  take("x:str", 's');
  take("sdval", 'n');
  if (const std::string type = tag.Attribute("data-t"); cell.type == '\0' && !type.empty()) {
    cell.type = type.front();
    cell.value = tag.Attribute("data-v");
  }
  return cell;
}

class HtmlTableReader {
 public:
  HtmlTableReader(std::string_view html, const HtmlStyles& styles, CellSink& sink)
      : tokens_(html), styles_(styles), sink_(sink) {}

  base::Status Read(const std::stop_token& stop) {
    tokens_.Next();  // the table's own tag
    std::uint64_t count = 0;
    for (Token token = tokens_.Next(); token != Token::kDone && depth_ > 0; token = tokens_.Next()) {
      if (token == Token::kStart) Start();
      if (token == Token::kEnd) End();
      if (token == Token::kText && in_cell_ && depth_ == 1) text_.Text(tokens_.raw());
      if (++count % kTokensBetweenStops == 0 && stop.stop_requested()) {
        return FailAt(ErrorCode::kCancelled, Place(), "stopped");
      }
      if (spans_.steps() > kMostSteps) return FailAt(ErrorCode::kTooLarge, Place(), "limit: too many row spans");
      if (sink_.full() || row_ > kGridRows) break;
    }
    EndCell();
    if (nested_ > 0) {
      sink_.AddIssue("nested-table", std::to_string(nested_) + " tables within cells are left out here");
    }
    return {};
  }

 private:
  std::string Place() { return "sheet " + base::Quoted(sink_.sheet().name); }

  void Start() {
    const std::string& name = tokens_.name();
    if (name == "table") {
      ++depth_;
      ++nested_;
    } else if (depth_ > 1) {
      return;
    } else if (name == "tr") {
      BeginRow();
    } else if (name == "td" || name == "th") {
      BeginCell();
    } else if (name == "thead" || name == "tbody" || name == "tfoot") {
      EndRow();
    } else if (in_cell_) {
      text_.Start(tokens_);
    }
  }

  void End() {
    const std::string& name = tokens_.name();
    if (name == "table") {
      --depth_;
    } else if (depth_ > 1) {
      return;
    } else if (name == "tr" || name == "thead" || name == "tbody" || name == "tfoot") {
      EndRow();
    } else if (name == "td" || name == "th") {
      EndCell();
    } else if (in_cell_) {
      text_.End(name);
    }
  }

  void BeginRow() {
    EndRow();
    in_row_ = true;
    row_ = next_row_++;
    column_ = 0;
    spans_.BeginRow(row_);
  }

  void EndRow() {
    EndCell();
    in_row_ = false;
  }

  void BeginCell() {
    EndCell();
    if (!in_row_) BeginRow();
    in_cell_ = true;
    cell_ = ReadTag(tokens_, styles_);
    text_.Clear();
    column_ = spans_.FindFree(column_);
    const std::uint32_t last_row = std::min(row_ + cell_.rows, kGridRows) - 1;
    const std::uint32_t last_column = std::min(column_ + cell_.columns, kGridColumns) - 1;
    if (row_ >= kGridRows || column_ >= kGridColumns) return;
    spans_.Take(column_, last_column, last_row);
    if (cell_.rows > 1 || cell_.columns > 1) sink_.sheet().merges.push_back({row_, column_, last_row, last_column});
  }

  void EndCell() {
    if (!in_cell_) return;
    in_cell_ = false;
    const RichText& text = text_.Finish();
    if (row_ < kGridRows && column_ < kGridColumns) {
      AddCell(text);
    } else if (!text.text.empty()) {
      sink_.AddIssue("address", "a cell beyond XFD1048576 is left out", A1(row_, column_), tokens_.offset());
    }
    column_ = std::min(column_ + cell_.columns, kGridColumns);
  }

  void AddCell(const RichText& text) {
    if (!text_.link().empty()) {
      sink_.sheet().hyperlinks.push_back({.range = {row_, column_, row_, column_}, .target = text_.link()});
    }
    const std::string_view value = base::Trim(cell_.value.empty() ? text.text : cell_.value);
    if (cell_.type == 'n') {
      if (const auto number = ParseXlsxNumber(value)) return AddNumber(*number);
    } else if (cell_.type == 'b') {
      if (value == "TRUE" || value == "true" || value == "1") return AddBool(true);
      if (value == "FALSE" || value == "false" || value == "0") return AddBool(false);
    } else if (cell_.type == 'e') {
      const auto error = ParseCellError(base::Trim(text.text));
      if (error) return sink_.AddError(row_, column_, cell_.style, *error, cell_.flags);
    } else if (cell_.type == '\0' && text.runs.empty() && IsPlainNumber(value) && !IsText()) {
      return AddNumber(ParseXlsxNumber(value).value_or(0));
    }
    sink_.AddString(row_, column_, cell_.style, text.text, text.runs, cell_.flags);
  }

  bool IsText() const { return styles_.styles()[cell_.style].number_class == NumberClass::kText; }
  void AddNumber(double number) { sink_.AddNumber(row_, column_, cell_.style, number, cell_.flags); }
  void AddBool(bool value) { sink_.AddBool(row_, column_, cell_.style, value, cell_.flags); }

  HtmlTokens tokens_;
  const HtmlStyles& styles_;
  CellSink& sink_;
  HtmlSpans spans_;
  HtmlText text_;
  CellTag cell_;
  std::uint64_t depth_ = 1;  // of tables
  std::uint64_t nested_ = 0;
  std::uint32_t row_ = 0;
  std::uint32_t next_row_ = 0;
  std::uint32_t column_ = 0;
  bool in_row_ = false;
  bool in_cell_ = false;
};

}  // namespace

base::Status ReadHtmlTable(std::string_view html, const HtmlStyles& styles, const std::stop_token& stop,
                           CellSink& sink) {
  return HtmlTableReader(html, styles, sink).Read(stop);
}

}  // namespace tidemill::workbook
