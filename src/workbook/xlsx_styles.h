// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>
#include <vector>

#include "tidemill/workbook/workbook.h"

#include "shared_strings.h"
#include "xml.h"

namespace tidemill::workbook {

// The cell formats (cellXfs) of a styles part; what follows an error in it is missing.
std::vector<Style> ReadXlsxStyles(std::string_view xml, const Limits& limits);

// A property of a font or run at the element just started: b, i, strike, vertAlign; others change nothing.
void ReadFontProperty(const XmlReader& xml, TextRun& font);

// A string item (si, is): plain text or runs, phonetic guides left out. `xml` stands behind its start, then behind its
// end. False on an error.
struct XlsxString {
  std::string text;
  std::vector<RawRun> runs;
};
bool ReadXlsxString(XmlReader& xml, XlsxString& result);
// Resolves _xHHHH_ (ECMA-376 part 1, 22.9.2.19) and makes the text valid UTF-8.
void FinishXlsxText(std::string& text, std::size_t from = 0);
SharedStrings ReadXlsxStrings(std::string_view xml, const Limits& limits);

}  // namespace tidemill::workbook
