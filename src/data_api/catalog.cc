// SPDX-License-Identifier: Apache-2.0
#include "catalog.h"

#include <utility>
#include <vector>

#include "tidemill/base/sha256.h"
#include "tidemill/base/text.h"

#include "openapi.h"
#include "sdmx_flow.h"

namespace tidemill::data_api {
namespace {

std::shared_ptr<const LoadedDataset> FindSeed(const Catalog& catalog, const std::string& wanted) {
  std::vector<std::shared_ptr<const LoadedDataset>> fitting;
  for (const auto& [id, dataset] : catalog.datasets) {
    if (dataset->snapshot->seed && (wanted.empty() || id == wanted)) fitting.push_back(dataset);
  }
  return fitting.size() == 1 ? fitting.front() : nullptr;
}

}  // namespace

const LoadedDataset* Catalog::Find(std::string_view dataset) const {
  const auto found = datasets.find(dataset);
  return found == datasets.end() ? nullptr : found->second.get();
}

std::shared_ptr<const LoadedDataset> Catalog::Share(std::string_view dataset) const {
  const auto found = datasets.find(dataset);
  return found == datasets.end() ? nullptr : found->second;
}

void Complete(Catalog& catalog, const Catalog* before, const ServiceOptions& options) {
  catalog.seed = FindSeed(catalog, options.seed_dataset);
  if (before != nullptr && before->seed == catalog.seed) {
    catalog.hot = before->hot;
  } else if (catalog.seed) {
    catalog.hot = std::make_shared<const HotAnswers>(*catalog.seed);
  }
  std::string ids;
  for (const auto& [id, dataset] : catalog.datasets) ids += id + " " + dataset->snapshot_id + "\n";
  const auto digest = base::Sha256(ids);
  catalog.id.assign(reinterpret_cast<const char*>(digest.data()), 16);
  catalog.sdmx_flows = std::make_shared<const std::vector<SdmxFlow>>(MakeSdmxFlows(catalog, options.sdmx_agency));
  catalog.openapi = MakeOpenApi(catalog, options.build);
}

base::Status CheckRoles(const Catalog& catalog, const query::RoleOverrides& roles) {
  std::vector<std::string> names;
  for (const auto& [id, dataset] : catalog.datasets) {
    for (const query::Column& column : dataset->snapshot->columns) {
      names.push_back(column.source_name.empty() ? column.name : column.source_name);
    }
  }
  for (const auto& [name, role] : roles) {
    if (std::find(names.begin(), names.end(), name) != names.end()) continue;
    return base::Fail(base::ErrorCode::kNotFound, "--columns {}={}: no dataset has a column {}{}", name,
                      query::NameOf(role), base::Quoted(name), base::DidYouMean(name, names));
  }
  return {};
}

}  // namespace tidemill::data_api
