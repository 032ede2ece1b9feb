// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "tidemill/workbook/workbook.h"

namespace tidemill::workbook {

// Fonts, fills and cell formats beyond cannot be named by a cell.
inline constexpr std::size_t kMostNumbered = 65'536;

// A cell format as the binary formats have it: fonts and number formats by their numbers.
struct FileXf {
  std::uint32_t font = 0;
  std::uint32_t format = 0;
  HorizontalAlignment alignment = HorizontalAlignment::kGeneral;
  std::uint8_t indent = 0;
  bool fill = false;
};

// Number formats by number: a file's own ones come before those that are built in.
class NumberFormats {
 public:
  // Cut at Excel's limit of 255 characters.
  void Set(std::uint32_t id, std::string_view text);
  std::string Text(std::uint32_t id) const;
  std::size_t size() const { return own_.size(); }

 private:
  std::map<std::uint32_t, std::string> own_;
};

// The styles of cell formats whose fonts are looked up already, one for each.
std::vector<Style> MakeStyles(const std::vector<FileXf>& xfs, const std::vector<TextRun>& fonts_of_xfs,
                              const NumberFormats& formats);

}  // namespace tidemill::workbook
