// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "biff_text.h"
#include "style_table.h"

namespace tidemill::workbook {

// Collects fonts, number formats and cell formats of a stream, BIFF2 to BIFF8.
class XlsStyles {
 public:
  // Records of other kinds are left alone. `text` takes the fonts, for the runs of texts.
  void Add(std::string_view stream, const BiffRecord& record, BiffText& text);
  // BIFF2 cells may do without cell formats: then their second attribute byte stands for one, and these are all 256.
  bool empty() const { return xfs_.empty(); }
  std::vector<Style> Make(const BiffText& text) const;

 private:
  void AddFormat(std::string_view stream, const BiffRecord& record, const BiffText& text);
  void AddXf(const BiffRecord& record, std::uint16_t version);

  NumberFormats formats_;
  std::vector<FileXf> xfs_;
  BiffString string_;
};

}  // namespace tidemill::workbook
