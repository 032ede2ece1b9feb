// SPDX-License-Identifier: Apache-2.0
#include "ods_styles.h"

#include <algorithm>
#include <cmath>

#include "tidemill/base/text.h"

#include "number_format.h"

namespace tidemill::workbook {
namespace {

using Event = XmlReader::Event;

constexpr std::size_t kMostOdsStyles = 65'535;
// The name of a family's <style:default-style>; no style can have it.
const std::string kDefault;

HorizontalAlignment OdsAlignmentOf(std::string_view text) {
  if (text == "start" || text == "left") return HorizontalAlignment::kLeft;
  if (text == "end" || text == "right") return HorizontalAlignment::kRight;
  if (text == "center") return HorizontalAlignment::kCenter;
  if (text == "justify") return HorizontalAlignment::kJustify;
  return HorizontalAlignment::kGeneral;
}

// A length in points, 0 for what is none.
double Points(std::string_view text) {
  std::size_t digits = 0;
  while (digits < text.size() && (text[digits] == '.' || (text[digits] >= '0' && text[digits] <= '9'))) ++digits;
  const double number = base::ParseDouble(text.substr(0, digits)).value_or(0);
  const std::string_view unit = text.substr(digits);
  if (unit == "cm") return number * 72 / 2.54;
  if (unit == "mm") return number * 72 / 25.4;
  if (unit == "in") return number * 72;
  return unit == "pt" ? number : 0;
}

// Spreadsheet programs write a step of indentation as ten points.
std::uint8_t IndentOf(std::string_view margin) {
  constexpr double kStep = 10;
  return static_cast<std::uint8_t>(std::clamp(std::round(Points(margin) / kStep), 0.0, 250.0));
}

// "super 58%", "sub 58%", "33% 58%", "-10% 58%", "0% 100%"
Script ScriptOf(std::string_view position) {
  position = base::Trim(position);
  if (position.starts_with("super")) return Script::kSuperscript;
  if (position.starts_with("sub") || position.starts_with("-")) return Script::kSubscript;
  const double shift = base::ParseDouble(position.substr(0, position.find('%'))).value_or(0);
  return shift > 0 ? Script::kSuperscript : Script::kPlain;
}

bool IsBold(std::string_view weight) {
  return weight == "bold" || base::ParseInt(weight).value_or(0) >= 700;
}

template <class T>
void FillFrom(std::optional<T>& value, const std::optional<T>& other) {
  if (!value) value = other;
}

}  // namespace

void FontChange::ApplyTo(TextRun& run) const {
  run.script = script.value_or(run.script);
  run.bold = bold.value_or(run.bold);
  run.italic = italic.value_or(run.italic);
  run.strike = strike.value_or(run.strike);
}

void OdsStyles::ReadSection(XmlReader& xml) {
  const std::size_t outside = xml.depth() - 1;
  for (;;) {
    const Event event = xml.Next();
    if (event == Event::kError || event == Event::kDone) return;
    if (event == Event::kEnd && xml.depth() == outside) return;
    if (event != Event::kStart) continue;
    if (OdsNumberFormats::IsNumberStyle(xml.name())) {
      formats_.Read(xml);
    } else if (xml.name() == "style" || xml.name() == "default-style") {
      ReadStyle(xml);
    } else {
      xml.SkipElement();
    }
  }
}

OdsStyles::Family* OdsStyles::FamilyOf(std::string_view name) {
  if (name == "table-cell") return &cells_;
  if (name == "text") return &texts_;
  return name == "table" ? &tables_ : nullptr;
}

bool OdsStyles::ReadStyle(XmlReader& xml) {
  Family* family = FamilyOf(xml.RawAttribute("family").value_or(""));
  const std::string name = xml.name() == "default-style" ? kDefault : xml.Attribute("name");
  if (family != nullptr && family->size() >= kMostOdsStyles) too_many_ = true;
  if (family == nullptr || too_many_) return xml.SkipElement();
  Entry entry;
  entry.parent = xml.Attribute("parent-style-name");
  entry.number_format = xml.Attribute("data-style-name");
  const std::size_t outside = xml.depth() - 1;
  for (;;) {
    const Event event = xml.Next();
    if (event == Event::kError || event == Event::kDone) return false;
    if (event == Event::kEnd && xml.depth() == outside) break;
    if (event == Event::kStart) ReadProperties(xml, entry);
  }
  const auto known = family->find(name);
  entry.index = static_cast<std::uint32_t>(known != family->end() ? known->second.index : family->size() + 1);
  family->insert_or_assign(name, std::move(entry));
  return true;
}

// OpenOffice.org 1 has all of them in one <style:properties>.
void OdsStyles::ReadProperties(const XmlReader& xml, Entry& entry) const {
  if (!xml.name().ends_with("properties")) return;
  ReadFont(xml, entry.font);
  if (const auto align = xml.RawAttribute("text-align")) entry.alignment = OdsAlignmentOf(*align);
  if (const auto margin = xml.RawAttribute("margin-left")) entry.indent = IndentOf(*margin);
  if (const auto colour = xml.RawAttribute("background-color")) entry.fill = *colour != "transparent";
  if (const auto display = xml.RawAttribute("display"); display && xml.name().starts_with("table")) {
    entry.hidden = *display == "false";
  }
}

void OdsStyles::ReadFont(const XmlReader& xml, FontChange& font) {
  if (const auto weight = xml.RawAttribute("font-weight")) font.bold = IsBold(*weight);
  if (const auto style = xml.RawAttribute("font-style")) font.italic = *style == "italic" || *style == "oblique";
  if (const auto line = xml.RawAttribute("text-line-through-type")) font.strike = *line != "none";
  if (const auto line = xml.RawAttribute("text-line-through-style")) font.strike = *line != "none";
  if (const auto position = xml.RawAttribute("text-position")) font.script = ScriptOf(*position);
}

OdsStyles::Entry OdsStyles::Resolve(const Family& family, const Entry& entry) const {
  constexpr int kMostParents = 32;
  Entry result = entry;
  const Entry* parent = &entry;
  for (int i = 0; i < kMostParents && parent != nullptr; ++i) {
    const auto found = family.find(parent->parent);  // at last the default, which has no parent but itself
    parent = found == family.end() || &found->second == parent ? nullptr : &found->second;
    if (parent == nullptr) break;
    if (result.number_format.empty()) result.number_format = parent->number_format;
    FillFrom(result.font.script, parent->font.script);
    FillFrom(result.font.bold, parent->font.bold);
    FillFrom(result.font.italic, parent->font.italic);
    FillFrom(result.font.strike, parent->font.strike);
    FillFrom(result.alignment, parent->alignment);
    FillFrom(result.indent, parent->indent);
    FillFrom(result.fill, parent->fill);
  }
  return result;
}

Style OdsStyles::MakeStyle(const Entry& entry) const {
  TextRun font;
  entry.font.ApplyTo(font);
  Style style{.number_format = formats_.Text(entry.number_format),
              .alignment = entry.alignment.value_or(HorizontalAlignment::kGeneral),
              .indent = entry.indent.value_or(0),
              .script = font.script,
              .bold = font.bold,
              .italic = font.italic,
              .strike = font.strike,
              .fill = entry.fill.value_or(false)};
  style.number_class = ClassifyNumberFormat(style.number_format);
  return style;
}

std::vector<Style> OdsStyles::MakeStyles() const {
  std::vector<Style> styles(cells_.size() + 1);
  // A cell that names no style has the one of the name "Default", in files that have it.
  const auto unnamed = cells_.find("Default");
  styles.front() = MakeStyle(Resolve(cells_, unnamed != cells_.end() ? unnamed->second : Entry()));
  for (const auto& [name, entry] : cells_) styles[entry.index] = MakeStyle(Resolve(cells_, entry));
  return styles;
}

std::uint32_t OdsStyles::CellStyle(std::string_view name) const {
  const auto found = cells_.find(std::string(name));
  return found == cells_.end() ? 0 : found->second.index;
}

FontChange OdsStyles::TextFont(std::string_view name) const {
  const auto found = texts_.find(std::string(name));
  return found == texts_.end() ? FontChange() : Resolve(texts_, found->second).font;
}

bool OdsStyles::HidesTable(std::string_view name) const {
  const auto found = tables_.find(std::string(name));
  return found != tables_.end() && found->second.hidden.value_or(false);
}

}  // namespace tidemill::workbook
