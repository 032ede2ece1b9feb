// SPDX-License-Identifier: Apache-2.0
#include "number_format.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tidemill::workbook;  // NOLINT(google-build-using-namespace)
  const std::string_view format(reinterpret_cast<const char*>(data), size);
  static_cast<void>(ClassifyNumberFormat(format));
  for (const double serial : {0.0, 59.9999999, 60.0, 43'831.123456, -1.5, 99'999'999.0, 1e308}) {
    static_cast<void>(FormatSerial(serial, format, DateSystem::k1900));
    static_cast<void>(FormatSerial(serial, format, DateSystem::k1904));
  }
  return 0;
}
