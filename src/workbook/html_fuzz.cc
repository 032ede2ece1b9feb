// SPDX-License-Identifier: Apache-2.0
#include "formats.h"
#include "fuzz_walk.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tidemill::workbook;  // NOLINT(google-build-using-namespace)
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  static_cast<void>(Sniff(bytes));
  WalkWorkbook(OpenHtml(bytes, kFuzzLimits));
  return 0;
}
