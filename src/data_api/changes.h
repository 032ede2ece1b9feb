// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "catalog.h"

// New versions as they are told of.
namespace tidemill::data_api {

struct Change {
  std::shared_ptr<const LoadedDataset> dataset;
  dataset::Version version;
};

// Versions of a catalog's tables, of one dataset where `dataset` is not empty, in the order in which they were
// recorded. Plain files have none: nobody says when they came. Errors: kNotFound and others of reading the log.
base::Result<std::vector<Change>> ListAllChanges(const Catalog& catalog, std::string_view dataset);
// The same, but those that came later than the version of an event's id ("deaths_monthly@41"). None for an id that is
// none of ours: whoever sends it has missed what nobody can tell.
base::Result<std::vector<Change>> ChangesSince(const Catalog& catalog, std::string_view dataset, std::string_view id);
// What `after` has and `before` had not.
std::vector<Change> NewChanges(const Catalog& before, const Catalog& after);

// As a server-sent event.
std::string ToEvent(const Change& change);

}  // namespace tidemill::data_api
