// SPDX-License-Identifier: Apache-2.0
#include "style_table.h"

#include "number_format.h"
#include "shared_strings.h"

namespace tidemill::workbook {

void NumberFormats::Set(std::uint32_t id, std::string_view text) {
  constexpr std::uint32_t kLongest = 255;
  CutText(text, kLongest);
  own_[id] = text;
}

std::string NumberFormats::Text(std::uint32_t id) const {
  const auto own = own_.find(id);
  return own != own_.end() ? own->second : std::string(BuiltinNumberFormat(id));
}

// Books have thousands of cell formats, but few number formats.
std::vector<Style> MakeStyles(const std::vector<FileXf>& xfs, const std::vector<TextRun>& fonts_of_xfs,
                              const NumberFormats& formats) {
  std::map<std::uint32_t, NumberClass> classes;
  std::vector<Style> styles;
  styles.reserve(xfs.size());
  for (std::size_t i = 0; i < xfs.size(); ++i) {
    const FileXf& xf = xfs[i];
    const TextRun& font = fonts_of_xfs[i];
    Style style{.number_format = formats.Text(xf.format),
                .alignment = xf.alignment,
                .indent = xf.indent,
                .script = font.script,
                .bold = font.bold,
                .italic = font.italic,
                .strike = font.strike,
                .fill = xf.fill};
    const auto [known, is_new] = classes.try_emplace(xf.format);
    if (is_new) known->second = ClassifyNumberFormat(style.number_format);
    style.number_class = known->second;
    styles.push_back(std::move(style));
  }
  return styles;
}

}  // namespace tidemill::workbook
