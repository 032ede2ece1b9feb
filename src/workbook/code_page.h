// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace tidemill::workbook {

// Bytes of a Windows or Macintosh code page as UTF-8, appended to `out`. Unknown pages count as 1252, what a page does
// not define becomes U+FFFD.
void AppendCodePage(std::string& out, std::string_view bytes, std::uint16_t code_page);
// The same by an encoding's name, as iconv has it.
void AppendEncoded(std::string& out, std::string_view bytes, const std::string& encoding);
void AppendLatin1(std::string& out, std::string_view bytes);
// Little-endian; unpaired surrogates become U+FFFD.
void AppendUtf16(std::string& out, std::string_view bytes);
void AppendUtf8(std::string& out, char32_t code_point);
// Replaces what is no UTF-8, from a position on, by U+FFFD.
void RepairUtf8(std::string& text, std::size_t from = 0);

}  // namespace tidemill::workbook
