// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>
#include <vector>

#include "tidemill/workbook/workbook.h"

#include "biff_text.h"
#include "formula_text.h"

namespace tidemill::workbook {

// Collects the defined names of a stream, BIFF2 to BIFF8, with what they refer to.
class XlsNames {
 public:
  // Records of other kinds are left alone.
  void Add(std::string_view stream, const BiffRecord& record, const BiffText& text);
  // Once all records are in; `sheets` are the names of all sheets in their order.
  std::vector<DefinedName> Make(const BiffText& text, std::vector<std::string> sheets);
  // Names beyond a limit that no workbook reaches.
  std::size_t left_out() const { return left_out_; }

 private:
  void AddName(const BiffRecord& record, const BiffText& text);
  void AddLinks(std::string_view stream, const BiffRecord& record);

  std::vector<DefinedName> names_;
  std::vector<std::string_view> formulas_;
  std::vector<bool> own_books_;
  FormulaNames references_;
  std::size_t left_out_ = 0;
};

}  // namespace tidemill::workbook
