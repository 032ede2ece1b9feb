// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tidemill::workbook {

inline bool IsHtmlSpace(char c) {
  return c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == '\f';
}

// Text with HTML's character references resolved and its white space as it is: the 252 names of HTML 4, and numbers;
// what is none stays as it is.
void AppendHtmlText(std::string& out, std::string_view raw);

// Cuts HTML in UTF-8 into tags and text, however broken it is: every byte belongs to something, nothing is nested, no
// memory is taken but for the attributes of one tag. Comments, declarations, scripts and style sheets are no tokens.
class HtmlTokens {
 public:
  enum class Token : std::uint8_t { kStart, kEnd, kText, kDone };
  struct AttributeSpan {
    std::string name;  // lower case
    std::string_view value;
  };

  explicit HtmlTokens(std::string_view html) : html_(html) {}

  Token Next();
  const std::string& name() const { return name_; }  // of kStart and kEnd, lower case
  std::string_view raw() const { return text_; }     // of kText
  std::string_view aside() const { return aside_; }  // the last comment or style sheet that was passed
  std::size_t offset() const { return token_at_; }   // of the token

  // Of the tag that was just started, raw and decoded; of two of one name the first.
  std::optional<std::string_view> RawAttribute(std::string_view name) const;
  std::string Attribute(std::string_view name) const;  // "" where it is absent
  // A whole number, or nothing; digits before other things count.
  std::optional<std::uint32_t> Number(std::string_view name) const;

 private:
  bool Markup();
  void StartTag();
  void ReadAttributes();
  void SkipTo(std::string_view end, std::size_t from);
  void SkipRawText();

  std::string_view html_;
  std::size_t at_ = 0;
  std::size_t token_at_ = 0;
  Token token_ = Token::kDone;
  std::string name_;
  std::string_view text_;
  std::string_view aside_;
  std::vector<AttributeSpan> attributes_;
  std::size_t attribute_count_ = 0;  // the rest of attributes_ is of tags before, kept for its memory
};

}  // namespace tidemill::workbook
