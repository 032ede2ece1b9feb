// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tidemill/base/clock.h"
#include "tidemill/base/result.h"
#include "tidemill/dataset/dataset.h"
#include "tidemill/query/snapshot.h"

#include "file_set.h"
#include "source.h"
#include "vintages.h"

namespace tidemill::data_api {

// One version of a dataset, ready to answer. Immutable.
struct LoadedDataset {
  std::string id;
  std::string stamp;  // of the source when this was loaded
  std::int64_t vintage = 0;
  std::string snapshot_id;  // 16 bytes: tells versions apart even after a table was dropped and made again
  std::optional<base::Time> recorded;
  std::string released;  // "2024-04-18" or empty
  dataset::TableFacts facts;
  dataset::CommitFacts commit;
  bool is_table = false;
  std::shared_ptr<const base::FileStore> store;  // where it lies
  std::string path;                              // in the store
  std::shared_ptr<const FileSet> files;
  std::uint64_t bytes = 0;  // of its files
  std::shared_ptr<const query::Snapshot> snapshot;
  std::shared_ptr<const Vintages> vintages;  // null where the source has only one, and in what Vintages itself loads

  std::string Fact(const std::string& name) const;  // of the configuration, "" where absent
  std::string VintageText() const;                  // "deaths_monthly@41"
  std::string Url() const;                          // "/v1/datasets/deaths_monthly"
  // One line to copy: who, what, which version, under which licence, where.
  std::string Citation(const std::string& public_url) const;
};

// An older version of a table, as it is now, for queries.
base::Result<std::shared_ptr<const LoadedDataset>> LoadVintage(const Source& source, std::int64_t number,
                                                               const query::RoleOverrides& columns);
base::Result<std::shared_ptr<const LoadedDataset>> LoadDataset(const Source& source, const std::string& stamp,
                                                               const ServiceOptions& options);

}  // namespace tidemill::data_api
