// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tidemill/recipe/check.h"

#include "body.h"

// The arithmetic of recipes.md 3.10, over matrices of values.
namespace tidemill::transform {

// `*` any characters or none, `?` one; bytes.
bool GlobMatches(std::string_view glob, std::string_view text);

// Some rows of a body by code and by normalised label; or other items by a text that each has.
class RowIndex {
 public:
  RowIndex(const std::vector<BodyRow>& rows, std::vector<std::size_t> members);
  // `texts` of all items; `members` are some of them. No item has children.
  RowIndex(const std::vector<std::string>& texts, std::vector<std::size_t> members);
  // The rows that an area names: by code, else by label; `*` and `?` may match many. Ascending.
  std::vector<std::size_t> Find(const recipe::Area& area) const;
  const std::vector<std::size_t>& ChildrenOf(std::size_t row) const { return children_[row]; }
  const std::vector<std::size_t>& members() const { return members_; }

 private:
  using ByText = std::map<std::string, std::vector<std::size_t>, std::less<>>;
  static std::vector<std::size_t> FindIn(const ByText& rows, std::string_view text);

  std::vector<std::size_t> members_;
  ByText by_code_, by_label_;
  std::vector<std::vector<std::size_t>> children_;
};

// What a check is evaluated over: items in columns. They are rows of a body and columns of its axis; or, where a check
// adds up along the axis, columns of it in rows.
struct SumField {
  const RowIndex& index;
  const Measure& measure;
  std::size_t columns = 1;
  std::size_t item_step = 0;  // from one item to the next in the measure; 0: as many as there are columns
  std::size_t column_step = 1;
  const std::vector<std::string>& statuses;
  std::function<std::optional<base::Period>(std::size_t row, std::size_t column)> period;
  std::function<bool(std::size_t column)> published;
  std::function<std::string(std::size_t row, std::size_t column)> cell;
};

struct SumReport {
  std::int64_t evaluated = 0;
  std::int64_t unknown = 0;             // a value was missing
  std::vector<std::string> exceptions;  // met as declared, or skipped
};

// Evaluates one check for every row that `each` names and every column; failures go to `findings`.
SumReport EvaluateSum(const recipe::SumCheck& check, const SumField& field, Findings& findings);

}  // namespace tidemill::transform
