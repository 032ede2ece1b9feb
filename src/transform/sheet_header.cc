// SPDX-License-Identifier: Apache-2.0
#include "sheet_header.h"

#include <algorithm>
#include <map>

#include "tidemill/base/text.h"

namespace tidemill::transform {
namespace {

// The commonest number of filled cells; of several the greatest.
std::size_t CommonWidth(const std::vector<RowShape>& rows) {
  std::map<std::size_t, std::size_t> counts;
  for (const RowShape& row : rows) ++counts[row.filled];
  const auto common =
      std::max_element(counts.begin(), counts.end(), [](const auto& a, const auto& b) { return a.second <= b.second; });
  return common == counts.end() ? 0 : common->first;
}

using Address = std::pair<std::uint32_t, std::uint32_t>;

// The last column of the merged ranges that begin at an address.
std::map<Address, std::uint32_t> LastColumns(const std::vector<workbook::Range>& merges) {
  std::map<Address, std::uint32_t> last;
  for (const workbook::Range& merge : merges) last[{merge.first_row, merge.first_column}] = merge.last_column;
  return last;
}

std::map<std::uint32_t, std::string> JoinedTexts(const std::vector<HeaderCell>& header,
                                                 const std::vector<workbook::Range>& merges,
                                                 const std::vector<std::uint32_t>& columns) {
  const auto merged = LastColumns(merges);
  std::map<std::uint32_t, std::string> texts;
  for (const HeaderCell& cell : header) {
    const std::string text = base::CollapseSpace(cell.text);
    if (text.empty()) continue;
    const auto span = merged.find({cell.row, cell.column});
    const std::uint32_t last = span == merged.end() ? cell.column : span->second;
    for (auto column = std::lower_bound(columns.begin(), columns.end(), cell.column);
         column != columns.end() && *column <= last; ++column) {
      std::string& joined = texts[*column];
      if (!joined.empty()) joined += ' ';
      joined += text;
    }
  }
  return texts;
}

}  // namespace

std::size_t ChooseHeader(const std::vector<RowShape>& rows) {
  const std::size_t common = CommonWidth(rows);
  const auto found =
      std::find_if(rows.begin(), rows.end(), [&](const RowShape& row) { return row.filled + 1 >= common; });
  if (found == rows.end() || found->texts == 0) return rows.size();
  return static_cast<std::size_t>(found - rows.begin());
}

std::string UniqueNames::Take(const std::string& name) {
  if (taken_.insert(name).second) return name;
  for (std::size_t& number = next_.try_emplace(name, 2).first->second;; ++number) {
    std::string numbered = fmt::format("{}_{}", name, number);
    if (taken_.insert(numbered).second) return numbered;
  }
}

std::vector<std::string> NameColumns(const std::vector<HeaderCell>& header, const std::vector<workbook::Range>& merges,
                                     const std::vector<std::uint32_t>& columns, UniqueNames& taken,
                                     std::vector<std::string>& remarks) {
  const auto texts = JoinedTexts(header, merges, columns);
  std::vector<std::string> names;
  std::vector<std::string> without;
  for (const std::uint32_t column : columns) {
    const auto text = texts.find(column);
    const std::string letter = workbook::ColumnName(column);
    if (text == texts.end()) without.push_back(letter);
    const std::string& own = text == texts.end() ? letter : text->second;
    names.push_back(taken.Take(own));
    if (names.back() != own) {
      remarks.push_back(fmt::format("column {} has the header {} as another has: it is {}", letter, base::Quoted(own),
                                    base::Quoted(names.back())));
    }
  }
  if (!without.empty() && !header.empty()) {
    remarks.push_back(fmt::format("without a header, named by their letters: {}", base::Join(without, ", ")));
  }
  return names;
}

}  // namespace tidemill::transform
