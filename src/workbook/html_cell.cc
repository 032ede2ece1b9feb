// SPDX-License-Identifier: Apache-2.0
#include "html_cell.h"

#include <algorithm>
#include <array>

namespace tidemill::workbook {
namespace {

constexpr std::size_t kMostOpen = 64;
constexpr std::string_view kNoBreakSpace = "\xC2\xA0";

bool IsBlock(std::string_view name) {
  constexpr std::array<std::string_view, 14> kNames = {"p",  "div", "li", "ul", "ol", "h1",         "h2",
                                                       "h3", "h4",  "h5", "h6", "dd", "blockquote", "pre"};
  return std::find(kNames.begin(), kNames.end(), name) != kNames.end();
}

// True where the tag says something of the font.
bool ApplyTag(const HtmlTokens& tag, TextRun& font) {
  const std::string& name = tag.name();
  const TextRun before = font;
  if (name == "sup") font.script = Script::kSuperscript;
  if (name == "sub") font.script = Script::kSubscript;
  if (name == "b" || name == "strong") font.bold = true;
  if (name == "i" || name == "em") font.italic = true;
  if (name == "s" || name == "strike" || name == "del") font.strike = true;
  if (name == "span" || name == "font") {
    const std::string style = tag.Attribute("style");
    if (style.find("vertical-align:super") != std::string::npos) font.script = Script::kSuperscript;
    if (style.find("vertical-align:sub") != std::string::npos) font.script = Script::kSubscript;
    // Its end has to be told from that of one which changes the font.
    return true;
  }
  return !(font == before);
}

}  // namespace

void HtmlText::Clear() {
  text_.Clear();
  font_ = TextRun();
  open_.clear();
  space_pending_ = false;
  break_pending_ = false;
  link_.clear();
}

void HtmlText::Start(const HtmlTokens& tag) {
  const std::string& name = tag.name();
  if (name == "br") return BreakLine();
  if (IsBlock(name)) {
    break_pending_ = true;
    return;
  }
  if (name == "a" && link_.empty()) link_ = tag.Attribute("href");
  const TextRun before = font_;
  if (open_.size() < kMostOpen && ApplyTag(tag, font_)) open_.push_back({.name = name, .font_before = before});
}

void HtmlText::End(std::string_view name) {
  if (IsBlock(name)) {
    break_pending_ = true;
    return;
  }
  const auto open = std::find_if(open_.rbegin(), open_.rend(), [&](const OpenTag& tag) { return tag.name == name; });
  if (open == open_.rend()) return;
  font_ = open->font_before;
  open_.erase(open.base() - 1, open_.end());
}

void HtmlText::BreakLine() {
  TrimEnd();
  text_.text.push_back('\n');
  space_pending_ = false;
  break_pending_ = false;
}

void HtmlText::TrimEnd() {
  while (!text_.text.empty() && text_.text.back() == ' ') text_.text.pop_back();
}

void HtmlText::Text(std::string_view raw) {
  decoded_.clear();
  AppendHtmlText(decoded_, raw);
  std::string_view rest = decoded_;
  while (!rest.empty()) {
    if (IsHtmlSpace(rest.front())) {
      space_pending_ = true;
      rest.remove_prefix(1);
      continue;
    }
    std::size_t end = 0;
    while (end < rest.size() && !IsHtmlSpace(rest[end])) ++end;
    const bool at_start = text_.text.empty() || text_.text.back() == '\n';
    if (break_pending_ && !text_.text.empty()) {
      BreakLine();
    } else if (space_pending_ && !at_start) {
      text_.text.push_back(' ');
    }
    space_pending_ = false;
    break_pending_ = false;
    text_.BeginRun(font_, font_ == TextRun());
    text_.text.append(rest.substr(0, end));
    rest.remove_prefix(end);
  }
}

const RichText& HtmlText::Finish() {
  while (!text_.text.empty() && (text_.text.back() == ' ' || text_.text.back() == '\n')) text_.text.pop_back();
  std::string_view rest = text_.text;
  while (rest.starts_with(kNoBreakSpace) || rest.starts_with('\n') || rest.starts_with(' ')) {
    rest.remove_prefix(rest.starts_with(kNoBreakSpace) ? kNoBreakSpace.size() : 1);
  }
  if (rest.empty()) text_.Clear();
  return text_;
}

}  // namespace tidemill::workbook
