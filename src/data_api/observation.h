// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "series.h"

// One figure, as its own route and that of its lineage find it.
namespace tidemill::data_api {

struct Observation {
  ReadQueryResult read;
  std::size_t series = 0;
  std::uint32_t row = 0;
  std::string key, period;
  Measure measure;
};
// From "M.E08000007.2021-03" in the path. Errors: not-found, and those of the query.
tl::expected<Observation, Problem> FindObservation(const Question& question,
                                                   const std::shared_ptr<const LoadedDataset>& newest);
// `"dataset":…,"observation":…,"measure":…,"vintage":…,"value":…,"status":…`
base::Status WriteObservation(base::JsonWriter& json, const Observation& observation);
// `"history":[…]`: each value and when it was the published one, up to the observation's version.
base::Status WriteHistory(base::JsonWriter& json, const LoadedDataset& newest, const Observation& observation);
// Path and query, pinned; `ending` is "" or "/lineage".
std::string TargetOf(const Observation& observation, std::string_view ending);

}  // namespace tidemill::data_api
