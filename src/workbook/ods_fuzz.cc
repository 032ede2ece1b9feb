// SPDX-License-Identifier: Apache-2.0
// A package, or a flat document, which a fuzzer changes best.
#include "formats.h"
#include "fuzz_walk.h"
#include "zip.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tidemill::workbook;  // NOLINT(google-build-using-namespace)
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  WalkWorkbook(LooksLikeZip(bytes) ? OpenOds(bytes, kFuzzLimits) : OpenFods(bytes, kFuzzLimits));
  return 0;
}
