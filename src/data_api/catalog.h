// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "answer_cache.h"
#include "hot_answers.h"
#include "loaded_dataset.h"

namespace tidemill::data_api {

struct SdmxFlow;

// All that requests are answered from. Immutable: a new one takes its place whole.
struct Catalog {
  std::map<std::string, std::shared_ptr<const LoadedDataset>, std::less<>> datasets;
  std::map<std::string, std::string> stale;                                // id → why its newest version is not served
  std::map<std::string, std::string> missing;                              // id → why it is not served at all
  std::shared_ptr<const LoadedDataset> seed;                               // what /year/… answers from; may be null
  std::shared_ptr<const HotAnswers> hot;                                   // of `seed`
  std::shared_ptr<AnswerCache> answers = std::make_shared<AnswerCache>();  // to requests that come again
  std::shared_ptr<const std::vector<SdmxFlow>> sdmx_flows;
  std::string openapi;
  std::string id;  // 16 bytes over the snapshot ids

  const LoadedDataset* Find(std::string_view dataset) const;
  std::shared_ptr<const LoadedDataset> Share(std::string_view dataset) const;
};

// kNotFound for a role of a column that no dataset has: a name mistyped.
base::Status CheckRoles(const Catalog& catalog, const query::RoleOverrides& roles);

// Fills in what follows from the datasets: seed (and hot answers, taken over from `before` where nothing changed),
// SDMX dataflows, OpenAPI document, id.
void Complete(Catalog& catalog, const Catalog* before, const ServiceOptions& options);

}  // namespace tidemill::data_api
