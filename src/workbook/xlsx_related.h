// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "cell_sink.h"

// Parts that a worksheet points at; what stands behind an error in one is missing.
namespace tidemill::workbook {

NativeTable ReadXlsxTable(std::string_view xml, const Limits& limits);
// The notes of a sheet (ECMA-376 part 1, 18.7), into the sink's sheet; an address that is none is an issue.
void ReadXlsxComments(std::string_view xml, const Limits& limits, CellSink& sink);

}  // namespace tidemill::workbook
