// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "tidemill/workbook/workbook.h"

#include "html_tokens.h"

namespace tidemill::workbook {

// The number formats of an HTML document as spreadsheet programs write them: Excel's mso-number-format in style sheets
// and style attributes, LibreOffice's sdnum, SheetJS's data-z. Cells of <th> are bold.
class HtmlStyles {
 public:
  // The rules of a style sheet for classes.
  void ReadStyleSheet(std::string_view css);
  // Makes a style for a <td> or <th>; a second one of the same kind is the same. Beyond some thousand they are plain.
  void Note(const HtmlTokens& cell);

  std::uint32_t Index(const HtmlTokens& cell) const;
  const std::vector<Style>& styles() const { return styles_; }

 private:
  std::string FormatOf(const HtmlTokens& cell) const;

  std::unordered_map<std::string, std::string> formats_of_classes_;
  std::map<std::pair<std::string, bool>, std::uint32_t> known_;  // by format, and whether it is bold
  std::vector<Style> styles_ = std::vector<Style>(1);
};

}  // namespace tidemill::workbook
