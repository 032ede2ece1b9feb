// SPDX-License-Identifier: Apache-2.0
#include "ssml_styles.h"

#include <algorithm>
#include <array>

#include "number_format.h"

namespace tidemill::workbook {
namespace {

using Event = XmlReader::Event;

constexpr std::size_t kMostSsmlStyles = 65'535;
constexpr std::string_view kDefaultStyleId = "Default";

struct NamedFormat {
  std::string_view name;
  std::string_view text;
};

// The formats that Excel writes by name. Those that follow the reader's country are given as BuiltinNumberFormat does.
constexpr std::array kNamedFormats = {
    NamedFormat{"General Number", "General"},
    NamedFormat{"General Date", "yyyy-mm-dd h:mm"},
    NamedFormat{"Long Date", "dddd, d mmmm yyyy"},
    NamedFormat{"Medium Date", "d-mmm-yy"},
    NamedFormat{"Short Date", "yyyy-mm-dd"},
    NamedFormat{"Long Time", "h:mm:ss AM/PM"},
    NamedFormat{"Medium Time", "h:mm AM/PM"},
    NamedFormat{"Short Time", "h:mm"},
    NamedFormat{"Currency", "$#,##0.00_);[Red]($#,##0.00)"},
    NamedFormat{"Euro Currency", "[$\xE2\x82\xAC-2] #,##0.00_);[Red]([$\xE2\x82\xAC-2] #,##0.00)"},
    NamedFormat{"Fixed", "0.00"},
    NamedFormat{"Standard", "#,##0.00"},
    NamedFormat{"Percent", "0.00%"},
    NamedFormat{"Scientific", "0.00E+00"},
    NamedFormat{"Yes/No", "\"Yes\";\"Yes\";\"No\""},
    NamedFormat{"True/False", "\"True\";\"True\";\"False\""},
    NamedFormat{"On/Off", "\"On\";\"On\";\"Off\""},
};

HorizontalAlignment SsmlAlignmentOf(std::string_view text) {
  if (text == "Left") return HorizontalAlignment::kLeft;
  if (text == "Center") return HorizontalAlignment::kCenter;
  if (text == "Right") return HorizontalAlignment::kRight;
  if (text == "Fill") return HorizontalAlignment::kFill;
  if (text == "Justify") return HorizontalAlignment::kJustify;
  if (text == "CenterAcrossSelection") return HorizontalAlignment::kCenterContinuous;
  if (text == "Distributed" || text == "JustifyDistributed") return HorizontalAlignment::kDistributed;
  return HorizontalAlignment::kGeneral;
}

TextRun FontOf(const XmlReader& xml) {
  TextRun font{.bold = xml.Flag("Bold"), .italic = xml.Flag("Italic"), .strike = xml.Flag("StrikeThrough")};
  const std::string script = xml.Attribute("VerticalAlign");
  if (script == "Superscript") font.script = Script::kSuperscript;
  if (script == "Subscript") font.script = Script::kSubscript;
  return font;
}

template <class T>
void FillStyleFrom(std::optional<T>& value, const std::optional<T>& other) {
  if (!value) value = other;
}

}  // namespace

std::string NamedNumberFormat(std::string text) {
  if (text.empty()) return "General";
  const auto named = std::find_if(kNamedFormats.begin(), kNamedFormats.end(),
                                  [&](const NamedFormat& format) { return format.name == text; });
  return named == kNamedFormats.end() ? text : std::string(named->text);
}

void SsmlStyles::Read(XmlReader& xml) {
  const std::size_t outside = xml.depth() - 1;
  Entry* entry = nullptr;
  for (;;) {
    const Event event = xml.Next();
    if (event == Event::kError || event == Event::kDone) return;
    if (event == Event::kEnd && xml.depth() == outside) return;
    if (event != Event::kStart) continue;
    if (xml.name() == "Style") {
      if (styles_.size() >= kMostSsmlStyles) return;
      const auto [place, is_new] = styles_.try_emplace(xml.Attribute("ID"));
      entry = &place->second;
      const auto index = is_new ? static_cast<std::uint32_t>(styles_.size()) : entry->index;
      *entry = {.parent = xml.Attribute("Parent"), .index = index};
    } else if (entry != nullptr) {
      ReadPart(xml, *entry);
    }
  }
}

void SsmlStyles::ReadPart(const XmlReader& xml, Entry& entry) const {
  const std::string_view name = xml.name();
  if (name == "Font") entry.font = FontOf(xml);
  if (name == "NumberFormat") entry.number_format = NamedNumberFormat(xml.Attribute("Format"));
  if (name == "Alignment") {
    entry.alignment = {.horizontal = SsmlAlignmentOf(xml.Attribute("Horizontal")),
                       .indent = static_cast<std::uint8_t>(std::min(xml.Number("Indent").value_or(0), 250U))};
  }
  if (name == "Interior") {
    const std::string pattern = xml.Attribute("Pattern");
    entry.fill = !pattern.empty() && pattern != "None";
  }
}

Style SsmlStyles::MakeStyle(const Entry& entry) const {
  constexpr int kMostParents = 32;
  Entry all = entry;
  const Entry* at = &entry;
  for (int i = 0; i < kMostParents; ++i) {
    const auto parent = styles_.find(at->parent.empty() ? std::string(kDefaultStyleId) : at->parent);
    if (parent == styles_.end() || &parent->second == at) break;
    at = &parent->second;
    FillStyleFrom(all.font, at->font);
    FillStyleFrom(all.number_format, at->number_format);
    FillStyleFrom(all.alignment, at->alignment);
    FillStyleFrom(all.fill, at->fill);
  }
  const TextRun font = all.font.value_or(TextRun());
  const Alignment alignment = all.alignment.value_or(Alignment());
  Style style{.number_format = all.number_format.value_or("General"),
              .alignment = alignment.horizontal,
              .indent = alignment.indent,
              .script = font.script,
              .bold = font.bold,
              .italic = font.italic,
              .strike = font.strike,
              .fill = all.fill.value_or(false)};
  style.number_class = ClassifyNumberFormat(style.number_format);
  return style;
}

std::vector<Style> SsmlStyles::MakeStyles() const {
  std::vector<Style> styles(styles_.size() + 1);
  const auto unnamed = styles_.find(std::string(kDefaultStyleId));
  styles.front() = MakeStyle(unnamed == styles_.end() ? Entry() : unnamed->second);
  for (const auto& [id, entry] : styles_) styles[entry.index] = MakeStyle(entry);
  return styles;
}

std::uint32_t SsmlStyles::Index(std::string_view id) const {
  const auto found = styles_.find(std::string(id));
  return found == styles_.end() ? 0 : found->second.index;
}

}  // namespace tidemill::workbook
