// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "tidemill/workbook/workbook.h"

#include "ods_number_format.h"

namespace tidemill::workbook {

// What a style says about the font; what it does not say is left as it was.
struct FontChange {
  std::optional<Script> script;
  std::optional<bool> bold;
  std::optional<bool> italic;
  std::optional<bool> strike;

  void ApplyTo(TextRun& font) const;
};

// The styles of an OpenDocument file: <office:styles>, then <office:automatic-styles>, which come before those of one
// name.
class OdsStyles {
 public:
  // From the start of either element to behind its end, or to where the XML is wrong.
  void ReadSection(XmlReader& xml);
  // The cell formats, the first one that of a cell without a style.
  std::vector<Style> MakeStyles() const;

  // Into MakeStyles' result; 0 for a name that is not known.
  std::uint32_t CellStyle(std::string_view name) const;
  FontChange TextFont(std::string_view name) const;
  bool HidesTable(std::string_view name) const;
  // True where there were more styles than a cell can name; the rest count as none.
  bool too_many() const { return too_many_; }

 private:
  struct Entry {
    std::string parent;
    std::string number_format;
    FontChange font;
    std::optional<HorizontalAlignment> alignment;
    std::optional<std::uint8_t> indent;
    std::optional<bool> fill;
    std::optional<bool> hidden;
    std::uint32_t index = 0;
  };
  using Family = std::unordered_map<std::string, Entry>;

  bool ReadStyle(XmlReader& xml);
  void ReadProperties(const XmlReader& xml, Entry& entry) const;
  static void ReadFont(const XmlReader& xml, FontChange& font);
  Family* FamilyOf(std::string_view name);
  // With what is set by it, its parents and the default, the nearest first.
  Entry Resolve(const Family& family, const Entry& entry) const;
  Style MakeStyle(const Entry& entry) const;

  Family cells_;
  Family texts_;
  Family tables_;
  OdsNumberFormats formats_;
  bool too_many_ = false;
};

}  // namespace tidemill::workbook
