// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "biff_text.h"
#include "cell_sink.h"

namespace tidemill::workbook {

// The comments of a sheet, whose BOF the records begin with, into the sink's sheet. In BIFF8 their text is that of a
// drawn object, which a NOTE record names by number; before it stands in NOTE records itself.
void ReadXlsComments(std::string_view records, const BiffText& text, CellSink& sink);

}  // namespace tidemill::workbook
