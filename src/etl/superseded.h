// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "tidemill/etl/stages.h"

namespace tidemill::etl {

// Downloads the superseded files that the recipe's source.versions finds, or with --offline names those that the store
// holds. An edition without a page of versions has none; a file that cannot be had is reported and left out.
base::Result<std::vector<EditionSource>> FindSuperseded(flow::Run& run, const Job& job, const Extracted& extracted,
                                                        Report& report);

// A file with the day it was published on.
struct DatedSource {
  EditionSource source;
  std::string released;      // "2017-02-28"; empty: from the beginning
  std::int64_t version = 0;  // of one edition the higher is the later
  bool current = false;
};

// The files that were the newest of their editions on a day.
struct PastState {
  std::string released;
  std::vector<EditionSource> editions;  // by edition
};

// All states before the current one, the earliest first.
std::vector<PastState> StatesOf(const std::vector<DatedSource>& files);

}  // namespace tidemill::etl
