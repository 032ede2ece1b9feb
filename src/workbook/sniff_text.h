// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

#include "tidemill/workbook/workbook.h"

namespace tidemill::workbook {

Sniffed IsAWorkbook(Format format, std::string_view what);
Sniffed NotAWorkbook(std::string_view what);
// A spreadsheet of a kind that is not read.
Sniffed OtherSpreadsheet(std::string_view what);

// What a file is that only its first bytes tell: images, archives, spreadsheets of other programs. Nothing where they
// tell nothing.
std::optional<Sniffed> SniffSignature(std::string_view bytes);
// What a text is: markup by its first element, else text with delimiters. Nothing for bytes that are no text.
std::optional<Sniffed> SniffText(std::string_view bytes);

}  // namespace tidemill::workbook
