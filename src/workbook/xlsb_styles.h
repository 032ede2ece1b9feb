// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>
#include <vector>

#include "tidemill/workbook/workbook.h"

namespace tidemill::workbook {

struct XlsbStyles {
  std::vector<Style> styles;   // by cell format
  std::vector<TextRun> fonts;  // for the runs of texts
};

XlsbStyles ReadXlsbStyles(std::string_view part);

}  // namespace tidemill::workbook
