// SPDX-License-Identifier: Apache-2.0
#include "ods_text.h"

#include <algorithm>
#include <array>

#include "code_page.h"

namespace tidemill::workbook {
namespace {

using Event = XmlReader::Event;

// Of these nothing is a cell's text.
bool IsAside(std::string_view name) {
  constexpr std::array<std::string_view, 12> kNames = {
      "annotation", "annotation-end",  "note",   "ruby-text", "frame", "custom-shape",
      "table",      "event-listeners", "script", "g",         "image", "object"};
  return std::find(kNames.begin(), kNames.end(), name) != kNames.end();
}

class ParagraphReader {
 public:
  ParagraphReader(XmlReader& xml, const OdsStyles& styles, const TextRun& font, const Limits& limits, OdsText& result)
      : xml_(xml), styles_(styles), font_(font), limits_(limits), result_(result), fonts_{font} {}

  bool Read() {
    if (result_.paragraphs++ > 0) result_.text.push_back('\n');
    const std::size_t outside = xml_.depth() - 1;
    for (;;) {
      const Event event = xml_.Next();
      if (event == Event::kError || event == Event::kDone) return false;
      if (event == Event::kText) Text();
      if (event == Event::kEnd) {
        if (xml_.depth() == outside) return true;
        fonts_.pop_back();
      }
      if (event == Event::kStart && !Start()) return false;
    }
  }

 private:
  bool Start() {
    const std::string_view name = xml_.name();
    if (IsAside(name)) return xml_.SkipElement();
    if (name == "s") {
      // Longer texts are cut in any case.
      const std::uint32_t count = std::min(xml_.Number("c").value_or(1), limits_.string_characters + 1);
      Begin();
      result_.text.append(count, ' ');
    } else if (name == "tab" || name == "tab-stop" || name == "line-break") {
      Begin();
      result_.text.push_back(name == "line-break" ? '\n' : '\t');
    } else if (name == "a" && result_.link.empty()) {
      result_.link = xml_.Attribute("href");
    }
    TextRun font = fonts_.back();
    if (name == "span") styles_.TextFont(xml_.Attribute("style-name")).ApplyTo(font);
    fonts_.push_back(font);
    return true;
  }

  void Text() {
    Begin();
    const std::size_t from = result_.text.size();
    xml_.AppendText(result_.text);
    RepairUtf8(result_.text, from);
  }

  void Begin() { result_.BeginRun(fonts_.back(), fonts_.back() == font_); }

  XmlReader& xml_;
  const OdsStyles& styles_;
  const TextRun& font_;
  const Limits& limits_;
  OdsText& result_;
  std::vector<TextRun> fonts_;  // of the open elements
};

}  // namespace

void OdsText::Clear() {
  RichText::Clear();
  link.clear();
  paragraphs = 0;
}

bool ReadOdsParagraph(XmlReader& xml, const OdsStyles& styles, const TextRun& font, const Limits& limits,
                      OdsText& result) {
  return ParagraphReader(xml, styles, font, limits, result).Read();
}

bool ReadOdsAnnotation(XmlReader& xml, const OdsStyles& styles, const Limits& limits, OdsAnnotation& result) {
  OdsText text;
  const std::size_t outside = xml.depth() - 1;
  for (;;) {
    const Event event = xml.Next();
    if (event == Event::kError || event == Event::kDone) return false;
    if (event == Event::kEnd && xml.depth() == outside) break;
    if (event != Event::kStart) continue;
    bool good = true;
    if (xml.name() == "p") good = ReadOdsParagraph(xml, styles, {}, limits, text);
    if (xml.name() == "creator") good = xml.TextOf(result.author);
    if (!good) return false;
  }
  result.text = std::move(text.text);
  return true;
}

}  // namespace tidemill::workbook
