// SPDX-License-Identifier: Apache-2.0
#include "html_styles.h"

#include <algorithm>
#include <charconv>

#include "tidemill/base/text.h"

#include "code_page.h"
#include "number_format.h"
#include "ssml_styles.h"

namespace tidemill::workbook {
namespace {

constexpr std::string_view kProperty = "mso-number-format:";
constexpr std::size_t kMostHtmlStyles = 4'096;
constexpr std::size_t kLongestHtmlFormat = 255;

// A character of CSS, \0022 and \; resolved, taken off the text.
void TakeCharacter(std::string& out, std::string_view& css) {
  if (css.front() != '\\' || css.size() == 1) {
    out.push_back(css.front());
    css.remove_prefix(1);
    return;
  }
  css.remove_prefix(1);
  constexpr std::size_t kMostDigits = 4;
  std::uint32_t number = 0;
  const std::string_view digits = css.substr(0, kMostDigits);
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number, 16);
  if (error == std::errc() && end == digits.data() + kMostDigits) {
    AppendUtf8(out, number);
    css.remove_prefix(kMostDigits);
  } else {
    out.push_back(css.front());
    css.remove_prefix(1);
  }
}

// The value of mso-number-format, which begins the text.
std::string FormatValue(std::string_view css) {
  css = base::Trim(css.substr(0, kLongestHtmlFormat));
  const bool quoted = css.starts_with('"') || css.starts_with('\'');
  const char quote = quoted ? css.front() : ';';
  if (quoted) css.remove_prefix(1);
  std::string value;
  while (!css.empty() && css.front() != quote && (quoted || css.front() != '}')) TakeCharacter(value, css);
  return NamedNumberFormat(quoted ? value : std::string(base::Trim(value)));
}

// The classes of the selector in front of a rule: ".xl65", "td.xl65, .xl66".
std::vector<std::string> ClassesOf(std::string_view selector) {
  std::vector<std::string> classes;
  for (const std::string_view part : base::Split(selector, ',')) {
    const std::size_t dot = part.rfind('.');
    if (dot != std::string_view::npos) classes.emplace_back(base::Trim(part.substr(dot + 1)));
  }
  return classes;
}

}  // namespace

void HtmlStyles::ReadStyleSheet(std::string_view css) {
  std::size_t selector = 0;
  for (std::size_t open = css.find('{'); open != std::string_view::npos; open = css.find('{', selector)) {
    const std::size_t close = std::min(css.find('}', open), css.size());
    const std::string_view rules = css.substr(open + 1, close - open - 1);
    const std::size_t at = rules.find(kProperty);
    if (at != std::string_view::npos && formats_of_classes_.size() < kMostHtmlStyles) {
      const std::string format = FormatValue(rules.substr(at + kProperty.size()));
      for (std::string& name : ClassesOf(css.substr(selector, open - selector))) {
        formats_of_classes_.insert_or_assign(std::move(name), format);
      }
    }
    selector = std::min(close + 1, css.size());
  }
}

std::string HtmlStyles::FormatOf(const HtmlTokens& cell) const {
  if (cell.RawAttribute("style")) {
    const std::string style = cell.Attribute("style");
    const std::size_t at = style.find(kProperty);
    if (at != std::string::npos) return FormatValue(std::string_view(style).substr(at + kProperty.size()));
  }
  if (const auto name = cell.RawAttribute("class"); name && !formats_of_classes_.empty()) {
    const auto found = formats_of_classes_.find(std::string(base::Trim(*name)));
    if (found != formats_of_classes_.end()) return found->second;
  }
  // "2057;0;0.00": language, a second one, the format.
  if (const std::string format = cell.Attribute("sdnum"); !format.empty()) {
    const std::size_t semicolon = format.find(';', format.find(';') + 1);
    return semicolon < format.size() - 1 ? format.substr(semicolon + 1) : "General";
  }
  const std::string format = cell.Attribute("data-z");
  return format.empty() ? "General" : format;
}

void HtmlStyles::Note(const HtmlTokens& cell) {
  const bool bold = cell.name() == "th";
  std::string format = FormatOf(cell);
  if (!bold && format == "General") return;
  if (styles_.size() >= kMostHtmlStyles) return;
  const auto [place, is_new] = known_.try_emplace({format, bold}, static_cast<std::uint32_t>(styles_.size()));
  if (!is_new) return;
  Style style{.number_format = std::move(format), .bold = bold};
  style.number_class = ClassifyNumberFormat(style.number_format);
  styles_.push_back(std::move(style));
}

std::uint32_t HtmlStyles::Index(const HtmlTokens& cell) const {
  if (known_.empty()) return 0;
  const auto found = known_.find({FormatOf(cell), cell.name() == "th"});
  return found == known_.end() ? 0 : found->second;
}

}  // namespace tidemill::workbook
