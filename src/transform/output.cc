// SPDX-License-Identifier: Apache-2.0
#include "output.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <optional>

#include "tidemill/base/text.h"

namespace tidemill::transform {
namespace {

using base::ErrorCode;
using recipe::ColumnSpec;
using recipe::Role;

// All bound columns, each status, edition.
std::vector<recipe::OutputColumn> DefaultColumns(const Frame& stacked) {
  std::vector<recipe::OutputColumn> columns;
  for (const Column& column : stacked.columns) {
    const auto role = column.metadata.find("tidemill.role");
    const bool bound = role != column.metadata.end() && role->second != "attribute" && role->second != "parent" &&
                       role->second != "lineage";
    if (bound || column.name == "edition") columns.push_back({.name = column.name, .function = {}, .argument = {}});
  }
  return columns;
}

// A column of the output, not yet in its order: one of the stack's, or one that was computed.
struct Made {
  std::string name;
  const Column* source = nullptr;  // of the stack
  std::optional<Column> computed;
  const Column& column() const { return computed ? *computed : *source; }
};

base::Result<Made> MakeColumn(const Frame& stacked, const recipe::OutputColumn& wanted) {
  const std::string& source = wanted.argument.empty() ? wanted.name : wanted.argument;
  Made made{.name = wanted.name, .source = stacked.Find(source), .computed = {}};
  if (wanted.function == "parent") {
    made.source = stacked.Find(ParentsOf(source));
    if (made.source != nullptr) return made;
    return base::Fail(ErrorCode::kInvalid, "output column {} = parent({}): {} is no bound column of codes", wanted.name,
                      source, source);
  }
  if (made.source == nullptr) {
    std::vector<std::string> names;
    for (const Column& known : stacked.columns) names.push_back(known.name);
    return base::Fail(ErrorCode::kInvalid, "output column {}: nothing binds {}; bound are {}", wanted.name,
                      base::Quoted(source), base::Join(names, ", "));
  }
  if (!wanted.function.empty()) {
    TIDEMILL_ASSIGN(made.computed, ApplyFunction(wanted.function, *made.source, wanted.name));
  }
  return made;
}

// A column by its name in the output, else by that in the stack.
const Column* FindMade(const std::vector<Made>& made, const Frame& stacked, std::string_view name) {
  const auto at = std::ranges::find(made, name, &Made::name);
  return at == made.end() ? stacked.Find(name) : &at->column();
}

// The places of a column's values among its different ones; a null comes before all.
struct Ranks {
  std::vector<std::uint64_t> of_row;
  std::uint64_t count = 1;
};

Ranks TextRanks(const Column& column, std::size_t rows) {
  std::vector<std::size_t> order(column.words.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::sort(order, {}, [&](std::size_t word) -> const std::string& { return column.words[word]; });
  std::vector<std::uint64_t> rank_of_word(order.size());
  for (std::size_t i = 0; i < order.size(); ++i) rank_of_word[order[i]] = i + 1;
  Ranks ranks{.of_row = std::vector<std::uint64_t>(rows), .count = order.size() + 1};
  for (std::size_t row = 0; row < rows; ++row) {
    if (column.codes[row] >= 0) ranks.of_row[row] = rank_of_word[static_cast<std::size_t>(column.codes[row])];
  }
  return ranks;
}

Ranks NumberRanks(const Column& column, std::size_t rows) {
  std::vector<std::size_t> order(rows);
  std::iota(order.begin(), order.end(), std::size_t{0});
  const auto less = [&](std::size_t a, std::size_t b) {
    if (column.IsNull(a) || column.IsNull(b)) return column.IsNull(a) && !column.IsNull(b);
    return column.is_float() ? column.doubles[a] < column.doubles[b] : column.ints[a] < column.ints[b];
  };
  std::ranges::stable_sort(order, less);
  Ranks ranks{.of_row = std::vector<std::uint64_t>(rows)};
  for (std::size_t i = 0; i < rows; ++i) {
    if (i > 0 && less(order[i - 1], order[i])) ++ranks.count;
    ranks.of_row[order[i]] = ranks.count - 1;
  }
  return ranks;
}

// The same places with none left out between them.
void CloseGaps(Ranks& ranks) {
  std::vector<std::uint64_t> sorted = ranks.of_row;
  std::ranges::sort(sorted);
  sorted.erase(std::unique(sorted.begin(), sorted.end()), sorted.end());
  for (std::uint64_t& rank : ranks.of_row) {
    rank = static_cast<std::uint64_t>(std::ranges::lower_bound(sorted, rank) - sorted.begin());
  }
  ranks.count = std::max<std::uint64_t>(1, sorted.size());
}

// Of several columns as one number a row: equal where all are, else ordered by the first that differs.
base::Result<Ranks> RanksOf(const std::vector<Made>& made, const Frame& stacked, const std::vector<std::string>& names,
                            std::string_view purpose) {
  Ranks all{.of_row = std::vector<std::uint64_t>(stacked.rows)};
  for (const std::string& name : names) {
    const Column* column = FindMade(made, stacked, name);
    if (column == nullptr) {
      return base::Fail(ErrorCode::kInvalid, "output {}: no column {}", purpose, base::Quoted(name));
    }
    const Ranks one = column->is_text() ? TextRanks(*column, stacked.rows) : NumberRanks(*column, stacked.rows);
    if (all.count > std::numeric_limits<std::uint64_t>::max() / one.count) CloseGaps(all);
    for (std::size_t row = 0; row < stacked.rows; ++row)
      all.of_row[row] = all.of_row[row] * one.count + one.of_row[row];
    all.count *= one.count;
  }
  return all;
}

// Rows by their ranks; equal ones stay in their order.
std::vector<std::size_t> SortedBy(const Ranks& ranks) {
  const std::size_t rows = ranks.of_row.size();
  std::vector<std::size_t> order(rows);
  if (ranks.count > rows * 4 + 1024) {
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::stable_sort(order, {}, [&](std::size_t row) { return ranks.of_row[row]; });
    return order;
  }
  std::vector<std::size_t> place(ranks.count + 1);
  for (const std::uint64_t rank : ranks.of_row) ++place[rank + 1];
  std::partial_sum(place.begin(), place.end(), place.begin());
  for (std::size_t row = 0; row < rows; ++row) order[place[ranks.of_row[row]]++] = row;
  return order;
}

std::string CellText(const Column& column, std::size_t row) {
  if (column.IsNull(row)) return "null";
  if (column.is_text()) return std::string(column.TextAt(row));
  if (column.kind == ColumnKind::kDecimal) {
    return base::ShortestDouble(static_cast<double>(column.ints[row]) / std::pow(10.0, column.scale));
  }
  return column.is_float() ? base::ShortestDouble(column.doubles[row]) : std::to_string(column.ints[row]);
}

void CheckKeys(const std::vector<Made>& made, const Frame& stacked, const std::vector<std::string>& key,
               const Ranks& ranks, const std::vector<std::size_t>& by_key, Findings& findings) {
  for (std::size_t i = 1; i < by_key.size(); ++i) {
    const std::size_t row = by_key[i];
    if (ranks.of_row[by_key[i - 1]] != ranks.of_row[row]) continue;
    std::string text;
    for (const std::string& name : key) {
      text += (text.empty() ? "" : ", ") + CellText(*FindMade(made, stacked, name), row);
    }
    std::string editions;
    if (const Column* edition = stacked.Find("edition")) {
      editions = fmt::format(", in editions {} and {}", CellText(*edition, by_key[i - 1]), CellText(*edition, row));
    }
    findings.Fail("key-repeated", {}, fmt::format("{} stands twice{}", text, editions));
  }
}

}  // namespace

std::string ParentsOf(std::string_view code_column) {
  return fmt::format("{} parent", code_column);
}

std::vector<std::string> KeyOf(const Frame& stacked, const recipe::OutputSpec& output, const recipe::Spec& spec) {
  if (!output.key.empty()) return output.key;
  const bool coded = std::ranges::count(spec.columns, Role::kCode, &ColumnSpec::role) > 0;
  std::vector<std::string> key;
  for (const ColumnSpec& column : spec.columns) {
    const bool names = column.role == Role::kCode || column.role == Role::kDimension || column.role == Role::kAxis ||
                       column.role == Role::kGroup || (column.role == Role::kLabel && !coded);
    if (names && stacked.Find(column.name) != nullptr) key.push_back(column.name);
  }
  return key;
}

base::Result<Frame> MakeOutput(const Frame& stacked, const recipe::OutputSpec& output, const recipe::Spec& spec,
                               Findings& findings) {
  std::vector<Made> made;
  for (const recipe::OutputColumn& column : output.columns.empty() ? DefaultColumns(stacked) : output.columns) {
    TIDEMILL_ASSIGN(Made one, MakeColumn(stacked, column));
    made.push_back(std::move(one));
  }
  const std::vector<std::string> key = KeyOf(stacked, output, spec);
  const std::vector<std::string> sort = output.sort.empty() ? key : output.sort;
  TIDEMILL_ASSIGN(const Ranks key_ranks, RanksOf(made, stacked, key, "key"));
  const std::vector<std::size_t> by_key = SortedBy(key_ranks);
  CheckKeys(made, stacked, key, key_ranks, by_key, findings);
  std::vector<std::size_t> order = by_key;
  if (sort != key) {
    TIDEMILL_ASSIGN(const Ranks sort_ranks, RanksOf(made, stacked, sort, "sort"));
    order = SortedBy(sort_ranks);
  }
  if (output.lineage) {
    for (const std::string_view name : {"src", "src_row", "src_col"}) {
      const Column* column = stacked.Find(name);
      const bool there = std::ranges::find(made, name, &Made::name) != made.end();
      if (column != nullptr && !there) made.push_back({.name = column->name, .source = column, .computed = {}});
    }
  }
  Frame result;
  result.rows = stacked.rows;
  for (const Made& one : made) {
    result.columns.push_back(Gather(one.column(), order));
    result.columns.back().name = one.name;
  }
  return result;
}

}  // namespace tidemill::transform
