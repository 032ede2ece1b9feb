// SPDX-License-Identifier: Apache-2.0
#include "html_tokens.h"

#include <algorithm>
#include <charconv>

namespace tidemill::workbook {
namespace {

constexpr std::size_t kMostAttributes = 64;
constexpr std::size_t kLongestName = 64;

bool IsLetter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

void AssignLower(std::string& out, std::string_view text) {
  out.assign(text.substr(0, kLongestName));
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + ('a' - 'A'));
  }
}

// Elements whose content is no markup.
bool IsRawText(std::string_view name) {
  return name == "script" || name == "style" || name == "textarea" || name == "title" || name == "xmp" ||
         name == "noscript" || name == "iframe";
}

}  // namespace

HtmlTokens::Token HtmlTokens::Next() {
  while (at_ < html_.size()) {
    token_at_ = at_;
    if (html_[at_] == '<' && Markup()) {
      if (token_ != Token::kText) return token_;
      continue;
    }
    // A < that begins no tag is text.
    const std::size_t end = std::min(html_.find('<', at_ + 1), html_.size());
    text_ = html_.substr(at_, end - at_);
    at_ = end;
    return Token::kText;
  }
  return Token::kDone;
}

// False where no markup begins. Sets token_ to kText for what is to be left out.
bool HtmlTokens::Markup() {
  const std::string_view rest = html_.substr(at_, 4);
  token_ = Token::kText;
  if (rest.starts_with("<!--")) {
    const std::size_t end = std::min(html_.find("-->", at_ + 4), html_.size());
    aside_ = html_.substr(at_ + 4, end - at_ - 4);
    at_ = std::min(end + 3, html_.size());
  } else if (rest.starts_with("<!") || rest.starts_with("<?")) {
    SkipTo(">", at_ + 2);
  } else if (rest.size() > 1 && IsLetter(rest[1])) {
    StartTag();
  } else if (rest.size() > 2 && rest[1] == '/' && IsLetter(rest[2])) {
    std::size_t end = at_ + 2;
    while (end < html_.size() && !IsHtmlSpace(html_[end]) && html_[end] != '>' && html_[end] != '/') ++end;
    AssignLower(name_, html_.substr(at_ + 2, end - at_ - 2));
    SkipTo(">", end);
    token_ = Token::kEnd;
  } else {
    return false;
  }
  return true;
}

void HtmlTokens::SkipTo(std::string_view end, std::size_t from) {
  const std::size_t found = html_.find(end, from);
  at_ = found == std::string_view::npos ? html_.size() : found + end.size();
}

void HtmlTokens::StartTag() {
  std::size_t end = at_ + 1;
  while (end < html_.size() && !IsHtmlSpace(html_[end]) && html_[end] != '>' && html_[end] != '/') ++end;
  AssignLower(name_, html_.substr(at_ + 1, end - at_ - 1));
  at_ = end;
  ReadAttributes();
  token_ = Token::kStart;
  if (!IsRawText(name_)) return;
  token_ = Token::kText;
  SkipRawText();
}

// To behind the end tag of name_, or to the end.
void HtmlTokens::SkipRawText() {
  const std::size_t begin = at_;
  std::string closing;
  do {
    SkipTo("</", at_);
    AssignLower(closing, html_.substr(at_, name_.size()));
  } while (closing != name_ && at_ < html_.size());
  if (name_ == "style") aside_ = html_.substr(begin, at_ - begin);
  SkipTo(">", at_);
}

// Up to behind the > of the tag.
void HtmlTokens::ReadAttributes() {
  attribute_count_ = 0;
  for (;;) {
    while (at_ < html_.size() && (IsHtmlSpace(html_[at_]) || html_[at_] == '/')) ++at_;
    if (at_ >= html_.size()) return;
    if (html_[at_] == '>') {
      ++at_;
      return;
    }
    const std::size_t begin = at_++;
    while (at_ < html_.size() && !IsHtmlSpace(html_[at_]) && html_[at_] != '=' && html_[at_] != '>' &&
           html_[at_] != '/')
      ++at_;
    const std::string_view name = html_.substr(begin, at_ - begin);
    std::size_t value = at_;
    while (value < html_.size() && IsHtmlSpace(html_[value])) ++value;
    std::string_view text;
    if (value < html_.size() && html_[value] == '=') {
      ++value;
      while (value < html_.size() && IsHtmlSpace(html_[value])) ++value;
      const char quote = value < html_.size() ? html_[value] : '\0';
      if (quote == '"' || quote == '\'') {
        const std::size_t end = std::min(html_.find(quote, value + 1), html_.size());
        text = html_.substr(value + 1, end - value - 1);
        at_ = std::min(end + 1, html_.size());
      } else {
        at_ = value;
        while (at_ < html_.size() && !IsHtmlSpace(html_[at_]) && html_[at_] != '>') ++at_;
        text = html_.substr(value, at_ - value);
      }
    }
    if (attribute_count_ >= kMostAttributes) continue;
    if (attribute_count_ == attributes_.size()) attributes_.emplace_back();
    AssignLower(attributes_[attribute_count_].name, name);
    attributes_[attribute_count_++].value = text;
  }
}

std::optional<std::string_view> HtmlTokens::RawAttribute(std::string_view name) const {
  for (std::size_t i = 0; i < attribute_count_; ++i) {
    if (attributes_[i].name == name) return attributes_[i].value;
  }
  return std::nullopt;
}

std::string HtmlTokens::Attribute(std::string_view name) const {
  std::string value;
  if (const auto raw = RawAttribute(name)) AppendHtmlText(value, *raw);
  return value;
}

std::optional<std::uint32_t> HtmlTokens::Number(std::string_view name) const {
  std::string_view text = RawAttribute(name).value_or("");
  while (!text.empty() && IsHtmlSpace(text.front())) text.remove_prefix(1);
  std::uint32_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error == std::errc::result_out_of_range) return UINT32_MAX;
  if (error != std::errc() || end == text.data()) return std::nullopt;
  return value;
}

}  // namespace tidemill::workbook
