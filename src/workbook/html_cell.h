// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "html_tokens.h"
#include "rich_text.h"

namespace tidemill::workbook {

// Gathers the text of a cell from tags and text: white space folded, <br> and the ends of blocks as line ends, <sup>
// and the like as runs.
class HtmlText {
 public:
  void Clear();
  void Start(const HtmlTokens& tag);
  void End(std::string_view name);
  void Text(std::string_view raw);
  // Without white space at its ends; empty where only no-break spaces are left. Good until the next Clear.
  const RichText& Finish();

  const std::string& link() const { return link_; }  // the target of the first <a>

 private:
  struct OpenTag {
    std::string name;
    TextRun font_before;
  };

  void BreakLine();
  void TrimEnd();

  RichText text_;
  std::string decoded_;
  TextRun font_;
  std::vector<OpenTag> open_;  // those that change the font
  bool space_pending_ = false;
  bool break_pending_ = false;
  std::string link_;
};

}  // namespace tidemill::workbook
