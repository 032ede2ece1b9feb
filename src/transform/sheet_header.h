// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "tidemill/workbook/workbook.h"

namespace tidemill::transform {

// A row as far as the choice of a header looks at it.
struct RowShape {
  std::size_t filled = 0;
  std::size_t texts = 0;
};

// Which of a sheet's first rows is the header: the first that is filled as widely as most of them, or one cell less.
// `rows.size()` where that row holds no text, or there are no rows: then there is no header.
std::size_t ChooseHeader(const std::vector<RowShape>& rows);

// Names, each only once.
class UniqueNames {
 public:
  // `name`, or `name_2` … where it is taken.
  std::string Take(const std::string& name);

 private:
  std::unordered_set<std::string> taken_;
  std::unordered_map<std::string, std::size_t> next_;  // number to try, by name
};

struct HeaderCell {
  std::uint32_t row = 0;
  std::uint32_t column = 0;
  std::string text;
};

// Names for the sheet's columns `columns` from the cells of their header rows: those of a column joined by a blank,
// from the top; a merged cell counts for all the columns it spans. A column without a header has its letter, a name
// that is there already gets "_2" … All of that is said in `remarks`.
std::vector<std::string> NameColumns(const std::vector<HeaderCell>& header, const std::vector<workbook::Range>& merges,
                                     const std::vector<std::uint32_t>& columns, UniqueNames& names,
                                     std::vector<std::string>& remarks);

}  // namespace tidemill::transform
