// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tidemill/base/file_store.h"
#include "tidemill/base/result.h"
#include "tidemill/recipe/lock.h"
#include "tidemill/recipe/recipe.h"
#include "tidemill/transform/finding.h"

namespace tidemill::etl {

// Where the lock of the last run is kept that published, or found no figure changed; docs/decisions/0017.
std::string HeldLockPath(std::string_view recipe_name);

// That lock; else the one in the newest commit of the recipe's first table; else empty.
base::Result<std::string> LoadHeldLock(const base::FileStore& store, const recipe::Spec& spec);

// A lock that holds, and how messages call it.
struct HeldLock {
  std::string name;  // "the last version's lock", "deaths-monthly.lock.toml"
  recipe::Lock lock;
};

// What was bound against the locks that hold (recipes.md 4): binding-changed where the same bytes bind in another way,
// layout-changed where other bytes have another layout than the edition had, or, for a new edition, than its nearest
// one under the same [[when]] blocks. Each change is found once. Both hold the version.
std::vector<transform::Finding> CheckLock(const recipe::Lock& bound, const std::vector<HeldLock>& held);

// "deaths-monthly.toml" → "deaths-monthly.lock.toml", beside the recipe.
std::string LockFileOf(std::string_view recipe_file);

}  // namespace tidemill::etl
