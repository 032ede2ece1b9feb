// SPDX-License-Identifier: Apache-2.0
#include "facts.h"

#include <algorithm>
#include <optional>

#include "tidemill/base/date.h"
#include "tidemill/base/text.h"

#include "axis.h"

namespace tidemill::transform {
namespace {

using recipe::FactSpec;
using recipe::FactType;
using workbook::Cell;

// The text of a pattern before its first special character, as it reads in a normalised text.
std::string FixedBeginning(const recipe::Pattern& pattern) {
  const std::string& text = pattern.text();
  return recipe::Normalise(std::string_view(text).substr(0, text.find_first_of("~*?#{\\")));
}

char FirstLower(std::string_view text) {
  const std::string_view trimmed = base::Trim(text);
  if (trimmed.empty()) return 0;
  const char c = trimmed.front();
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

// What stands behind the fixed beginning, in the case it was published in.
std::string RestAfter(std::string_view text, std::string_view beginning) {
  for (std::size_t size = text.size(); size > 0; --size) {
    if (recipe::Normalise(text.substr(0, size)) == beginning) return base::CollapseSpace(text.substr(size));
  }
  return beginning.empty() ? base::CollapseSpace(text) : std::string();
}

std::optional<std::string> ReadFactText(FactType type, const std::string& text, int near_year) {
  switch (type) {
    case FactType::kText:
      return text;
    case FactType::kInt: {
      const auto number = base::ParseInt(text);
      return number ? std::optional(std::to_string(*number)) : std::nullopt;
    }
    case FactType::kDate: {
      const AxisReader reader(recipe::AxisKind::kDate,
                              {"%d %B %Y", "%d %b %Y", "%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y", "%d-%b-%y"}, {}, near_year);
      const auto value = reader.Read(text);
      return value && value->rest.empty() ? std::optional(value->text) : std::nullopt;
    }
  }
  return std::nullopt;
}

struct Hit {
  std::size_t row = 0;
  const Cell* label = nullptr;
  const Cell* value = nullptr;  // the same cell, or the next filled one
  std::string text;
};

// A serial of a date cell as an ISO date.
std::string TextOf(const Grid& grid, const Cell& cell) {
  if (cell.kind != workbook::CellKind::kDate) return base::CollapseSpace(grid.sheet().DisplayText(cell));
  const auto date = workbook::ToDate(cell);
  return date ? base::ToText(*date) : base::ShortestDouble(cell.number());
}

std::optional<Hit> FindHit(const Grid& grid, const FactSpec& fact, const recipe::Captures& bound) {
  for (const recipe::Pattern& pattern : fact.label) {
    const std::string beginning = FixedBeginning(pattern);
    const char first = beginning.empty() ? '\0' : beginning.front();
    for (std::size_t row = 0; row < grid.row_count(); ++row) {
      for (const Cell& cell : grid.Cells(row)) {
        if (cell.kind != workbook::CellKind::kString || !grid.HasContent(cell)) continue;
        const std::string_view text = grid.sheet().Text(cell);
        const char begins = FirstLower(text);
        if (first != 0 && begins != first && (begins & 0x80) == 0) continue;
        if (!pattern.Match(text, bound)) continue;
        Hit hit{.row = row, .label = &cell, .value = &cell, .text = RestAfter(base::CollapseSpace(text), beginning)};
        if (!hit.text.empty()) return hit;
        for (const Cell& next : grid.Cells(row)) {
          if (next.column <= cell.column || !grid.HasContent(next)) continue;
          hit.value = &next;
          hit.text = TextOf(grid, next);
          break;
        }
        return hit;
      }
    }
  }
  return std::nullopt;
}

}  // namespace

void ReadFacts(Grid& grid, const recipe::Spec& spec, const recipe::Captures& bound, bool of_book, Findings& findings,
               Facts& facts) {
  const auto year = bound.find("year");
  const int near_year = year == bound.end() ? 2000 : static_cast<int>(base::ParseInt(year->second).value_or(2000));
  for (const FactSpec& fact : spec.facts) {
    if (facts.contains(fact.name) || (of_book && !fact.in_book)) continue;
    const auto hit = FindHit(grid, fact, bound);
    if (!hit) continue;
    grid.Claim(*hit->label, CellClass::kFact);
    grid.Claim(*hit->value, CellClass::kFact);
    const auto text = ReadFactText(fact.type, hit->text, near_year);
    if (text) {
      facts[fact.name] = *text;
    } else {
      findings.Warn("fact-unreadable", grid.A1(hit->row, *hit->value),
                    fmt::format("{} is no {} for the fact {}", base::Quoted(hit->text),
                                fact.type == FactType::kDate ? "date" : "whole number", base::Quoted(fact.name)));
    }
  }
}

void CheckFacts(const recipe::Spec& spec, const Facts& facts, Findings& findings) {
  for (const FactSpec& fact : spec.facts) {
    if (!fact.required || facts.contains(fact.name)) continue;
    findings.Fail("fact-missing", {}, fmt::format("no cell holds the fact {}", base::Quoted(fact.name)));
  }
}

}  // namespace tidemill::transform
