// SPDX-License-Identifier: Apache-2.0
#include "ods_number_format.h"

#include <algorithm>
#include <array>
#include <utility>

namespace tidemill::workbook {
namespace {

using Event = XmlReader::Event;

constexpr std::size_t kMostFormats = 65'536;
constexpr std::uint32_t kMostDigits = 30;
constexpr std::size_t kLongestLiteral = 255;

std::string Digits(const XmlReader& xml, std::string_view attribute, std::uint32_t if_absent = 0) {
  return std::string(std::min(xml.Number(attribute).value_or(if_absent), kMostDigits), '0');
}

std::string Fraction(const XmlReader& xml) {
  const std::string decimals = Digits(xml, "decimal-places");
  return decimals.empty() ? decimals : "." + decimals;
}

// "#,##0.00"
std::string NumberText(const XmlReader& xml) {
  std::string whole = Digits(xml, "min-integer-digits");
  if (xml.Flag("grouping")) {
    whole.insert(0, std::string(4 - std::min<std::size_t>(whole.size(), 4), '#'));
    whole.insert(whole.size() - 3, ",");
  } else if (whole.empty()) {
    whole = "#";
  }
  return whole + Fraction(xml);
}

// A plain number without any wish is what other formats call General.
bool IsGeneral(const XmlReader& xml) {
  return !xml.RawAttribute("decimal-places") && xml.Number("min-integer-digits").value_or(0) <= 1 &&
         !xml.Flag("grouping");
}

std::string Letters(const XmlReader& xml, char letter) {
  return std::string(xml.Attribute("style") == "long" ? 2 : 1, letter);
}

std::string MonthText(const XmlReader& xml) {
  const bool is_long = xml.Attribute("style") == "long";
  return std::string((xml.Flag("textual") ? 3U : 1U) + (is_long ? 1U : 0U), 'm');
}

// Signs that no program takes for letters of a format stay bare.
std::string LiteralText(std::string_view text, bool percent) {
  constexpr std::string_view kBare = " -/:,.\"";
  std::string quoted;
  bool open = false;
  for (const char c : text.substr(0, kLongestLiteral)) {
    const bool bare = kBare.find(c) != std::string_view::npos || (percent && c == '%');
    if (bare == open) quoted.push_back('"');
    open = !bare;
    if (c == '"') quoted.push_back('\\');
    quoted.push_back(c);
  }
  if (open) quoted.push_back('"');
  return quoted;
}

// Only the first part of a duration counts beyond its bounds.
std::string TimeText(std::string letters, bool& elapsed) {
  return std::exchange(elapsed, false) ? "[" + letters + "]" : letters;
}

// What an element of a number style says without its text; nothing for one that this reader does not know.
std::string PartText(const XmlReader& xml, bool& elapsed) {
  const std::string_view name = xml.name();
  if (name == "number") return IsGeneral(xml) ? "General" : NumberText(xml);
  if (name == "scientific-number") return NumberText(xml) + "E+" + Digits(xml, "min-exponent-digits", 1);
  if (name == "fraction") return "# ?/?";
  if (name == "year" || name == "era") return xml.Attribute("style") == "long" ? "yyyy" : "yy";
  if (name == "month") return MonthText(xml);
  if (name == "day") return Letters(xml, 'd');
  if (name == "day-of-week") return xml.Attribute("style") == "long" ? "dddd" : "ddd";
  if (name == "hours") return TimeText(Letters(xml, 'h'), elapsed);
  if (name == "minutes") return TimeText(Letters(xml, 'm'), elapsed);
  if (name == "seconds") return TimeText(Letters(xml, 's'), elapsed) + Fraction(xml);
  if (name == "am-pm") return "AM/PM";
  if (name == "text-content") return "@";
  if (name == "boolean") return "General";
  return {};
}

}  // namespace

bool OdsNumberFormats::IsNumberStyle(std::string_view element) {
  constexpr std::array<std::string_view, 7> kNames = {
      "number-style", "currency-style", "percentage-style", "date-style", "time-style", "boolean-style", "text-style"};
  return std::find(kNames.begin(), kNames.end(), element) != kNames.end();
}

bool OdsNumberFormats::Read(XmlReader& xml) {
  const std::string name = xml.Attribute("name");
  const bool percent = xml.name() == "percentage-style";
  bool elapsed = xml.name() == "time-style" && !xml.Flag("truncate-on-overflow", true);
  const std::size_t outside = xml.depth() - 1;
  Format format;
  for (;;) {
    const Event event = xml.Next();
    if (event == Event::kError || event == Event::kDone) return false;
    if (event == Event::kEnd && xml.depth() == outside) break;
    if (event != Event::kStart) continue;
    if (xml.name() == "map") format.under_condition.push_back(xml.Attribute("apply-style-name"));
    format.text += PartText(xml, elapsed);
    if (xml.name() == "text" || xml.name() == "currency-symbol") {
      std::string literal;
      if (!xml.TextOf(literal)) return false;
      format.text += LiteralText(literal, percent);
    }
  }
  if (formats_.size() < kMostFormats) formats_.insert_or_assign(name, std::move(format));
  return true;
}

std::string OdsNumberFormats::Text(std::string_view name) const {
  constexpr std::size_t kMostSections = 3;
  const auto found = formats_.find(std::string(name));
  if (found == formats_.end() || found->second.text.empty()) return "General";
  std::string text;
  std::size_t sections = 0;
  for (const std::string& other : found->second.under_condition) {
    const auto part = formats_.find(other);
    if (part != formats_.end() && sections++ < kMostSections) text += part->second.text + ";";
  }
  return text + found->second.text;
}

}  // namespace tidemill::workbook
