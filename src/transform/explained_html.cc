// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "tidemill/base/sha256.h"
#include "tidemill/base/text.h"
#include "tidemill/transform/explained_formats.h"

#include "explained_page.h"
#include "picture_rows.h"

namespace tidemill::transform {
namespace {

constexpr std::size_t kMostDrawnCells = 60'000;   // that are drawn of one sheet
constexpr std::size_t kSmallSheet = 20'000;       // cells up to which nothing is folded
constexpr std::size_t kHtmlHead = 20;             // rows that are drawn of a stretch alike
constexpr std::size_t kMostHtmlFindings = 1'000;  // that are listed

// For texts and attribute values in double quotes. HTML knows no control characters.
std::string Escape(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      case '\n':
        out += "&#10;";
        break;
      default:
        out += static_cast<unsigned char>(c) < 0x20 || c == 0x7F ? ' ' : c;
    }
  }
  return out;
}

// What a policy names a style or script by (CSP 3, 2.3.1).
std::string Hash(std::string_view text) {
  constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const base::Sha256Digest digest = base::Sha256(text);
  std::string out = "sha256-";
  for (std::size_t i = 0; i < digest.size(); i += 3) {
    std::uint32_t bits = 0;
    for (std::size_t j = 0; j < 3; ++j) bits = (bits << 8U) | (i + j < digest.size() ? digest.at(i + j) : 0U);
    for (std::size_t j = 0; j < 4; ++j) {
      out += j <= digest.size() - i ? kDigits[(bits >> (18 - 6 * j)) & 63U] : '=';
    }
  }
  return out;
}

// The class's name in the style: its letter, but for '?'.
char StyleOf(CellClass cell_class) {
  return cell_class == CellClass::kNone ? 'u' : LetterOf(cell_class);
}

std::string CellId(std::size_t picture, std::string_view cell) {
  return fmt::format("s{}-{}", picture, cell);
}

class SheetPage {
 public:
  SheetPage(const Explained& explained, std::size_t index)
      : explained_(explained),
        index_(index),
        picture_(explained.pictures[index]),
        found_(FindingsOn(explained, picture_.sheet)),
        rows_(RowsOf(picture_)),
        columns_(ColumnsOf(picture_)) {}
  std::string Write();

 private:
  std::string HeadRow() const;
  std::string BodyRow(const PictureRow& row);
  std::string DataCell(std::uint32_t row, std::uint32_t column, const PictureCell* cell);
  std::string Detail(const std::string& address, const PictureCell* cell, std::uint32_t row,
                     std::uint32_t column) const;
  bool IsCandidate(std::uint32_t row, std::uint32_t column) const;

  const Explained& explained_;
  std::size_t index_;
  const Picture& picture_;
  FoundAt found_;
  std::vector<PictureRow> rows_;
  std::vector<std::uint32_t> columns_;
  bool focusable_ = false;  // a cell is in the Tab order already
};

bool SheetPage::IsCandidate(std::uint32_t row, std::uint32_t column) const {
  return std::ranges::any_of(explained_.candidates, [&](const Candidate& one) {
    return one.sheet == picture_.sheet && one.range && row >= one.range->first_row && row <= one.range->last_row &&
           column >= one.range->first_column && column <= one.range->last_column;
  });
}

std::string SheetPage::HeadRow() const {
  std::string html = "<thead><tr><th scope=\"col\">row</th>";
  for (const std::uint32_t column : columns_) {
    html += "<th scope=\"col\">" + workbook::ColumnName(column);
    const auto name = picture_.column_names.find(column);
    if (name != picture_.column_names.end()) html += " " + Escape(name->second);
    html += "</th>";
  }
  return html + "</tr></thead>";
}

// What the reader of one cell wants to know, a line each.
std::string SheetPage::Detail(const std::string& address, const PictureCell* cell, std::uint32_t row,
                              std::uint32_t column) const {
  std::string detail = address;
  if (cell != nullptr) {
    detail += fmt::format(" · {} · “{}”", ToText(cell->cell_class), base::CollapseSpace(cell->text));
  }
  const auto name = picture_.column_names.find(column);
  const auto key = picture_.row_keys.find(row);
  if (cell != nullptr && key != picture_.row_keys.end() && name != picture_.column_names.end()) {
    detail += fmt::format("\ncolumn {}", name->second);
    if (!cell->became.empty()) detail += " = " + cell->became;
    detail += "\nkey " + key->second;
    const auto period = picture_.column_keys.find(column);
    if (period != picture_.column_keys.end()) detail += " · " + period->second;
  } else if (cell != nullptr && !cell->became.empty()) {
    detail += "\nread as " + cell->became;
  }
  if (const auto at = found_.find(address); at != found_.end()) {
    for (const Finding* finding : at->second) {
      detail += fmt::format("\n{} {}: {}", ToText(finding->severity), finding->slug, finding->message);
    }
  }
  return detail;
}

std::string SheetPage::DataCell(std::uint32_t row, std::uint32_t column, const PictureCell* cell) {
  const std::string address = workbook::A1(row, column);
  const bool found = found_.contains(address);
  const bool maybe = IsCandidate(row, column);
  std::string classes = cell == nullptr ? std::string() : std::string(1, StyleOf(cell->cell_class));
  if (found) classes += classes.empty() ? "found" : " found";
  if (maybe) classes += classes.empty() ? "maybe" : " maybe";
  std::string html = "<td";
  if (cell != nullptr || found) {
    html += fmt::format(" id=\"{}\" tabindex=\"{}\" aria-label=\"{}\"", CellId(index_, address), focusable_ ? -1 : 0,
                        Escape(Detail(address, cell, row, column)));
    focusable_ = true;
  }
  if (!classes.empty()) html += " class=\"" + classes + "\"";
  html += ">";
  if (cell != nullptr) html += Escape(base::CollapseSpace(cell->text));
  return html + "</td>";
}

std::string SheetPage::BodyRow(const PictureRow& row) {
  std::string html = fmt::format("<tr><th scope=\"row\">{}</th>", row.number + 1);
  auto cell = row.cells.begin();
  for (const std::uint32_t column : columns_) {
    const bool filled = cell != row.cells.end() && cell->column == column;
    html += DataCell(row.number, column, filled ? &*cell : nullptr);
    if (filled) ++cell;
  }
  return html + "</tr>\n";
}

std::string SheetPage::Write() {
  std::string html = fmt::format("<h2 id=\"s{}\">{}{}</h2>\n", index_, Escape(picture_.sheet),
                                 picture_.bound ? "" : ": no table of the recipe is bound here");
  html += "<div class=\"scroll\"><table class=\"grid\">" + HeadRow() + "\n<tbody>\n";
  const std::size_t head = picture_.cells.size() <= kSmallSheet ? picture_.cells.size() : kHtmlHead;
  std::size_t drawn = 0;
  std::size_t left_out = 0;
  for (const Stretch& stretch : Fold(rows_, found_, head)) {
    if (stretch.folded) {
      html += fmt::format("<tr class=\"fold\"><th scope=\"row\">⋮</th><td colspan=\"{}\">{} rows alike</td></tr>\n",
                          std::max<std::size_t>(columns_.size(), 1), stretch.end - stretch.first);
      continue;
    }
    for (std::size_t i = stretch.first; i < stretch.end; ++i) {
      if (drawn >= kMostDrawnCells) {
        ++left_out;
        continue;
      }
      html += BodyRow(rows_[i]);
      drawn += columns_.size();
    }
  }
  html += "</tbody></table></div>\n";
  if (left_out > 0) html += fmt::format("<p>{} more rows are not drawn.</p>\n", left_out);
  return html;
}

std::string LegendHtml(const Explained& explained) {
  std::array<std::int64_t, static_cast<std::size_t>(CellClass::kIgnored) + 1> counts{};
  for (const Picture& picture : explained.pictures) {
    for (const PictureCell& cell : picture.cells) ++counts.at(static_cast<std::size_t>(cell.cell_class));
  }
  std::string html = "<h2>Classes of cells</h2>\n<p>";
  for (std::size_t i = 0; i < counts.size(); ++i) {
    if (counts[i] == 0) continue;
    const auto cell_class = static_cast<CellClass>(i);
    html += fmt::format("<span class=\"key {}\">{} {}</span>\n", StyleOf(cell_class), ToText(cell_class),
                        base::Thousands(counts[i]));
  }
  return html +
         "</p>\n<p>Point at a cell, or go to one with Tab and the arrow keys, to read its address, its text and "
         "what it became. A thick frame marks a finding" +
         (explained.candidates.empty() ? "" : ", a dashed one a candidate") + ".</p>\n";
}

// A link to the cell where the picture has it, else its place as text.
std::string PlaceLink(const Explained& explained, const Finding& finding) {
  for (std::size_t i = 0; i < explained.pictures.size(); ++i) {
    if (explained.pictures[i].sheet != finding.sheet) continue;
    const std::string target = finding.cell.empty() ? fmt::format("s{}", i) : CellId(i, finding.cell);
    return fmt::format("<a href=\"#{}\">{}</a>", Escape(target),
                       Escape(finding.sheet + (finding.cell.empty() ? "" : "!" + finding.cell)));
  }
  return Escape(finding.sheet.empty() ? finding.edition : finding.sheet);
}

std::string FindingTable(const Explained& explained) {
  if (explained.findings.empty()) return explained.error ? "" : "<h2>Findings</h2>\n<p>None.</p>\n";
  std::string html =
      "<h2>Findings</h2>\n<table class=\"list\"><thead><tr><th scope=\"col\">severity</th><th scope=\"col\">what</th>"
      "<th scope=\"col\">where</th><th scope=\"col\">found and expected</th></tr></thead><tbody>\n";
  for (std::size_t i = 0; i < explained.findings.size() && i < kMostHtmlFindings; ++i) {
    const Finding& finding = explained.findings[i];
    html += fmt::format("<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>\n", ToText(finding.severity),
                        Escape(finding.slug), PlaceLink(explained, finding), Escape(finding.message));
  }
  html += "</tbody></table>\n";
  if (explained.findings.size() > kMostHtmlFindings) {
    html += fmt::format("<p>… and {} more.</p>\n", explained.findings.size() - kMostHtmlFindings);
  }
  return html;
}

std::string CandidateTable(const Explained& explained) {
  if (explained.candidates.empty()) return {};
  std::string html =
      "<h2>Candidates</h2>\n<table class=\"list\"><thead><tr><th scope=\"col\">score</th><th scope=\"col\">what</th>"
      "<th scope=\"col\">where</th><th scope=\"col\">why</th></tr></thead><tbody>\n";
  for (const Candidate& one : explained.candidates) {
    html += fmt::format("<tr><td>{:.2f}</td><td>{}</td><td>{}{}</td><td>{}</td></tr>\n", one.score, Escape(one.what),
                        Escape(one.sheet), one.range ? "!" + workbook::A1(*one.range) : "", Escape(one.why));
  }
  return html + "</tbody></table>\n";
}

std::string Head(const std::string& title) {
  return fmt::format(
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src '{}'; script-src '{}'; "
      "base-uri 'none'; form-action 'none'\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{}</title>\n"
      "<style>{}</style>\n</head>\n<body>\n<main>\n<h1>{}</h1>\n",
      Hash(kPageStyle), Hash(kPageScript), title, kPageStyle, title);
}

}  // namespace

std::string ToHtml(const Explained& explained) {
  std::string html = Head(fmt::format("How {} reads {}", Escape(explained.recipe), Escape(explained.file)));
  if (explained.error) {
    html += "<p class=\"error\"><strong>Not bound.</strong> " + Escape(explained.error->ToText()) + "</p>\n";
  }
  if (!explained.text.empty()) html += "<pre>" + Escape(explained.text) + "</pre>\n";
  html += CandidateTable(explained) + FindingTable(explained) + LegendHtml(explained);
  for (std::size_t i = 0; i < explained.pictures.size(); ++i) html += SheetPage(explained, i).Write();
  return html + "</main>\n<script>" + std::string(kPageScript) + "</script>\n</body>\n</html>\n";
}

}  // namespace tidemill::transform
