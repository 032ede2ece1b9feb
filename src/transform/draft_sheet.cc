// SPDX-License-Identifier: Apache-2.0
#include "draft_sheet.h"

#include <algorithm>
#include <functional>

#include "tidemill/base/text.h"

#include "draft_table.h"
#include "sheet_pick.h"

namespace tidemill::transform {
namespace {

using workbook::Sheet;
using workbook::SheetEntry;

// The start values of recipes.md 5.5.
constexpr double kForName = 0.35, kForNative = 0.2, kForAxis = 0.2, kForNumbers = 0.25;

constexpr double kLeastTable = 0.5;  // below it a sheet is asked for only where no other holds a table

struct Scored {
  std::size_t index = 0;
  Sheet sheet;
  double score = 0;
  std::string reason;
  std::string table;  // the best candidate of one that may hold none
  double likely = 1;  // that it holds a table
};

// The default of sheet.not: a recipe that says nothing has it.
std::vector<recipe::Pattern> NotByDefault() {
  constexpr std::string_view kLeast =
      "recipe = 1\nname = \"a\"\ntitle = \"a\"\nsource.file = \"a\"\ncolumns.a = { role = \"label\" }\n"
      "columns.b = { role = \"axis\", axis = \"year\" }\ncolumns.c = { role = \"value\", type = \"int32\" }\n"
      "output = [{ table = \"a\" }]\n";
  const auto recipe = recipe::Recipe::Parse(kLeast, "");
  return recipe ? recipe->base().sheet.not_ : std::vector<recipe::Pattern>();
}

double NameScore(const std::string& name, const DraftOptions& options) {
  const auto year = options.captures.find("year");
  if (year != options.captures.end() && name.find(year->second) != std::string::npos) return 1;
  const std::string plain = recipe::Normalise(name);
  if (plain == "1" || plain == "table 1" || plain == "data") return 1;
  const auto file = recipe::Pattern::Compile("~" + plain);
  return file ? std::min(1.0, file->Score(options.file)) : 0;
}

std::optional<Scored> Score(Sheet sheet, std::size_t index, const DraftOptions& options, int near_year) {
  const Grid grid(sheet);
  const std::vector<DraftTable> tables = FindDraftTables(grid, near_year);
  if (tables.empty()) return std::nullopt;
  std::size_t filled = 0;
  std::size_t numbers = 0;
  for (std::size_t row = 0; row < grid.row_count(); ++row) {
    for (const workbook::Cell& cell : grid.Cells(row)) {
      if (!grid.HasContent(cell)) continue;
      ++filled;
      if (NumberIn(grid, cell)) ++numbers;
    }
  }
  const double name = NameScore(sheet.name, options);
  const bool axis = tables.front().kind.has_value();
  const double share = static_cast<double>(numbers) / static_cast<double>(std::max<std::size_t>(filled, 1));
  Scored scored{.index = index, .sheet = {}, .score = 0, .reason = {}};
  scored.score =
      kForName * name + (sheet.tables.empty() ? 0 : kForNative) + (axis ? kForAxis : 0) + kForNumbers * share;
  scored.reason = fmt::format("score {:.2f} (name {:.2f}, {}{}{:.0f} % numbers)", scored.score, name,
                              sheet.tables.empty() ? "" : "native table, ", axis ? "axis, " : "", share * 100);
  if (tables.front().confidence < kLeastTable) {
    scored.table = fmt::format("{}: {}", NameOf(grid, tables.front()), tables.front().reason);
    scored.likely = tables.front().confidence;
  }
  scored.sheet = std::move(sheet);
  return scored;
}

// Of several, how sure the best is: one twice as good as the next leaves little doubt.
double ConfidenceOf(const std::vector<Scored>& scored) {
  return scored.size() == 1 ? 0.95 : 1.0 - 0.5 * scored[1].score / std::max(scored[0].score, 1e-9);
}

std::string OptionsFor(const std::vector<Scored>& scored) {
  std::string options = "--sheet " + base::Quoted(scored[0].sheet.name);
  if (scored.size() > 1) options += ", or --sheet " + base::Quoted(scored[1].sheet.name);
  return options;
}

// Of sheets that may hold a table, none of them surely.
Decision Doubt(const std::vector<Scored>& scored) {
  Decision decision{.about = "sheet",
                    .choice = base::Quoted(scored[0].sheet.name),
                    .confidence = scored[0].likely,
                    .reason = "no sheet surely holds a table; " + scored[0].table,
                    .runner_up = {},
                    .settle = OptionsFor(scored)};
  if (scored.size() == 1) return decision;
  decision.runner_up = fmt::format("{}, {}", base::Quoted(scored[1].sheet.name), scored[1].table);
  decision.runner_up_confidence = scored[1].likely;
  return decision;
}

Decision Decide(const std::vector<Scored>& scored, std::size_t looked_at) {
  Decision decision{.about = "sheet",
                    .choice = base::Quoted(scored[0].sheet.name),
                    .confidence = ConfidenceOf(scored),
                    .reason = {},
                    .runner_up = {},
                    .settle = OptionsFor(scored)};
  if (scored.size() == 1) {
    decision.reason = fmt::format("the only one of {} visible sheets with a table", looked_at);
    return decision;
  }
  decision.reason = fmt::format("{}, of {} sheets with tables", scored[0].reason, scored.size());
  decision.runner_up = fmt::format("{}, {}", base::Quoted(scored[1].sheet.name), scored[1].reason);
  decision.runner_up_confidence = 1 - decision.confidence;
  return decision;
}

}  // namespace

base::Result<DraftSheet> ChooseDraftSheet(const workbook::Workbook& book, const DraftOptions& options, int near_year,
                                          std::stop_token stop) {
  if (!options.sheet.empty()) {
    TIDEMILL_ASSIGN(const PickedSheet picked, PickNamed(book.sheets(), options.sheet, options.file));
    TIDEMILL_ASSIGN(Sheet sheet, book.ReadSheet(picked.index, stop));
    return DraftSheet{.index = picked.index,
                      .sheet = std::move(sheet),
                      .decision = {.about = "sheet",
                                   .choice = base::Quoted(options.sheet),
                                   .confidence = 1,
                                   .reason = "as asked for",
                                   .runner_up = {},
                                   .settle = {}}};
  }
  const std::vector<recipe::Pattern> never = NotByDefault();
  std::vector<Scored> scored;
  std::size_t looked_at = 0;
  for (std::size_t i = 0; i < book.sheets().size(); ++i) {
    const SheetEntry& entry = book.sheets()[i];
    if (entry.type != workbook::SheetType::kWorksheet || entry.visibility != workbook::Visibility::kVisible) continue;
    ++looked_at;
    const bool out = std::ranges::any_of(
        never, [&](const recipe::Pattern& pattern) { return pattern.Match(entry.name).has_value(); });
    if (out) continue;
    TIDEMILL_ASSIGN(Sheet sheet, book.ReadSheet(i, stop));
    if (auto one = Score(std::move(sheet), i, options, near_year)) scored.push_back(*std::move(one));
  }
  if (scored.empty()) {
    return base::FailAt(base::ErrorCode::kInvalid, options.file,
                        "none of {} visible sheets holds a table: a row of periods or of headers over numbers",
                        looked_at);
  }
  const auto sure = [](const Scored& one) { return one.likely >= kLeastTable; };
  Decision decision;
  if (std::ranges::any_of(scored, sure)) {
    std::erase_if(scored, std::not_fn(sure));
    std::ranges::stable_sort(scored, std::ranges::greater(), &Scored::score);
    decision = Decide(scored, looked_at);
  } else {
    std::ranges::stable_sort(scored, std::ranges::greater(), &Scored::likely);
    decision = Doubt(scored);
  }
  return DraftSheet{.index = scored[0].index, .sheet = std::move(scored[0].sheet), .decision = std::move(decision)};
}

}  // namespace tidemill::transform
