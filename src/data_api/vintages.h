// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "tidemill/base/result.h"
#include "tidemill/dataset/dataset.h"
#include "tidemill/query/versions.h"

#include "source.h"

namespace tidemill::data_api {

struct LoadedDataset;

// The versions of one table beside the one that is served: loaded when they are asked for, the latest asked ones kept.
// Thread-safe; who asks while another loads waits for it.
class Vintages {
 public:
  Vintages(Source source, query::RoleOverrides columns, std::int64_t newest);

  // Facts of all versions up to the newest one, oldest first.
  base::Result<std::shared_ptr<const std::vector<dataset::Version>>> List() const;
  // kNotFound where there is no such version.
  base::Result<std::shared_ptr<const LoadedDataset>> Load(std::int64_t number) const;
  // The history of every value up to a version.
  base::Result<std::shared_ptr<const query::Cube>> History(std::int64_t until, bool by_recorded) const;
  base::Result<std::shared_ptr<const query::Difference>> Compare(std::int64_t from, std::int64_t to) const;

 private:
  base::Result<std::shared_ptr<const LoadedDataset>> LoadLocked(std::int64_t number) const;
  base::Result<std::vector<query::VersionCube>> Cubes(std::int64_t until, bool by_recorded) const;

  const Source source_;
  const query::RoleOverrides columns_;
  const std::int64_t newest_;

  // One for all: what is asked for rarely, at the cost of reading files.
  mutable std::mutex mutex_;
  mutable std::shared_ptr<const std::vector<dataset::Version>> versions_;
  mutable std::list<std::shared_ptr<const LoadedDataset>> loaded_;  // latest first
  struct KeptHistory {
    std::int64_t until = 0;
    bool by_recorded = false;
    std::shared_ptr<const query::Cube> cube;
  };
  struct KeptDifference {
    std::int64_t from = 0, to = 0;
    std::shared_ptr<const query::Difference> difference;
  };
  mutable std::list<KeptHistory> histories_;
  mutable std::list<KeptDifference> differences_;
};

// "2024-04-18": when the version was published; where nobody said, the day that it was recorded.
std::string ReleasedOf(const dataset::Version& version);

}  // namespace tidemill::data_api
