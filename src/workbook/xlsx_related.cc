// SPDX-License-Identifier: Apache-2.0
#include "xlsx_related.h"

#include "tidemill/base/text.h"

#include "xlsx_sheet.h"
#include "xlsx_styles.h"
#include "xml.h"

namespace tidemill::workbook {
namespace {

using Event = XmlReader::Event;

// `xml` stands behind the start of a comment, then behind its end.
std::string CommentText(XmlReader& xml) {
  XlsxString string;
  const std::size_t outside = xml.depth() - 1;
  for (;;) {
    const Event event = xml.Next();
    if (event == Event::kError || event == Event::kDone) break;
    if (event == Event::kEnd && xml.depth() == outside) break;
    if (event == Event::kStart && !(xml.name() == "text" ? ReadXlsxString(xml, string) : xml.SkipElement())) break;
  }
  return std::move(string.text);
}

}  // namespace

NativeTable ReadXlsxTable(std::string_view text, const Limits& limits) {
  NativeTable table;
  XmlReader xml(text, limits.xml_depth);
  for (Event event = xml.Next(); event != Event::kDone && event != Event::kError; event = xml.Next()) {
    if (event != Event::kStart) continue;
    if (xml.name() == "table") {
      table.name = xml.Attribute("displayName");
      if (table.name.empty()) table.name = xml.Attribute("name");
      table.range = ParseRange(xml.Attribute("ref")).value_or(Range());
      table.header_rows = xml.Number("headerRowCount").value_or(1);
      table.totals_rows = xml.Number("totalsRowCount").value_or(0);
    } else if (xml.name() == "tableColumn") {
      std::string name = xml.Attribute("name");
      FinishXlsxText(name);
      table.columns.push_back(std::move(name));
    }
  }
  return table;
}

void ReadXlsxComments(std::string_view text, const Limits& limits, CellSink& sink) {
  std::vector<std::string> authors;
  XmlReader xml(text, limits.xml_depth);
  for (Event event = xml.Next(); event != Event::kDone && event != Event::kError; event = xml.Next()) {
    if (event != Event::kStart) continue;
    if (xml.name() == "author") {
      if (std::string name; xml.TextOf(name)) authors.push_back(std::move(name));
    } else if (xml.name() == "comment") {
      const std::string reference = xml.Attribute("ref");
      const std::size_t author = xml.Number("authorId").value_or(0);
      std::string words = CommentText(xml);
      const auto address = ParseAddress(reference);
      if (!address) {
        sink.AddIssue("address", "comment reference " + base::Quoted(reference) + " is none");
        continue;
      }
      sink.AddComment({.row = address->row,
                       .column = address->column,
                       .author = author < authors.size() ? authors[author] : std::string(),
                       .text = std::move(words)});
    }
  }
}

}  // namespace tidemill::workbook
