// SPDX-License-Identifier: Apache-2.0
#include "ole2.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tidemill::workbook;  // NOLINT(google-build-using-namespace)
  const auto file = Ole2File::Open({reinterpret_cast<const char*>(data), size});
  if (!file) return 0;
  for (const std::string_view name : {"Workbook", "Book", "EncryptedPackage"}) {
    // A stream is never longer than its file, but for the end of its last sector.
    if (file->Read(name).view.size() > size + 65'536) __builtin_trap();
  }
  return 0;
}
