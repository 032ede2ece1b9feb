// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <vector>

#include "tidemill/dataset/dataset.h"
#include "tidemill/transform/finding.h"

namespace tidemill::etl {

// Editions whose workbook was released before the one that the last version was made of: each holds the new version,
// for it would put older figures over newer ones. `former` are the sources of the last version, `now` those of this
// run. Nothing is said of workbooks without a day of release.
std::vector<transform::Finding> CheckOlderReleases(std::span<const dataset::VersionSource> former,
                                                   std::span<const dataset::VersionSource> now);

}  // namespace tidemill::etl
