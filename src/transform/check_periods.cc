// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <functional>
#include <set>

#include "tidemill/base/text.h"

#include "checks.h"

namespace tidemill::transform {
namespace {

using base::Period;

std::string AxisName(const BoundEdition& edition, const AxisCell& cell) {
  return edition.grid.A1(edition.table.header_last, *cell.cell);
}

// Each period lies in the span of `must`, stands once, and is published before any that is not.
void CheckAxis(const BoundEdition& edition, Findings& findings) {
  const std::string must = Expand(edition.binding.axis->must, edition.captures);
  const auto span = base::ParsePeriod(must);
  std::set<std::string> seen;
  for (const AxisCell& cell : edition.table.axis) {
    if (!seen.insert(cell.value.text).second) {
      findings.Fail("period-repeated", AxisName(edition, cell), fmt::format("{} stands twice", cell.value.text));
    }
    if (!span || !cell.value.period) continue;
    if (base::StartOf(*cell.value.period) < base::StartOf(*span) ||
        base::EndOf(*cell.value.period) > base::EndOf(*span)) {
      findings.Fail("period-outside", AxisName(edition, cell),
                    fmt::format("{} does not lie in {}", cell.value.text, must));
    }
  }
  for (const AxisCell& blank : edition.table.axis) {
    if (blank.published) continue;
    const bool hole = std::ranges::any_of(edition.table.axis, [&](const AxisCell& cell) {
      return cell.published && cell.value.period && blank.value.period && *blank.value.period < *cell.value.period;
    });
    if (hole) {
      findings.Fail("hole-in-axis", AxisName(edition, blank),
                    fmt::format("{} has no values, but a later period has", blank.value.text));
    } else if (edition.binding.axis->empty_fails) {
      findings.Fail("period-empty", AxisName(edition, blank), fmt::format("{} has no values", blank.value.text));
    }
  }
}

// Where the order of the periods turns more than once, two names may have been swapped, which no sum would tell.
void CheckOrder(const BoundEdition& edition, Findings& findings) {
  const std::vector<AxisCell>& axis = edition.table.axis;
  const auto turn = [&](auto compare) {
    return std::ranges::adjacent_find(axis, [&](const AxisCell& a, const AxisCell& b) {
      return a.value.period && b.value.period && compare(*b.value.period, *a.value.period);
    });
  };
  const auto back = turn(std::less());
  if (back == axis.end() || turn(std::greater()) == axis.end()) return;
  findings.Add(FindingSeverity::kHold, "axis-order", AxisName(edition, *back),
               fmt::format("{} stands before {}; the periods neither ascend nor descend", back->value.text,
                           std::next(back)->value.text));
}

// The published periods, ascending.
std::set<Period> Published(const BoundEdition& edition) {
  std::set<Period> periods;
  for (const AxisCell& cell : edition.table.axis) {
    if (cell.published && cell.value.period) periods.insert(*cell.value.period);
  }
  if (!edition.table.axis.empty()) return periods;
  for (const BodyRow& row : edition.body.rows) {
    if (row.period) periods.insert(*row.period);
  }
  return periods;
}

void CheckContiguous(const std::set<Period>& periods, const std::optional<Period>& from, Findings& findings) {
  if (from && *periods.begin() != *from) {
    findings.Fail(
        "periods", {},
        fmt::format("the first period is {}, expected {}", base::ToText(*periods.begin()), base::ToText(*from)));
  }
  for (auto at = periods.begin(), next = std::next(at); next != periods.end(); ++at, ++next) {
    if (base::Next(*at) == *next) continue;
    findings.Fail("periods", {},
                  fmt::format("after {} comes {}, expected {}", base::ToText(*at), base::ToText(*next),
                              base::ToText(base::Next(*at))));
  }
}

// "12 periods"
std::optional<std::size_t> ParseCount(std::string_view text) {
  const std::size_t blank = text.find(' ');
  if (blank == std::string_view::npos || base::Trim(text.substr(blank)) != "periods") return std::nullopt;
  const auto count = base::ParseInt(text.substr(0, blank));
  return count && *count >= 0 ? std::optional(static_cast<std::size_t>(*count)) : std::nullopt;
}

}  // namespace

base::Status CheckPeriods(const BoundEdition& edition, Findings& findings) {
  if (!edition.table.axis.empty()) {
    CheckAxis(edition, findings);
    CheckOrder(edition, findings);
  }
  const std::set<Period> periods = Published(edition);
  if (periods.empty()) return {};
  if (base::StartOf(*periods.rbegin()) > edition.input.today) {
    findings.Fail(
        "period-in-future", {},
        fmt::format("{} lies after today, {}", base::ToText(*periods.rbegin()), base::ToText(edition.input.today)));
  }
  constexpr std::string_view kContiguous = "contiguous";
  std::string rule = Expand(edition.spec.checks.periods, edition.captures);
  if (rule.empty()) rule = kContiguous;
  std::optional<Period> from;
  if (rule.starts_with("contiguous from ")) from = base::ParsePeriod(std::string_view(rule).substr(16));
  if (!from && rule != kContiguous) {
    return base::Fail(base::ErrorCode::kUnsupported,
                      "recipe key checks.periods = {} is not supported; supported are \"contiguous\" and \"contiguous "
                      "from PERIOD\"",
                      base::Quoted(rule));
  }
  CheckContiguous(periods, from, findings);
  if (edition.spec.checks.when_final.empty() || !edition.input.final) return {};
  const auto count = ParseCount(edition.spec.checks.when_final);
  if (!count) {
    return base::Fail(base::ErrorCode::kUnsupported,
                      "recipe key checks.when_final = {} is not supported; supported is \"12 periods\"",
                      base::Quoted(edition.spec.checks.when_final));
  }
  if (periods.size() != *count) {
    findings.Fail("periods", {},
                  fmt::format("the edition is final and has {} periods, expected {}", periods.size(), *count));
  }
  return {};
}

}  // namespace tidemill::transform
