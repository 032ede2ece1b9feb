// SPDX-License-Identifier: Apache-2.0
// A whole xls, in its container or bare; a bare stream is what a fuzzer changes best.
#include <algorithm>

#include "formats.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tidemill::workbook;  // NOLINT(google-build-using-namespace)
  const auto workbook = OpenXls({reinterpret_cast<const char*>(data), size}, {.cells = 100'000});
  if (!workbook) return 0;
  constexpr std::size_t kSheets = 8;
  for (std::size_t i = 0; i < std::min(kSheets, (*workbook)->sheets().size()); ++i) {
    const auto sheet = (*workbook)->ReadSheet(i);
    if (!sheet) continue;
    for (std::size_t row = 0; row < sheet->rows().size(); ++row) {
      for (const Cell& cell : sheet->CellsOf(row)) {
        for (const TextRun& run : sheet->Runs(cell)) {
          if (run.start >= sheet->Text(cell).size()) __builtin_trap();
        }
        static_cast<void>(sheet->DisplayText(cell));
      }
    }
  }
  return 0;
}
