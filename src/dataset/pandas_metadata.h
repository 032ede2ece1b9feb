// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <arrow/type_fwd.h>

namespace tidemill::dataset {

// The text of the schema's key "pandas": the columns' types in pandas' words and a range index, so that pandas makes
// the frame it would have written itself.
std::string PandasMetadata(const arrow::Table& table);

}  // namespace tidemill::dataset
