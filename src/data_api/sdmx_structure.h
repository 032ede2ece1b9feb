// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "sdmx_flow.h"

namespace tidemill::data_api {

// Which artefacts a Structure message holds. An id is empty for all of a kind.
struct SdmxArtefacts {
  bool flows = false, codelists = false, concepts = false, structures = false;
  std::string codelist;  // only this one
};

// A Structure message (SDMX-ML 2.1) over these flows.
std::string MakeSdmxStructure(const std::vector<SdmxFlow>& flows, const SdmxArtefacts& artefacts,
                              const std::string& agency);
// Ids of all code lists of a flow.
std::vector<std::string> SdmxCodelists(const SdmxFlow& flow);
// "DEATHS_MONTHLY_CONCEPTS"
std::string SdmxConcepts(const SdmxFlow& flow);

}  // namespace tidemill::data_api
