// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "ods_styles.h"
#include "rich_text.h"
#include "xml.h"

namespace tidemill::workbook {

// The text of a cell: its paragraphs, with a line end between two.
struct OdsText : RichText {
  std::string link;  // the target of the first hyperlink, raw
  std::size_t paragraphs = 0;

  void Clear();
};

// From the start of a <text:p> or <text:h> to behind its end; annotations, notes, drawings and tables in it are left
// out. `font` is the cell's. False on an error of the XML.
bool ReadOdsParagraph(XmlReader& xml, const OdsStyles& styles, const TextRun& font, const Limits& limits,
                      OdsText& result);

// What an annotation says: its author, and its paragraphs.
struct OdsAnnotation {
  std::string author;
  std::string text;
};
bool ReadOdsAnnotation(XmlReader& xml, const OdsStyles& styles, const Limits& limits, OdsAnnotation& result);

}  // namespace tidemill::workbook
