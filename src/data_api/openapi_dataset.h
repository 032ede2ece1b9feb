// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "tidemill/base/json_writer.h"

#include "loaded_dataset.h"

namespace tidemill::data_api {

// The routes of one dataset, with its columns as parameters and examples that are there.
void WriteDatasetPaths(base::JsonWriter& json, const LoadedDataset& dataset);

// The parameters of the FRED routes, with a series that is there.
std::string FredParameters(const std::string& series);

}  // namespace tidemill::data_api
