// SPDX-License-Identifier: Apache-2.0
// A delimited text as a workbook, and its rows by masks and byte by byte, which must be the same.
#include "csv_scan.h"
#include "formats.h"
#include "fuzz_walk.h"

namespace tidemill::workbook {
namespace {

void CompareScanners(std::string_view text, const CsvDialect& dialect) {
  CsvScanner fast(text, dialect);
  CsvScanner slow(text, dialect, true);
  for (;;) {
    const bool more = slow.Next();
    if (fast.Next() != more) __builtin_trap();
    if (!more) break;
    if (fast.offset() != slow.offset() || fast.field_count() != slow.field_count()) __builtin_trap();
    for (std::size_t i = 0; i < slow.field_count(); ++i) {
      if (fast.Field(i) != slow.Field(i)) __builtin_trap();
    }
  }
  if (fast.stray_quotes() != slow.stray_quotes() || fast.unclosed_quotes() != slow.unclosed_quotes()) __builtin_trap();
}

}  // namespace
}  // namespace tidemill::workbook

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tidemill::workbook;  // NOLINT(google-build-using-namespace)
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  WalkWorkbook(OpenCsv(bytes, {.limits = kFuzzLimits, .csv = {}}));
  CompareScanners(bytes, {});
  CompareScanners(bytes, {.delimiter = ';', .quote = '\'', .comment = "#"});
  return 0;
}
