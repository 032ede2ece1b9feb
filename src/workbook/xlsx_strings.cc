// SPDX-License-Identifier: Apache-2.0
#include <charconv>

#include "code_page.h"
#include "xlsx_styles.h"
#include "xlsx_text.h"

namespace tidemill::workbook {
namespace {

using Event = XmlReader::Event;

constexpr std::size_t kEscapeSize = 7;  // _x000D_

// The UTF-16 unit of an escape that `text` begins with.
std::optional<std::uint32_t> EscapedUnit(std::string_view text) {
  if (text.size() < kEscapeSize || text[0] != '_' || (text[1] != 'x' && text[1] != 'X') || text[6] != '_') {
    return std::nullopt;
  }
  std::uint32_t unit = 0;
  const auto [end, error] = std::from_chars(text.data() + 2, text.data() + 6, unit, 16);
  if (error != std::errc() || end != text.data() + 6) return std::nullopt;
  return unit;
}

// Surrogates come as two escapes.
void AppendEscape(std::string& out, std::uint32_t unit, std::string_view& rest) {
  const auto low = unit >= 0xD800 && unit < 0xDC00 ? EscapedUnit(rest) : std::nullopt;
  if (low && *low >= 0xDC00 && *low < 0xE000) {
    AppendUtf8(out, 0x10000 + ((unit - 0xD800) << 10U) + (*low - 0xDC00));
    rest.remove_prefix(kEscapeSize);
  } else {
    AppendUtf8(out, unit);
  }
}

// An rPr without a child says nothing.
bool ReadRunProperties(XmlReader& xml, RawRun& raw) {
  const std::size_t outside = xml.depth() - 1;
  for (;;) {
    const Event event = xml.Next();
    if (event == Event::kError || event == Event::kDone) return false;
    if (event == Event::kStart) {
      raw.inherits = false;
      ReadFontProperty(xml, raw.run);
    }
    if (event == Event::kEnd && xml.depth() == outside) return true;
  }
}

bool ReadText(XmlReader& xml, std::string& text) {
  const std::size_t from = text.size();
  const bool good = xml.TextOf(text);
  FinishXlsxText(text, from);
  return good;
}

bool ReadRun(XmlReader& xml, XlsxString& result) {
  RawRun raw{.run = {}, .inherits = true};
  raw.run.start = static_cast<std::uint32_t>(result.text.size());
  const std::size_t outside = xml.depth() - 1;
  for (;;) {
    const Event event = xml.Next();
    if (event == Event::kError || event == Event::kDone) return false;
    if (event == Event::kEnd && xml.depth() == outside) break;
    if (event != Event::kStart) continue;
    bool good = true;
    if (xml.name() == "rPr") {
      good = ReadRunProperties(xml, raw);
    } else if (xml.name() == "t") {
      good = ReadText(xml, result.text);
    } else {
      good = xml.SkipElement();
    }
    if (!good) return false;
  }
  if (result.text.size() > raw.run.start) result.runs.push_back(raw);
  return true;
}

}  // namespace

void FinishXlsxText(std::string& text, std::size_t from) {
  RepairUtf8(text, from);
  std::size_t at = text.find("_x", from);
  if (at == std::string::npos) at = text.find("_X", from);
  if (at == std::string::npos) return;
  std::string resolved = text.substr(0, from);
  std::string_view rest = std::string_view(text).substr(from);
  while (!rest.empty()) {
    if (const auto unit = EscapedUnit(rest)) {
      rest.remove_prefix(kEscapeSize);
      AppendEscape(resolved, *unit, rest);
    } else {
      const std::size_t next = std::min(rest.find('_', 1), rest.size());
      resolved.append(rest.substr(0, next));
      rest.remove_prefix(next);
    }
  }
  text = std::move(resolved);
}

bool ReadXlsxString(XmlReader& xml, XlsxString& result) {
  result.text.clear();
  result.runs.clear();
  bool has_runs = false;
  const std::size_t outside = xml.depth() - 1;
  for (;;) {
    const Event event = xml.Next();
    if (event == Event::kError || event == Event::kDone) return false;
    if (event == Event::kEnd && xml.depth() == outside) break;
    if (event != Event::kStart) continue;
    bool good = true;
    if (xml.name() == "t") {
      const auto start = static_cast<std::uint32_t>(result.text.size());
      good = ReadText(xml, result.text);
      if (result.text.size() > start) result.runs.push_back({.run = {.start = start}, .inherits = true});
    } else if (xml.name() == "r") {
      has_runs = true;
      good = ReadRun(xml, result);
    } else {
      good = xml.SkipElement();
    }
    if (!good) return false;
  }
  if (!has_runs) result.runs.clear();
  return true;
}

namespace {

// Plain strings in the form that the usual programs write, straight from the bytes, up to the first that has another.
void ReadUsualStrings(XmlReader& xml, XlsxTextReader& texts, SharedStrings& strings) {
  const char* at = xml.rest().data();
  do {
    for (const char* next = at; next != nullptr;) {
      at = SkipXmlSpace(next);
      const char* const end = xml.rest().data() + xml.rest().size();
      const std::size_t opening = StandsAt(at, "<si><t>") ? 7 : StandsAt(at, "<si><t xml:space=\"preserve\">") ? 28 : 0;
      std::string_view text;
      next = opening == 0 ? nullptr : texts.Read(at + opening, end, text);
      if (next == nullptr || !StandsAt(next, "</t></si>")) break;
      strings.Add(text);
      next += 9;
    }
  } while (TakeMore(xml, at));
}

}  // namespace

base::Result<SharedStrings> ReadXlsxStrings(MemberStream& stream, const ReadOptions& options, const Limits& limits) {
  constexpr std::uint32_t kDepthOfStrings = 8;  // the fast way does not count depths
  SharedStrings strings(limits.string_characters);
  XmlReader xml(stream, limits.xml_depth);
  XlsxTextReader texts(BestTextScan());
  XlsxString string;
  Event event = xml.Next();
  for (; event != Event::kDone && event != Event::kError; event = xml.Next()) {
    if (event == Event::kStart && xml.name() == "si") {
      if (ReadXlsxString(xml, string) || !string.text.empty()) strings.Add(string.text, string.runs);
    }
    const bool may_follow = xml.depth() == 1 && !xml.is_empty_element();
    if (may_follow && !options.strict_only && limits.xml_depth >= kDepthOfStrings) {
      ReadUsualStrings(xml, texts, strings);
    }
  }
  const auto& error = xml.stream_error();
  if (error && error->code == base::ErrorCode::kTooLarge) return tl::unexpected(*error);
  if (event == Event::kError) {
    strings.issues.push_back({.code = "string-table",
                              .message = "the shared strings end after " + std::to_string(strings.size()) + ": " +
                                         (error ? error->ToText() : xml.error()),
                              .sheet = {},
                              .cell = {},
                              .offset = xml.offset()});
  }
  strings.issues.insert(strings.issues.end(), stream.issues().begin(), stream.issues().end());
  return strings;
}

}  // namespace tidemill::workbook
