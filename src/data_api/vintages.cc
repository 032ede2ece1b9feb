// SPDX-License-Identifier: Apache-2.0
#include "vintages.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "tidemill/base/date.h"

#include "loaded_dataset.h"

namespace tidemill::data_api {
namespace {

using Loaded = std::shared_ptr<const LoadedDataset>;

constexpr std::size_t kMostLoaded = 4;
constexpr std::size_t kMostDerived = 4;  // histories, differences

template <class List>
void Keep(List& list, typename List::value_type entry, std::size_t most) {
  list.push_front(std::move(entry));
  if (list.size() > most) list.pop_back();
}

std::int64_t MomentOf(const dataset::Version& version, bool by_recorded) {
  if (by_recorded) {
    return std::chrono::duration_cast<std::chrono::microseconds>(version.recorded.time_since_epoch()).count();
  }
  const auto date = base::ParseDate(ReleasedOf(version));
  return date ? date->time_since_epoch().count() : 0;
}

}  // namespace

std::string ReleasedOf(const dataset::Version& version) {
  if (!version.commit.released.empty()) return version.commit.released;
  return base::ToText(std::chrono::floor<std::chrono::days>(version.recorded));
}

Vintages::Vintages(Source source, query::RoleOverrides columns, std::int64_t newest)
    : source_(std::move(source)), columns_(std::move(columns)), newest_(newest) {}

base::Result<std::shared_ptr<const std::vector<dataset::Version>>> Vintages::List() const {
  const std::lock_guard lock(mutex_);
  if (versions_) return versions_;
  TIDEMILL_ASSIGN(auto versions, dataset::LoadHistory(*source_.store, source_.path));
  std::erase_if(versions, [&](const dataset::Version& version) { return version.number > newest_; });
  versions_ = std::make_shared<const std::vector<dataset::Version>>(std::move(versions));
  return versions_;
}

base::Result<Loaded> Vintages::Load(std::int64_t number) const {
  const std::lock_guard lock(mutex_);
  return LoadLocked(number);
}

base::Result<Loaded> Vintages::LoadLocked(std::int64_t number) const {
  const auto found =
      std::find_if(loaded_.begin(), loaded_.end(), [&](const Loaded& loaded) { return loaded->vintage == number; });
  if (found != loaded_.end()) {
    loaded_.splice(loaded_.begin(), loaded_, found);
    return loaded_.front();
  }
  TIDEMILL_ASSIGN(Loaded loaded, LoadVintage(source_, number, columns_));
  Keep(loaded_, loaded, kMostLoaded);
  return loaded;
}

base::Result<std::vector<query::VersionCube>> Vintages::Cubes(std::int64_t until, bool by_recorded) const {
  TIDEMILL_ASSIGN(const auto versions, List());
  std::vector<query::VersionCube> cubes;
  for (const dataset::Version& version : *versions) {
    if (version.number > until) continue;
    TIDEMILL_ASSIGN(const Loaded loaded, Load(version.number));
    cubes.push_back({loaded->snapshot->cube, version.number, MomentOf(version, by_recorded)});
  }
  if (cubes.empty()) return base::Fail(base::ErrorCode::kNotFound, "there is no version up to {}", until);
  std::sort(cubes.begin(), cubes.end(),
            [](const auto& a, const auto& b) { return std::pair(a.at, a.number) < std::pair(b.at, b.number); });
  return cubes;
}

base::Result<std::shared_ptr<const query::Cube>> Vintages::History(std::int64_t until, bool by_recorded) const {
  {
    const std::lock_guard lock(mutex_);
    for (const KeptHistory& kept : histories_) {
      if (kept.until == until && kept.by_recorded == by_recorded) return kept.cube;
    }
  }
  TIDEMILL_ASSIGN(const auto cubes, Cubes(until, by_recorded));
  TIDEMILL_ASSIGN(const Loaded newest, Load(until));
  TIDEMILL_ASSIGN(auto cube, query::MakeHistory(cubes, newest->snapshot->columns, by_recorded));
  const std::lock_guard lock(mutex_);
  Keep(histories_, {until, by_recorded, cube}, kMostDerived);
  return cube;
}

base::Result<std::shared_ptr<const query::Difference>> Vintages::Compare(std::int64_t from, std::int64_t to) const {
  {
    const std::lock_guard lock(mutex_);
    for (const KeptDifference& kept : differences_) {
      if (kept.from == from && kept.to == to) return kept.difference;
    }
  }
  TIDEMILL_ASSIGN(const Loaded before, Load(from));
  TIDEMILL_ASSIGN(const Loaded after, Load(to));
  TIDEMILL_ASSIGN(auto difference,
                  query::MakeDifference(before->snapshot->cube, after->snapshot->cube, after->snapshot->columns));
  auto shared = std::make_shared<const query::Difference>(std::move(difference));
  const std::lock_guard lock(mutex_);
  Keep(differences_, {from, to, shared}, kMostDerived);
  return shared;
}

}  // namespace tidemill::data_api
