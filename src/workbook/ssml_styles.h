// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "tidemill/workbook/workbook.h"

#include "xml.h"

namespace tidemill::workbook {

// A number format as Excel writes it into XML and HTML: some by name, "Short Date"; empty is General.
std::string NamedNumberFormat(std::string text);

// The styles of a SpreadsheetML 2003 workbook. A style that says nothing of its font, number format and so on has that
// of its parent, at last of the style "Default".
class SsmlStyles {
 public:
  // From the start of <Styles> to behind its end, or to where the XML is wrong.
  void Read(XmlReader& xml);
  // The cell formats, the first one that of a cell without a style.
  std::vector<Style> MakeStyles() const;
  // Into MakeStyles' result; 0 for a name that is not known.
  std::uint32_t Index(std::string_view id) const;

 private:
  struct Alignment {
    HorizontalAlignment horizontal = HorizontalAlignment::kGeneral;
    std::uint8_t indent = 0;
  };
  struct Entry {
    std::string parent;
    std::optional<TextRun> font;
    std::optional<std::string> number_format;
    std::optional<Alignment> alignment;
    std::optional<bool> fill;
    std::uint32_t index = 0;
  };

  void ReadPart(const XmlReader& xml, Entry& entry) const;
  Style MakeStyle(const Entry& entry) const;

  std::unordered_map<std::string, Entry> styles_;  // by ID
};

}  // namespace tidemill::workbook
