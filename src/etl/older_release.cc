// SPDX-License-Identifier: Apache-2.0
#include "older_release.h"

#include <algorithm>

#include <fmt/format.h>

namespace tidemill::etl {

using dataset::VersionSource;
using transform::Finding;
using transform::FindingSeverity;

std::vector<Finding> CheckOlderReleases(std::span<const VersionSource> former, std::span<const VersionSource> now) {
  std::vector<Finding> findings;
  for (const VersionSource& source : now) {
    const auto before = std::ranges::find(former, source.edition, &VersionSource::edition);
    // Days are written as 2019-08-27: their texts are in the order of the days.
    if (before == former.end() || source.released.empty() || source.released >= before->released) continue;
    findings.push_back({.severity = FindingSeverity::kHold,
                        .slug = "older-release",
                        .edition = source.edition,
                        .file = source.file,
                        .message = fmt::format("{} was released on {}, before the {} of the last version ({}): its "
                                               "figures are older than those that are published",
                                               source.file, source.released, before->file, before->released)});
  }
  return findings;
}

}  // namespace tidemill::etl
