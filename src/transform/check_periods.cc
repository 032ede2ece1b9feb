// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>

#include "tidemill/base/text.h"

#include "checks.h"

// The periods of a whole edition: recipes.md 3.10, `periods`, `when_final`, `fresh`.
namespace tidemill::transform {
namespace {

using base::Period;

// Dates follow each other in steps of some days, the one that is commonest: 7 for the Fridays of a weekly table.
int CommonestStep(const std::set<Period>& periods) {
  std::map<int, int> counts;
  for (auto at = periods.begin(), next = std::next(at); next != periods.end(); ++at, ++next) {
    ++counts[static_cast<int>((base::StartOf(*next) - base::StartOf(*at)).count())];
  }
  if (counts.empty()) return 1;
  return std::ranges::max_element(counts, {}, [](const auto& count) { return count.second; })->first;
}

bool Follows(const Period& before, const Period& after, int days) {
  if (before.frequency != base::Frequency::kDay) return base::Next(before) == after;
  return (base::StartOf(after) - base::StartOf(before)).count() == days;
}

std::string ExpectedAfter(const Period& period, int days) {
  if (period.frequency != base::Frequency::kDay) return base::ToText(base::Next(period));
  return fmt::format("the date {} days later", days);
}

void CheckContiguous(const std::set<Period>& periods, const std::optional<Period>& from, Findings& findings) {
  if (from && *periods.begin() != *from) {
    findings.Fail(
        "periods", {},
        fmt::format("the first period is {}, expected {}", base::ToText(*periods.begin()), base::ToText(*from)));
  }
  const int days = CommonestStep(periods);
  for (auto at = periods.begin(), next = std::next(at); next != periods.end(); ++at, ++next) {
    if (at->frequency != next->frequency || Follows(*at, *next, days)) continue;
    findings.Fail("periods", {},
                  fmt::format("after {} comes {}, expected {}", base::ToText(*at), base::ToText(*next),
                              ExpectedAfter(*at, days)));
  }
}

// "12 periods"
std::optional<std::size_t> ParseCount(std::string_view text) {
  const std::size_t blank = text.find(' ');
  if (blank == std::string_view::npos || base::Trim(text.substr(blank)) != "periods") return std::nullopt;
  const auto count = base::ParseInt(text.substr(0, blank));
  return count && *count >= 0 ? std::optional(static_cast<std::size_t>(*count)) : std::nullopt;
}

base::Status CheckRule(const WholeEdition& whole, Findings& findings, CheckCounts& counts) {
  constexpr std::string_view kContiguous = "contiguous";
  std::string rule = Expand(whole.spec.checks.periods, whole.captures);
  if (rule.empty()) rule = kContiguous;
  if (rule == "any") return {};
  std::optional<Period> from;
  if (rule.starts_with("contiguous from ")) from = base::ParsePeriod(std::string_view(rule).substr(16));
  if (!from && rule != kContiguous) {
    return base::Fail(base::ErrorCode::kUnsupported,
                      "recipe key checks.periods = {} is not supported; supported are \"contiguous\", \"contiguous "
                      "from PERIOD\" and \"any\"",
                      base::Quoted(rule));
  }
  CheckContiguous(whole.periods, from, findings);
  counts["periods are contiguous"] += static_cast<std::int64_t>(whole.periods.size());
  return {};
}

base::Status CheckFinal(const WholeEdition& whole, Findings& findings, CheckCounts& counts) {
  if (whole.spec.checks.when_final.empty() || !whole.input.final) return {};
  const auto count = ParseCount(whole.spec.checks.when_final);
  if (!count) {
    return base::Fail(base::ErrorCode::kUnsupported,
                      "recipe key checks.when_final = {} is not supported; supported is \"12 periods\"",
                      base::Quoted(whole.spec.checks.when_final));
  }
  ++counts["a final edition has " + whole.spec.checks.when_final];
  if (whole.periods.size() != *count) {
    findings.Fail("periods", {},
                  fmt::format("the edition is final and has {} periods, expected {}", whole.periods.size(), *count));
  }
  return {};
}

void CheckToday(const WholeEdition& whole, Findings& findings) {
  const Period& newest = *whole.periods.rbegin();
  const base::Date today = whole.input.today;
  if (base::StartOf(newest) > today && !whole.spec.checks.future) {
    findings.Fail("period-in-future", {},
                  fmt::format("{} lies after today, {}", base::ToText(newest), base::ToText(today)));
  }
  const auto& days = whole.spec.checks.fresh_days;
  if (!days || base::EndOf(newest) + std::chrono::days(*days) >= today) return;
  findings.Warn("not-fresh", {},
                fmt::format("the newest period, {}, ended more than {} days before today, {}", base::ToText(newest),
                            *days, base::ToText(today)));
}

}  // namespace

base::Status CheckWhole(const WholeEdition& whole, Findings& findings, CheckCounts& counts) {
  if (whole.spec.checks.complete) {
    CheckComplete(whole.frame, findings);
    counts["every key has every period"] += static_cast<std::int64_t>(whole.frame.rows);
  }
  if (whole.periods.empty()) return {};
  CheckToday(whole, findings);
  TIDEMILL_CHECK(CheckRule(whole, findings, counts));
  return CheckFinal(whole, findings, counts);
}

}  // namespace tidemill::transform
