// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string_view>

#include "tidemill/workbook/workbook.h"

// One opener a format. The bytes outlive the workbook; the caller has sniffed them.
namespace tidemill::workbook {

base::Result<std::unique_ptr<Workbook>> OpenXls(std::string_view bytes, const Limits& limits);
base::Result<std::unique_ptr<Workbook>> OpenXlsx(std::string_view bytes, const Limits& limits);
base::Result<std::unique_ptr<Workbook>> OpenXlsb(std::string_view bytes, const Limits& limits);
base::Result<std::unique_ptr<Workbook>> OpenOds(std::string_view bytes, const Limits& limits);
base::Result<std::unique_ptr<Workbook>> OpenFods(std::string_view bytes, const Limits& limits);
base::Result<std::unique_ptr<Workbook>> OpenSpreadsheetMl(std::string_view bytes, const Limits& limits);
base::Result<std::unique_ptr<Workbook>> OpenHtml(std::string_view bytes, const Limits& limits);
base::Result<std::unique_ptr<Workbook>> OpenCsv(std::string_view bytes, const OpenOptions& options);

}  // namespace tidemill::workbook
