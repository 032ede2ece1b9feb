// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>
#include <vector>

#include "tidemill/workbook/workbook.h"

#include "shared_strings.h"
#include "xml.h"

namespace tidemill::workbook {

// The cell formats (cellXfs) of a styles part; what follows an error in it is missing. Of formats, fonts, fills and
// number formats 65,536 each are kept, of a number format's text 255 bytes: more than any program writes; `issues` says
// so.
std::vector<Style> ReadXlsxStyles(std::string_view xml, const Limits& limits, std::vector<Issue>& issues);

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
// What stands behind an error is missing, with an issue. kTooLarge for a limit of the stream.
base::Result<SharedStrings> ReadXlsxStrings(MemberStream& stream, const ReadOptions& options, const Limits& limits);

}  // namespace tidemill::workbook
