// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <stop_token>

#include "tidemill/workbook/workbook.h"

namespace tidemill::workbook {

// Reads a sheet and gives its rows to `take` in ascending order, each address once: as they are read, where the file
// has them so. Where it does not, `again` is called, which forgets what was taken, and all rows come once more, put in
// order by reading the sheet as a whole. `take` ends the reading with false. Errors: those of StreamSheet.
using TakeRow = std::function<bool(const Sheet& sheet, const Sheet::Row& row, std::span<const Cell> cells)>;
base::Result<Sheet> StreamInOrder(const Workbook& book, std::size_t index, const TakeRow& take,
                                  const std::function<void()>& again, const std::stop_token& stop,
                                  const ReadOptions& options = {});

// Whether the rows come in ascending order, so that StreamInOrder will not call `again`.
base::Result<bool> ComesInOrder(const Workbook& book, std::size_t index, const std::stop_token& stop);

}  // namespace tidemill::workbook
