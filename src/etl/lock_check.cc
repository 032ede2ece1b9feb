// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "tidemill/etl/lock.h"

namespace tidemill::etl {
namespace {

using recipe::LockChange;
using recipe::LockEdition;
using transform::Finding;

Finding Hold(std::string slug, const LockEdition& edition, const std::string& what,
             const std::vector<LockChange>& changes) {
  std::string message = what + "\n" + recipe::ToText(changes, "    ");
  message.pop_back();
  return {.severity = transform::FindingSeverity::kHold,
          .slug = std::move(slug),
          .edition = edition.edition,
          .file = {},
          .sheet = {},
          .cell = {},
          .message = std::move(message)};
}

std::vector<Finding> CheckEdition(const LockEdition& edition, const HeldLock& held) {
  const LockEdition* before = held.lock.Find(edition.edition);
  if (before != nullptr && before->sha256 == edition.sha256) {
    const auto changes = recipe::CompareBindings(*before, edition);
    if (changes.empty()) return {};
    return {Hold(
        "binding-changed", edition,
        fmt::format("the same workbook binds in another way than in {}: the recipe or the program changed", held.name),
        changes)};
  }
  const LockEdition* nearest = before != nullptr ? before : recipe::FindNearest(held.lock, edition);
  if (nearest == nullptr) return {};
  const auto changes = recipe::CompareLayouts(*nearest, edition);
  if (changes.empty()) return {};
  const std::string whose = nearest == before
                                ? std::string("this edition")
                                : fmt::format("edition {}, the nearest to this new one", nearest->edition);
  return {
      Hold("layout-changed", edition, fmt::format("the layout is not that of {} in {}", whose, held.name), changes)};
}

}  // namespace

std::vector<Finding> CheckLock(const recipe::Lock& bound, const std::vector<HeldLock>& held) {
  std::vector<Finding> findings;
  for (const LockEdition& edition : bound.editions) {
    for (const HeldLock& one : held) {
      for (Finding& finding : CheckEdition(edition, one)) {
        if (std::ranges::find(findings, finding.Id(), &Finding::Id) == findings.end()) {
          findings.push_back(std::move(finding));
        }
      }
    }
  }
  return findings;
}

}  // namespace tidemill::etl
