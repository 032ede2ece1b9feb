// SPDX-License-Identifier: Apache-2.0
#include "ods_structure.h"

#include "tidemill/base/text.h"

#include "xlsx_sheet.h"

namespace tidemill::workbook {
namespace {

using Event = XmlReader::Event;

constexpr std::string_view kPrintArea = "_xlnm.Print_Area";
constexpr std::string_view kAnonymous = "__Anonymous_Sheet_DB__";  // what LibreOffice calls a filter without a name

class StructureReader {
 public:
  StructureReader(XmlReader& xml, OdsStyles& styles) : xml_(xml), styles_(styles) {}

  OdsStructure Read() {
    for (Event event = xml_.Next(); event != Event::kDone && event != Event::kError; event = xml_.Next()) {
      if (event == Event::kStart) Element();
    }
    result_.error = xml_.error();
    return std::move(result_);
  }

 private:
  void Element() {
    const std::string_view name = xml_.name();
    if (name == "automatic-styles" || name == "styles") {
      styles_.ReadSection(xml_);
    } else if (name == "spreadsheet") {
      result_.is_spreadsheet = true;
    } else if (result_.is_spreadsheet && name == "table") {
      Table();
    } else if (result_.is_spreadsheet && name == "named-expressions") {
      Names(-1);
    } else if (result_.is_spreadsheet && name == "database-ranges") {
      DatabaseRanges();
    } else if (name != "document-content" && name != "document" && name != "body") {
      xml_.SkipElement();
    }
  }

  void Table() {
    const int index = static_cast<int>(result_.tables.size());
    OdsStructure::Table table{.entry = {.name = xml_.Attribute("name")}, .offset = xml_.tag_offset()};
    if (styles_.HidesTable(xml_.Attribute("style-name"))) table.entry.visibility = Visibility::kHidden;
    if (const std::string ranges = xml_.Attribute("print-ranges"); !ranges.empty()) {
      result_.names.push_back({.name = std::string(kPrintArea), .refers_to = OdsReference(ranges), .sheet = index});
    }
    result_.tables.push_back(std::move(table));
    ForEachChild([&] {
      if (xml_.name() != "named-expressions") return false;
      Names(index);
      return true;
    });
  }

  void Names(int sheet) {
    ForEachChild([&] {
      const bool range = xml_.name() == "named-range";
      if (!range && xml_.name() != "named-expression") return false;
      result_.names.push_back(
          {.name = xml_.Attribute("name"),
           .refers_to = range ? OdsReference(xml_.Attribute("cell-range-address")) : xml_.Attribute("expression"),
           .sheet = sheet});
      return false;
    });
  }

  void DatabaseRanges() {
    ForEachChild([&] {
      const std::string name = xml_.Attribute("name");
      if (xml_.name() != "database-range" || name.empty() || name.starts_with(kAnonymous)) return false;
      const auto range = ParseOdsRange(xml_.Attribute("target-range-address"));
      if (!range) return false;
      result_.ranges.push_back({.sheet = range->sheet,
                                .table = {.name = name,
                                          .range = range->range,
                                          .header_rows = xml_.Flag("contains-header", true) ? 1U : 0U,
                                          .columns = {}}});
      return false;
    });
  }

  // `visit` says whether it has read the child to its end.
  template <class Visit>
  void ForEachChild(Visit visit) {
    const std::size_t outside = xml_.depth() - 1;
    for (;;) {
      const Event event = xml_.Next();
      if (event == Event::kError || event == Event::kDone) return;
      if (event == Event::kEnd && xml_.depth() == outside) return;
      if (event == Event::kStart && !visit()) xml_.SkipElement();
    }
  }

  XmlReader& xml_;
  OdsStyles& styles_;
  OdsStructure result_;
};

// One corner of a reference: the sheet with its quotes, empty where it is that of the corner before, and the cell.
struct Corner {
  std::string_view sheet;
  std::string_view cell;
};

// Takes a corner off the text; nothing where there is none.
std::optional<Corner> TakeCorner(std::string_view& text) {
  if (text.starts_with('$')) text.remove_prefix(1);
  std::size_t dot = 0;
  if (text.starts_with('\'')) {
    do {
      dot = text.find('\'', dot + 1);
      if (dot == std::string_view::npos) return std::nullopt;
      ++dot;
    } while (dot < text.size() && text[dot] == '\'');
  } else {
    dot = text.substr(0, text.find_first_of(": ")).rfind('.');
  }
  if (dot >= text.size() || text[dot] != '.') return std::nullopt;
  Corner corner{.sheet = text.substr(0, dot), .cell = text.substr(dot + 1)};
  corner.cell = corner.cell.substr(0, corner.cell.find_first_of(": "));
  text.remove_prefix(dot + 1 + corner.cell.size());
  return corner;
}

struct Reference {
  std::string_view sheet;
  std::string cells;  // "$A$1:$B$5"
};

std::optional<Reference> TakeReference(std::string_view& text) {
  const auto first = TakeCorner(text);
  if (!first || first->sheet.empty()) return std::nullopt;
  Reference reference{.sheet = first->sheet, .cells = std::string(first->cell)};
  if (!text.starts_with(':')) return reference;
  text.remove_prefix(1);
  const auto last = TakeCorner(text);
  if (!last || (!last->sheet.empty() && last->sheet != first->sheet)) return std::nullopt;
  reference.cells += ":" + std::string(last->cell);
  return reference;
}

std::string Unquoted(std::string_view sheet) {
  if (!sheet.starts_with('\'')) return std::string(sheet);
  std::string name;
  for (std::size_t at = 1; at + 1 < sheet.size(); ++at) {
    name.push_back(sheet[at]);
    if (sheet[at] == '\'') ++at;
  }
  return name;
}

}  // namespace

OdsStructure ReadOdsStructure(XmlReader& xml, OdsStyles& styles) {
  return StructureReader(xml, styles).Read();
}

std::string OdsReference(std::string_view text) {
  std::string references;
  for (std::string_view rest = text;; rest.remove_prefix(1)) {
    const auto reference = TakeReference(rest);
    if (!reference) return std::string(text);
    references += std::string(reference->sheet) + "!" + reference->cells;
    if (rest.empty()) return references;
    if (rest.front() != ' ') return std::string(text);
    references += ",";
  }
}

std::optional<OdsRange> ParseOdsRange(std::string_view text) {
  const auto reference = TakeReference(text);
  if (!reference || !text.empty()) return std::nullopt;
  const auto range = ParseRange(reference->cells);
  if (!range) return std::nullopt;
  return OdsRange{.sheet = Unquoted(reference->sheet), .range = *range};
}

}  // namespace tidemill::workbook
