// SPDX-License-Identifier: Apache-2.0
#include "tidemill/etl/lock.h"

#include "tidemill/dataset/dataset.h"
#include "tidemill/etl/stages.h"

namespace tidemill::etl {

std::string HeldLockPath(std::string_view recipe_name) {
  return DonePath(std::string(recipe_name)) + ".lock.toml";
}

base::Result<std::string> LoadHeldLock(const base::FileStore& store, const recipe::Spec& spec) {
  auto kept = store.Read(HeldLockPath(spec.name));
  if (kept || kept.error().code != base::ErrorCode::kNotFound) return kept;
  for (const recipe::OutputSpec& output : spec.outputs) {
    if (output.table.empty()) continue;
    TIDEMILL_ASSIGN(const auto commit, dataset::LoadNewestCommit(store, output.table));
    if (commit && commit->facts.recipe == spec.name) return commit->facts.lock;
  }
  return std::string();
}

std::string LockFileOf(std::string_view recipe_file) {
  constexpr std::string_view kToml = ".toml";
  if (recipe_file.ends_with(kToml)) recipe_file.remove_suffix(kToml.size());
  return std::string(recipe_file) + ".lock.toml";
}

}  // namespace tidemill::etl
