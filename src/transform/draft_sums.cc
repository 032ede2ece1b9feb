// SPDX-License-Identifier: Apache-2.0
#include "draft_sums.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "tidemill/base/text.h"

namespace tidemill::transform {
namespace {

using recipe::Role;
using workbook::Cell;
using workbook::CellKind;

constexpr std::string_view kChildren = "each *: it = sum(children)";
constexpr std::size_t kMostIndents = 6;
constexpr std::size_t kMostTotals = 6;             // rows that are tried as the sum of the others
constexpr std::size_t kMostSummedCells = 200'000;  // of a body whose sums are looked for
constexpr double kMostSums = 0.9;                  // of sums that hold: worth a remark
constexpr std::size_t kMostParts = 6;              // columns that one may be the sum of

// How the labels of the body look.
struct Looks {
  bool bold = false, plain = false, upper = false, mixed = false;
  std::set<int> indents, columns;
  std::vector<std::string> labels;
};

Looks LookAtColumns(const SumSearch& s) {
  Looks looks;
  for (const std::size_t row : s.body.rows) {
    for (std::size_t i = 0; i < s.label_columns.size(); ++i) {
      const Cell* cell = s.search.grid.Find(row, s.label_columns[i]);
      if (cell == nullptr) continue;
      const workbook::Style& style = s.search.grid.sheet().StyleOf(*cell);
      const auto runs = s.search.grid.sheet().Runs(*cell);
      const std::string label = s.search.grid.Clean(*cell, s.search.spec.notes).text;
      ((runs.empty() ? style.bold : runs[0].bold) ? looks.bold : looks.plain) = true;
      (base::IsUpper(label) ? looks.upper : looks.mixed) = true;
      looks.indents.insert(style.indent);
      looks.columns.insert(static_cast<int>(i) + 1);
      looks.labels.push_back(label);
    }
  }
  return looks;
}

// The ways of nesting that the looks allow, as values of `levels`.
std::vector<std::string> Schemes(const Looks& looks) {
  std::vector<std::string> schemes;
  const auto by_number = [&](const std::set<int>& numbers, std::string_view word) {
    std::string levels;
    for (const int number : numbers) levels += fmt::format("{}\"{} {}\"", levels.empty() ? "" : ", ", word, number);
    schemes.push_back("[" + levels + "]");
  };
  if (looks.columns.size() > 1) by_number(looks.columns, "column");
  if (looks.indents.size() > 1 && looks.indents.size() <= kMostIndents) by_number(looks.indents, "indent");
  const bool bold = looks.bold && looks.plain;
  const bool upper = looks.upper && looks.mixed;
  if (upper && bold) schemes.emplace_back("[\"upper\", \"bold\", \"*\"]");
  if (bold) schemes.emplace_back("[\"bold\", \"*\"]");
  if (upper) schemes.emplace_back("[\"upper\", \"*\"]");
  return schemes;
}

// What a check came to on the file.
struct Held {
  std::int64_t evaluated = 0, failed = 0;
  bool always() const { return evaluated > 0 && failed == 0; }
  double share() const {
    return evaluated == 0 ? 0 : static_cast<double>(evaluated - failed) / static_cast<double>(evaluated);
  }
};

base::Result<Held> TrySum(const SumSearch& s, const Plan& plan) {
  TIDEMILL_ASSIGN(const Trial trial, TryPlan(s.book, plan, s.input, s.geography, s.stop));
  if (!trial.tidy) return Held{};
  return Held{.evaluated = trial.tidy->sums_checked, .failed = trial.Failed("sum")};
}

base::Status FindLevels(const SumSearch& s, const Looks& looks, Plan& plan, std::vector<std::string>& remarks) {
  Held best;
  std::string best_levels;
  Held nearly;
  std::string nearly_levels;
  for (const std::string& levels : Schemes(looks)) {
    Plan tried = plan;
    tried.Find(Role::kLabel)->Set("levels", levels);
    tried.sums = {std::string(kChildren)};
    TIDEMILL_ASSIGN(const Held held, TrySum(s, tried));
    if (held.always() && held.evaluated > best.evaluated) {
      best = held;
      best_levels = levels;
    } else if (held.share() > std::max(kMostSums, nearly.share())) {
      nearly = held;
      nearly_levels = levels;
    }
  }
  if (!best_levels.empty()) {
    plan.Find(Role::kLabel)->Set("levels", best_levels);
    plan.sums.emplace_back(kChildren);
    remarks.push_back(fmt::format("rows nest by levels = {}: all {} sums of children hold", best_levels,
                                  base::Thousands(best.evaluated)));
  } else if (!nearly_levels.empty()) {
    remarks.push_back(fmt::format("rows seem to nest by levels = {}: {} of {} sums of children hold; not drafted",
                                  nearly_levels, base::Thousands(nearly.evaluated - nearly.failed),
                                  base::Thousands(nearly.evaluated)));
  }
  return {};
}

bool NamesTotal(std::string_view label) {
  const std::string plain = recipe::Normalise(label);
  for (const std::string_view word : {"total", "all", "england and wales", "united kingdom", "great britain"}) {
    if (plain == word || plain.starts_with(std::string(word) + " ") || plain.ends_with(" " + std::string(word)))
      return true;
  }
  return false;
}

base::Status FindTotals(const SumSearch& s, const Looks& looks, Plan& plan, std::vector<std::string>& remarks) {
  if (!plan.sums.empty()) return {};
  std::set<std::string> tried;
  std::vector<std::string> labels = looks.labels;
  if (labels.size() < 3) return {};
  std::stable_partition(labels.begin(), labels.end(), NamesTotal);
  const auto ends = static_cast<std::size_t>(std::ranges::count_if(labels, NamesTotal));
  labels.resize(std::min(ends, kMostTotals));
  labels.push_back(looks.labels.front());
  labels.push_back(looks.labels.back());
  for (const std::string& label : labels) {
    if (label.empty() || label.find_first_of("'*?") != std::string::npos || !tried.insert(label).second) continue;
    Plan one = plan;
    one.sums = {fmt::format("'{}' = sum(others)", label)};
    TIDEMILL_ASSIGN(const Held held, TrySum(s, one));
    if (!held.always()) continue;
    plan.sums = one.sums;
    remarks.push_back(fmt::format("{} is the sum of all other rows in all {} columns and slices", base::Quoted(label),
                                  base::Thousands(held.evaluated)));
    return {};
  }
  return {};
}

// The number of a cell, where it holds one.
std::optional<double> NumberAt(const TableSearch& search, std::size_t row, std::uint32_t column) {
  const Cell* cell = search.grid.Find(row, column);
  return cell == nullptr ? std::nullopt : NumberIn(search.grid, *cell);
}

// The rows in which all the columns have numbers, where the first is the sum of the others in each; else 0.
std::size_t RowsThatAdd(const TableSearch& search, const DraftBody& body, std::span<const std::uint32_t> columns) {
  std::size_t rows = 0;
  bool any = false;
  for (const std::size_t row : body.rows) {
    const auto total = NumberAt(search, row, columns[0]);
    double sum = 0;
    bool whole = total.has_value();
    for (const std::uint32_t column : columns.subspan(1)) {
      const auto part = NumberAt(search, row, column);
      whole = whole && part.has_value();
      sum += part.value_or(0);
    }
    if (!whole) continue;
    if (std::abs(sum - *total) > 1e-9 * std::max(1.0, std::abs(sum))) return 0;
    any = any || sum != 0;
    ++rows;
  }
  return any ? rows : 0;
}

}  // namespace

base::Status FindSums(const SumSearch& search, Plan& plan, std::vector<std::string>& remarks) {
  if (plan.Find(Role::kLabel) == nullptr || search.body.rows.size() < 3) return {};
  if (search.body.rows.size() * search.body.value_columns.size() > kMostSummedCells) return {};
  const Looks looks = LookAtColumns(search);
  TIDEMILL_CHECK(FindLevels(search, looks, plan, remarks));
  return FindTotals(search, looks, plan, remarks);
}

std::vector<std::string> ColumnSums(const TableSearch& search, const DraftBody& body) {
  std::vector<std::string> remarks;
  const std::vector<std::uint32_t>& columns = body.value_columns;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    for (std::size_t parts = 2; parts <= kMostParts && i + parts < columns.size(); ++parts) {
      const std::size_t rows = RowsThatAdd(search, body, std::span(columns).subspan(i, parts + 1));
      if (rows < 3) continue;
      remarks.push_back(fmt::format("column {} is the sum of {} to {} in all {} rows", workbook::ColumnName(columns[i]),
                                    workbook::ColumnName(columns[i + 1]), workbook::ColumnName(columns[i + parts]),
                                    rows));
      break;
    }
  }
  return remarks;
}

}  // namespace tidemill::transform
