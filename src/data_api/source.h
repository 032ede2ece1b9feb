// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "tidemill/base/file_store.h"
#include "tidemill/base/result.h"
#include "tidemill/data_api/service.h"

namespace tidemill::data_api {

// Where one dataset comes from: a Delta table, or a Parquet or CSV file.
struct Source {
  enum class Kind { kTable, kFile };
  std::string id;  // [a-z][a-z0-9_]{0,62}
  Kind kind = Kind::kTable;
  std::shared_ptr<const base::FileStore> store;
  std::string path;        // in the store
  std::string stamp = {};  // where the listing of its folder told it
};

// One of the paths that are served. A store or folder may get more datasets later.
struct Place {
  enum class Kind { kStore, kFolder, kOne };
  Kind kind = Kind::kOne;
  std::shared_ptr<const base::FileStore> store;
  Source one;  // of kOne
};

// Says what a path is. kNotFound where nothing is there that could be served.
base::Result<Place> FindPlace(const std::string& path, const ServiceOptions& options);
// The datasets that are in a place now.
base::Result<std::vector<Source>> ListSources(const Place& place);
// Which version a source has now: a text that is equal as long as nothing changed.
base::Result<std::string> StampOf(const Source& source);

}  // namespace tidemill::data_api
