// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <charconv>

#include "tidemill/base/text.h"

#include "formats.h"
#include "ssml_sheet.h"
#include "text_encoding.h"

namespace tidemill::workbook {
namespace {

using base::ErrorCode;
using base::Fail;
using Event = XmlReader::Event;

// The other formats mark the names that Excel gives a meaning.
std::string NameOf(std::string name) {
  constexpr std::array<std::string_view, 3> kBuiltIn = {"Print_Area", "Print_Titles", "_FilterDatabase"};
  return std::find(kBuiltIn.begin(), kBuiltIn.end(), name) == kBuiltIn.end() ? name : "_xlnm." + name;
}

Visibility SsmlVisibilityOf(std::string_view text) {
  if (text == "SheetHidden") return Visibility::kHidden;
  return text == "SheetVeryHidden" ? Visibility::kVeryHidden : Visibility::kVisible;
}

class SsmlWorkbook final : public Workbook {
 public:
  static base::Result<std::unique_ptr<Workbook>> Open(std::string_view bytes, const Limits& limits) {
    auto workbook = std::unique_ptr<SsmlWorkbook>(new SsmlWorkbook(bytes, limits));
    TIDEMILL_CHECK(workbook->ReadStructure());
    return workbook;
  }

  Format format() const override { return Format::kSpreadsheetMl2003; }
  const std::vector<SheetEntry>& sheets() const override { return sheets_; }
  const std::vector<DefinedName>& names() const override { return names_; }
  const std::vector<Issue>& issues() const override { return issues_; }
  bool date1904() const override { return book_.book.date1904; }

  base::Result<Sheet> Read(std::size_t index, RowSink* rows, std::stop_token stop,
                           const ReadOptions& options) const override {
    if (index >= sheets_.size()) return Fail(ErrorCode::kNotFound, "sheet {} of {}", index, sheets_.size());
    const std::uint64_t offset = offsets_[index];
    XmlReader xml(text_.view.substr(offset), book_.book.limits.xml_depth);
    xml.Next();
    CellSink sink(book_.book, std::make_shared<const SharedStrings>(book_.book.limits.string_characters),
                  sheets_[index], rows);
    TIDEMILL_CHECK(ReadSsmlSheet(xml, book_, stop, options, sink));
    TIDEMILL_ASSIGN(Sheet sheet, std::move(sink).Finish());
    for (Issue& issue : sheet.issues) issue.offset += offset;
    return sheet;
  }

 private:
  // What stands before the document, as some programs leave white space there, is no XML.
  SsmlWorkbook(std::string_view bytes, const Limits& limits) : text_(XmlAsUtf8(bytes)) {
    text_.view.remove_prefix(std::min(text_.view.find('<'), text_.view.size()));
    book_.book.limits = limits;
  }

  base::Status ReadStructure() {
    XmlReader xml(text_.view, book_.book.limits.xml_depth);
    for (Event event = xml.Next(); event != Event::kDone && event != Event::kError; event = xml.Next()) {
      if (event == Event::kStart) Element(xml);
    }
    if (sheets_.empty()) {
      return Fail(ErrorCode::kMalformed, "corrupt-container: no worksheet in the SpreadsheetML document{}{}",
                  xml.error().empty() ? "" : ": ", xml.error());
    }
    if (!xml.error().empty()) {
      issues_.push_back({.code = "xml", .message = xml.error(), .sheet = {}, .cell = {}, .offset = xml.offset()});
    }
    book_.book.SetStyles(book_.styles.MakeStyles());
    return {};
  }

  void Element(XmlReader& xml) {
    const std::string_view name = xml.name();
    if (name == "Styles") {
      book_.styles.Read(xml);
    } else if (name == "Worksheet") {
      offsets_.push_back(xml.tag_offset());
      sheets_.push_back({.name = xml.Attribute("Name")});
      WorksheetParts(xml);
    } else if (name == "NamedRange") {
      AddName(xml, -1);
    } else if (name == "Date1904") {
      book_.book.date1904 = true;
    } else if (name != "Workbook" && name != "Names" && name != "ExcelWorkbook") {
      xml.SkipElement();
    }
  }

  void WorksheetParts(XmlReader& xml) {
    const std::size_t outside = xml.depth() - 1;
    for (;;) {
      const Event event = xml.Next();
      if (event == Event::kError || event == Event::kDone) return;
      if (event == Event::kEnd && xml.depth() == outside) return;
      if (event != Event::kStart || xml.name() == "Names" || xml.name() == "WorksheetOptions") continue;
      if (xml.name() == "NamedRange") AddName(xml, static_cast<int>(sheets_.size()) - 1);
      if (xml.name() == "Visible") {
        std::string text;
        xml.TextOf(text);
        sheets_.back().visibility = SsmlVisibilityOf(base::Trim(text));
      } else {
        xml.SkipElement();
      }
    }
  }

  void AddName(const XmlReader& xml, int sheet) {
    names_.push_back(
        {.name = NameOf(xml.Attribute("Name")), .refers_to = SsmlReference(xml.Attribute("RefersTo")), .sheet = sheet});
  }

  Buffer text_;
  SsmlBook book_;
  std::vector<SheetEntry> sheets_;
  std::vector<std::size_t> offsets_;  // of the sheets' start tags
  std::vector<DefinedName> names_;
  std::vector<Issue> issues_;
};

// A number that an R or C begins, taken off with the letter; 0 where there is none.
std::uint32_t TakeNumber(std::string_view& text, char letter) {
  if (!text.starts_with(letter)) return 0;
  std::uint32_t number = 0;
  const auto [end, error] = std::from_chars(text.data() + 1, text.data() + text.size(), number);
  if (error != std::errc()) return 0;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return number;
}

// "R7C1" as "$A$7", "R1" as "$1", "C2" as "$B"; nothing for anything else.
std::optional<std::string> TakeCornerText(std::string_view& text) {
  const std::uint32_t row = TakeNumber(text, 'R');
  const std::uint32_t column = TakeNumber(text, 'C');
  if (row == 0 && column == 0) return std::nullopt;
  return (column > 0 ? "$" + ColumnName(column - 1) : "") + (row > 0 ? "$" + std::to_string(row) : "");
}

// "Sheet1!R7C1:R7C3", whatever stands before the last exclamation mark kept.
std::optional<std::string> TakeRange(std::string_view& text) {
  const std::size_t end = text.starts_with('\'') ? text.find("'!") : text.find_first_of("!,");
  if (end == std::string_view::npos || text.substr(end).starts_with(',')) return std::nullopt;
  const std::size_t prefix = end + (text[end] == '\'' ? 2 : 1);
  std::string result(text.substr(0, prefix));
  text.remove_prefix(prefix);
  const auto first = TakeCornerText(text);
  if (!first) return std::nullopt;
  result += *first;
  const bool whole = first->find('$', 1) == std::string::npos;  // rows or columns
  if (!text.starts_with(':')) return whole ? result + ":" + *first : result;
  text.remove_prefix(1);
  const auto last = TakeCornerText(text);
  return last ? std::optional(result + ":" + *last) : std::nullopt;
}

}  // namespace

std::string SsmlReference(std::string_view text) {
  if (text.starts_with('=')) text.remove_prefix(1);
  std::string references;
  for (std::string_view rest = text;; rest.remove_prefix(1)) {
    const auto range = TakeRange(rest);
    if (!range || (!rest.empty() && rest.front() != ',')) return std::string(text);
    references += *range;
    if (rest.empty()) return references;
    references += ",";
  }
}

base::Result<std::unique_ptr<Workbook>> OpenSpreadsheetMl(std::string_view bytes, const Limits& limits) {
  return SsmlWorkbook::Open(bytes, limits);
}

}  // namespace tidemill::workbook
