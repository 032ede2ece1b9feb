// SPDX-License-Identifier: Apache-2.0
#include "revisions.h"

#include <cmath>
#include <map>
#include <set>

#include "tidemill/base/period.h"
#include "tidemill/base/text.h"

namespace tidemill::etl {
namespace {

using transform::Finding;
using transform::FindingSeverity;

// The period in a change's key ("E08000007 2018-01"); nothing where no part of it is one.
std::optional<base::Period> PeriodOf(std::string_view key) {
  for (const std::string_view part : base::Split(key, ' ')) {
    if (const auto period = base::ParsePeriod(part)) return period;
  }
  return std::nullopt;
}

std::string EditionOf(std::string_view key) {
  const auto period = PeriodOf(key);
  return period ? fmt::format("{}", period->year) : std::string("all");
}

bool IsBeyond(const recipe::RevisionsSpec& spec, const dataset::Diff::Change& change) {
  if (!spec.limit_percent && !spec.limit_abs) return false;
  const auto before = base::ParseDouble(change.before);
  const bool beyond_abs = !spec.limit_abs || std::fabs(change.size) > *spec.limit_abs;
  const bool beyond_percent =
      !spec.limit_percent || !before || std::fabs(change.size) > std::fabs(*before) * *spec.limit_percent / 100.0;
  return beyond_abs && beyond_percent;
}

std::optional<FindingSeverity> SeverityOf(recipe::Severity severity) {
  switch (severity) {
    case recipe::Severity::kFail:
      return FindingSeverity::kFail;
    case recipe::Severity::kHold:
      return FindingSeverity::kHold;
    case recipe::Severity::kWarn:
      return FindingSeverity::kWarn;
    case recipe::Severity::kOff:
      break;
  }
  return std::nullopt;
}

struct Tally {
  std::int64_t count = 0;
  const dataset::Diff::Change* largest = nullptr;
};

}  // namespace

std::vector<Finding> CheckRevisions(const recipe::RevisionsSpec& spec, const std::string& table,
                                    const dataset::Diff& diff, const std::set<base::Period>& newest) {
  std::vector<Finding> findings;
  std::map<std::string, Tally> beyond;
  for (const dataset::Diff::Change& change : diff.changes) {
    if (change.size == 0) continue;  // a status, a label, a row that is new or gone
    const auto period = PeriodOf(change.key);
    if ((period && newest.contains(*period)) || !IsBeyond(spec, change)) continue;
    Tally& tally = beyond[EditionOf(change.key)];
    ++tally.count;
    if (tally.largest == nullptr || std::fabs(change.size) > std::fabs(tally.largest->size)) tally.largest = &change;
  }
  if (const auto severity = SeverityOf(spec.beyond)) {
    for (const auto& [edition, tally] : beyond) {
      findings.push_back(
          {.severity = *severity,
           .slug = "revision-beyond",
           .edition = edition,
           .message = fmt::format(
               "{}: {} older values change by more than the recipe's revisions.limit; largest: {} from {} to {}", table,
               tally.count, tally.largest->key, tally.largest->before, tally.largest->after)});
    }
  }
  std::map<std::string, std::vector<std::string>> removed;
  for (const std::string& key : diff.removed_keys) removed[EditionOf(key)].push_back(key);
  if (const auto severity = SeverityOf(spec.removed)) {
    for (const auto& [edition, keys] : removed) {
      findings.push_back({.severity = *severity,
                          .slug = "removed",
                          .edition = edition,
                          .message = fmt::format("{}: {} observations of the last version are gone; first: {}", table,
                                                 keys.size(), keys.front())});
    }
  }
  return findings;
}

}  // namespace tidemill::etl
