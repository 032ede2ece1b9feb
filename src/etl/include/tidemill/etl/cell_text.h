// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <stop_token>
#include <string>

#include "tidemill/base/file_store.h"
#include "tidemill/base/result.h"
#include "tidemill/workbook/workbook.h"

namespace tidemill::etl {

// A cell of a workbook that a store keeps; row and column from 1.
struct KeptCell {
  std::string sha256, sheet;
  std::int64_t row = 0, column = 0;
  std::string recipe_hash;  // says how delimited text is read; without it as it looks
};
// What the cell shows; empty for one without content. Errors: kNotFound where the store no longer holds the workbook,
// and those of reading it.
base::Result<std::string> ReadCellText(base::FileStore& store, const KeptCell& cell, const workbook::Limits& limits,
                                       std::stop_token stop);

}  // namespace tidemill::etl
