// SPDX-License-Identifier: Apache-2.0
#include "formats.h"
#include "fuzz_walk.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tidemill::workbook;  // NOLINT(google-build-using-namespace)
  WalkWorkbook(OpenSpreadsheetMl({reinterpret_cast<const char*>(data), size}, kFuzzLimits));
  return 0;
}
