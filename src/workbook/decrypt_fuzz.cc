// SPDX-License-Identifier: Apache-2.0
// A protected package in its container, or a stream with a FILEPASS record.
#include "decrypt.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tidemill::workbook;  // NOLINT(google-build-using-namespace)
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  if (LooksLikeOle2(bytes)) {
    if (const auto file = Ole2File::Open(bytes)) static_cast<void>(DecryptPackage(*file));
    return 0;
  }
  Buffer stream;
  stream.view = bytes;
  const auto plain = DecryptXls(std::move(stream));
  if (plain && plain->view.size() != size) __builtin_trap();
  return 0;
}
