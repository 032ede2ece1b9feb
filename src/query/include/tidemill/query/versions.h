// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "tidemill/query/cube.h"

// Several versions of one dataset as one cube, so that a query asks them as it asks any.
namespace tidemill::query {

struct VersionCube {
  std::shared_ptr<const Cube> cube;
  std::int64_t number = 0;
  std::int64_t at = 0;  // when it became the published one: a day or, by `instants`, microseconds since 1970
};

// A row for each span in which a value was the published one: the key, measures and statuses, then realtime_start,
// realtime_end (exclusive; null: still) and vintage. `versions` in the order of their clock; of two at one moment the
// later wins. `columns` are those of the newest. Errors: kNotFound where keys repeat, and Arrow's.
base::Result<std::shared_ptr<const Cube>> MakeHistory(const std::vector<VersionCube>& versions,
                                                      const std::vector<Column>& columns, bool instants);

struct Difference {
  std::shared_ptr<const Cube> cube;  // change, the key, and each measure and status before and after
  std::int64_t added = 0, revised = 0, removed = 0;
};
// What a version has that another had not, or had otherwise, or has no more. Equality is exact.
base::Result<Difference> MakeDifference(const std::shared_ptr<const Cube>& before,
                                        const std::shared_ptr<const Cube>& after, const std::vector<Column>& columns);

}  // namespace tidemill::query
