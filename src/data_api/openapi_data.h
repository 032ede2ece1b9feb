// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tidemill/base/json_writer.h"

#include "loaded_dataset.h"

namespace tidemill::data_api {

// The parameters of a dataset's rows, as a JSON array: one for each column and operator, typed by the column, and the
// reserved ones. `with_format` adds the extension in the path.
void WriteDataParameters(base::JsonWriter& json, const LoadedDataset& dataset, bool with_format);

}  // namespace tidemill::data_api
