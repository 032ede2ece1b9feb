// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "tidemill/query/encode_answer.h"

#include "loaded_dataset.h"

namespace tidemill::data_api {

// What goes with the rows of a workbook: `notes` (what it is, licence, citation, permalink, statuses and columns in
// words) and `sources` (the files that the version was read from). `permalink` is absolute or begins with '/'.
std::vector<query::TextSheet> SheetsBesideData(const LoadedDataset& dataset, const std::string& permalink,
                                               const std::string& public_url);

}  // namespace tidemill::data_api
