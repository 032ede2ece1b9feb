// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "tidemill/workbook/testing/make_files.h"

namespace tidemill::workbook::testing {

// One record of BIFF12.
std::string Record12(std::uint32_t id, std::string_view body);
// XLWideString of an ASCII text.
std::string Wide12(std::string_view ascii);
// A row's beginning, and a cell's place and style.
std::string Row12(std::uint32_t row, std::uint8_t flags = 0);
std::string At12(std::uint32_t column, std::uint32_t style = 0);

// Parts of an xlsb package by name; relationships, content types, the workbook with the sheets "A", "B" … are added.
struct XlsbParts {
  std::vector<std::string> sheets;  // records inside of a worksheet part
  std::string shared_strings = {};  // records inside of the shared strings
  std::string styles = {};          // records inside of the style sheet
  std::string workbook = {};        // records behind the sheets
  std::string properties = {};      // records in front of them
  std::vector<ZipMember> more = {};
};
std::vector<ZipMember> XlsbMembers(const XlsbParts& parts);
std::string MakeXlsb(const XlsbParts& parts);

}  // namespace tidemill::workbook::testing
