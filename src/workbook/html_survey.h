// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "bytes.h"
#include "html_styles.h"

namespace tidemill::workbook {

// What an HTML document holds, found in one pass.
struct HtmlSurvey {
  struct Table {
    std::size_t offset = 0;  // of its start tag
    std::string caption;
    std::uint32_t full_rows = 0;  // with two cells or more that hold something
    bool has_cells = false;
  };
  std::vector<Table> tables;             // those that hold something of their own, by where they begin
  std::vector<std::string> sheet_names;  // as Excel notes them
  HtmlStyles styles;
  bool from_program = false;     // written by a spreadsheet program, or for one
  std::size_t text_outside = 0;  // bytes of text outside of tables
  bool too_deep = false;         // tables within tables beyond the limit are left out

  // A page that only uses a table to place its parts is no workbook.
  bool holds_data() const;
};
// At most `max_depth` tables within each other.
HtmlSurvey SurveyHtml(std::string_view html, std::uint32_t max_depth);

// HTML as UTF-8: by its byte order mark, by what a <meta> in its beginning says, else UTF-8 where it is that, else
// Windows-1252.
Buffer HtmlAsUtf8(std::string_view bytes);

}  // namespace tidemill::workbook
