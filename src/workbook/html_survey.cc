// SPDX-License-Identifier: Apache-2.0
#include "html_survey.h"

#include <algorithm>

#include "tidemill/base/encoding.h"
#include "tidemill/base/text.h"

#include "text_encoding.h"

namespace tidemill::workbook {
namespace {

using Token = HtmlTokens::Token;

constexpr std::size_t kLookedAt = 4'096;

bool IsBlank(std::string_view raw) {
  while (!raw.empty()) {
    if (raw.starts_with("&nbsp;")) {
      raw.remove_prefix(6);
    } else if (raw.starts_with("\xC2\xA0")) {
      raw.remove_prefix(2);
    } else if (raw.front() == ' ' || raw.front() == '\n' || raw.front() == '\r' || raw.front() == '\t') {
      raw.remove_prefix(1);
    } else {
      return false;
    }
  }
  return true;
}

class Surveyor {
 public:
  Surveyor(std::string_view html, std::uint32_t max_depth) : tokens_(html), html_(html), max_depth_(max_depth) {}

  HtmlSurvey Run() {
    const std::string_view beginning = html_.substr(0, kLookedAt);
    for (const std::string_view mark : {"urn:schemas-microsoft-com:office:excel", "Excel.Sheet", "LibreOffice",
                                        "OpenOffice", "SheetJS Table Export"}) {
      if (beginning.find(mark) != std::string_view::npos) survey_.from_program = true;
    }
    for (Token token = tokens_.Next(); token != Token::kDone; token = tokens_.Next()) {
      Aside();
      if (token == Token::kStart) Start();
      if (token == Token::kEnd) End();
      if (token == Token::kText) Text();
    }
    while (!open_.empty()) CloseTable();
    std::sort(survey_.tables.begin(), survey_.tables.end(),
              [](const HtmlSurvey::Table& a, const HtmlSurvey::Table& b) { return a.offset < b.offset; });
    return std::move(survey_);
  }

 private:
  struct OpenTable {
    HtmlSurvey::Table table;
    std::uint32_t filled = 0;  // cells of the row
    bool in_cell = false;
    bool cell_filled = false;
    bool in_caption = false;
  };

  void Aside() {
    const std::string_view aside = tokens_.aside();
    if (aside.data() == last_aside_) return;
    last_aside_ = aside.data();
    survey_.styles.ReadStyleSheet(aside);
    constexpr std::string_view kName = "<x:Name>";
    for (std::size_t at = aside.find(kName); at != std::string_view::npos; at = aside.find(kName, at + 1)) {
      std::string name;
      AppendHtmlText(name, aside.substr(at + kName.size(), aside.find('<', at + 1) - at - kName.size()));
      survey_.sheet_names.push_back(std::move(name));
    }
  }

  void Start() {
    const std::string& name = tokens_.name();
    if (name == "table") {
      if (open_.size() >= max_depth_) {
        survey_.too_deep = true;
        ++beyond_;
        return;
      }
      open_.push_back({.table = {.offset = tokens_.offset(), .caption = {}}});
    } else if (!open_.empty() && beyond_ == 0) {
      if (name == "caption") open_.back().in_caption = true;
      if (name == "tr") CloseRow(open_.back());
      if (name == "td" || name == "th") StartCell();
    }
  }

  void StartCell() {
    OpenTable& table = open_.back();
    CloseCell(table);
    table.in_cell = true;
    survey_.styles.Note(tokens_);
    for (const std::string_view attribute : {"x:num", "x:str", "sdval", "data-t"}) {
      if (!tokens_.RawAttribute(attribute)) continue;
      survey_.from_program = true;
      table.cell_filled = table.cell_filled || attribute != "x:str";
    }
  }

  void End() {
    const std::string& name = tokens_.name();
    if (open_.empty()) return;
    if (beyond_ > 0) {
      if (name == "table") --beyond_;
      return;
    }
    if (name == "table") CloseTable();
    if (open_.empty()) return;
    if (name == "caption") open_.back().in_caption = false;
    if (name == "tr") CloseRow(open_.back());
    if (name == "td" || name == "th") CloseCell(open_.back());
  }

  void Text() {
    if (IsBlank(tokens_.raw())) return;
    if (open_.empty()) {
      survey_.text_outside += base::Trim(tokens_.raw()).size();
      return;
    }
    OpenTable& table = open_.back();
    if (table.in_caption) AppendHtmlText(table.table.caption, tokens_.raw());
    if (table.in_cell && beyond_ == 0) table.cell_filled = true;
  }

  static void CloseCell(OpenTable& table) {
    if (table.in_cell && table.cell_filled) ++table.filled;
    table.in_cell = false;
    table.cell_filled = false;
    table.in_caption = false;
  }

  static void CloseRow(OpenTable& table) {
    CloseCell(table);
    if (table.filled > 0) table.table.has_cells = true;
    if (table.filled > 1) ++table.table.full_rows;
    table.filled = 0;
  }

  void CloseTable() {
    CloseRow(open_.back());
    HtmlSurvey::Table& table = open_.back().table;
    if (table.has_cells) survey_.tables.push_back(std::move(table));
    open_.pop_back();
  }

  HtmlTokens tokens_;
  std::string_view html_;
  std::uint32_t max_depth_;
  HtmlSurvey survey_;
  std::vector<OpenTable> open_;
  std::uint64_t beyond_ = 0;  // open tables that are too deep
  const char* last_aside_ = nullptr;
};

// The encoding that <meta charset=…> or <meta http-equiv content="text/html; charset=…"> names, or nothing.
std::string MetaEncoding(std::string_view bytes) {
  HtmlTokens tokens(bytes.substr(0, kLookedAt));
  for (Token token = tokens.Next(); token != Token::kDone; token = tokens.Next()) {
    if (token != Token::kStart || tokens.name() != "meta") continue;
    if (const auto charset = tokens.RawAttribute("charset")) return base::EncodingName(base::Trim(*charset));
    const std::string_view content = tokens.RawAttribute("content").value_or("");
    const std::size_t at = content.find("charset=");
    if (at != std::string_view::npos) return base::EncodingName(base::Trim(content.substr(at + 8)));
  }
  return {};
}

}  // namespace

bool HtmlSurvey::holds_data() const {
  if (from_program) return !tables.empty();
  return std::any_of(tables.begin(), tables.end(), [](const Table& table) { return table.full_rows > 1; });
}

HtmlSurvey SurveyHtml(std::string_view html, std::uint32_t max_depth) {
  return Surveyor(html, max_depth).Run();
}

Buffer HtmlAsUtf8(std::string_view bytes) {
  std::string encoding(EncodingByMark(bytes));
  if (encoding.empty()) encoding = MetaEncoding(bytes);
  // Whoever can read the <meta> byte by byte has no UTF-16.
  const bool unsure = encoding.empty() || encoding.starts_with("utf-16");
  if (unsure && EncodingByMark(bytes).empty()) encoding = base::IsValidUtf8(bytes) ? "utf-8" : "windows-1252";
  return DecodeText(bytes, encoding);
}

}  // namespace tidemill::workbook
