// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <arrow/type_fwd.h>

#include "tidemill/base/file_store.h"
#include "tidemill/dataset/dataset.h"

#include "delta_schema.h"

namespace tidemill::dataset {

// The columns of `fields` in a version's files; a column that a file lacks is null there.
base::Result<std::shared_ptr<arrow::Table>> ReadColumns(const base::FileStore& store, std::string_view table,
                                                        const Version& version, const std::vector<DeltaField>& fields);

}  // namespace tidemill::dataset
