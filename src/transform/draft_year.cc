// SPDX-License-Identifier: Apache-2.0
#include "draft_year.h"

#include <algorithm>

#include "tidemill/base/text.h"

#include "draft_names.h"

namespace tidemill::transform {
namespace {

std::string ReplaceYear(std::string text, const std::string& year, std::string_view by) {
  const std::size_t at = text.find(year);
  if (at != std::string::npos) text.replace(at, year.size(), by);
  return text;
}

bool HitsSeveral(const std::string& pattern, const std::vector<workbook::SheetEntry>& sheets) {
  const auto compiled = recipe::Pattern::Compile(pattern);
  return compiled && std::ranges::count_if(sheets, [&](const workbook::SheetEntry& sheet) {
                       return compiled->Match(sheet.name).has_value();
                     }) > 1;
}

// Captures the year from the sheet's name, or from a title that ends with it. Where the book has a sheet for each of
// several years, only that year will do.
bool CaptureYear(const YearSearch& search, int year, Plan& plan) {
  const std::string& title = search.title;
  const std::string text = std::to_string(year);
  if (plan.sheet.find(text) != std::string::npos) {
    const std::string any = ReplaceYear(plan.sheet, text, "{year:year}");
    plan.sheet = HitsSeveral(any, search.sheets) ? ReplaceYear(plan.sheet, text, "{year:" + text + "}") : any;
    return true;
  }
  if (title.size() > text.size() && title.ends_with(" " + text)) {
    const std::string label = PatternOf(title.substr(0, title.size() - text.size())) + " *";
    plan.facts.emplace_back("year", fmt::format("{{ label = {}, type = \"int\" }}", TomlText(label)));
    return true;
  }
  return false;
}

// The only year that stands in a text, as four digits of their own.
std::optional<int> OnlyYearIn(std::string_view text) {
  std::optional<int> found;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = at;
    while (end < text.size() && text[end] >= '0' && text[end] <= '9') ++end;
    const auto number = end - at == 4 ? base::ParseInt(text.substr(at, 4)) : std::nullopt;
    if (number && *number >= 1800 && *number < 2200) {
      if (found && *found != *number) return std::nullopt;
      found = static_cast<int>(*number);
    }
    at = end + 1;
  }
  return found;
}

}  // namespace

std::string SheetPattern(const std::string& sheet, const DraftOptions& options) {
  const auto year = options.captures.find("year");
  const bool known = year != options.captures.end() && options.source_captures_year;
  return known ? ReplaceYear(PatternOf(sheet), year->second, "{year}") : PatternOf(sheet);
}

std::optional<Decision> SettleYear(const YearSearch& search, const DraftTable& table, const DraftOptions& options,
                                   Plan& plan) {
  const Grid& grid = search.grid;
  const std::string& title = search.title;
  if (!table.kind || !table.axis.front().value.period) return std::nullopt;
  PlanColumn& axis = *plan.Find(recipe::Role::kAxis);
  const auto captured = options.captures.find("year");
  if (!table.needs_year) {
    const int year = table.axis.front().value.period->year;
    const bool one =
        std::ranges::all_of(table.axis, [&](const AxisCell& cell) { return cell.value.period->year == year; });
    if (!one || table.axis.size() < 2) return std::nullopt;
    const bool known =
        options.source_captures_year && captured != options.captures.end() && captured->second == std::to_string(year);
    if (known || CaptureYear(search, year, plan)) axis.Set("must", "\"{year}\"");
    return std::nullopt;
  }
  std::optional<int> year;
  std::string from = "the link";
  if (captured != options.captures.end()) {
    year = OnlyYearIn(captured->second);
    if (year && !options.source_captures_year) CaptureYear(search, *year, plan);
  } else {
    for (const std::string& text : {grid.sheet().name, title}) {
      const auto only = OnlyYearIn(text);
      if (year || !only || !CaptureYear(search, *only, plan)) continue;
      year = only;
      from = text == grid.sheet().name ? "the sheet's name" : "the title";
    }
  }
  axis.Set("year", "\"{year}\"");
  return Decision{.about = "year",
                  .choice = year ? std::to_string(*year) : "none",
                  .confidence = year ? 0.9 : 0.3,
                  .reason = year ? "of periods without one, by " + from
                                 : fmt::format("{} names no year, nor does the sheet or its title",
                                               base::Quoted(grid.sheet().DisplayText(*table.axis.front().cell))),
                  .runner_up = {},
                  .settle = "--set year=YYYY"};
}

}  // namespace tidemill::transform
