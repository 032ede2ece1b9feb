// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace tidemill::workbook {

// A bit a byte of 64 bytes, the first byte's the lowest.
struct CsvMasks {
  std::uint64_t quotes = 0;
  std::uint64_t delimiters = 0;
  std::uint64_t line_ends = 0;  // LF and CR
};

using CsvMaskKernel = CsvMasks (*)(const char* bytes, char delimiter, char quote);

CsvMasks PortableCsvMasks(const char* bytes, char delimiter, char quote);
// The fastest that this processor has.
CsvMaskKernel BestCsvMasks();

// The bits from each odd set bit up to the next: which bytes lie within quotes.
std::uint64_t PrefixXor(std::uint64_t bits);

}  // namespace tidemill::workbook
