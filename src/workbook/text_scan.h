// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace tidemill::workbook {

// The first byte of a text in XML that is more than itself: markup, an entity, a line end to be changed, what may be an
// escape (_x000D_) or no UTF-8 ('<', '&', CR, '_', 0x80 and above). The end where there is none.
using TextScan = const char* (*)(const char* begin, const char* end);

const char* ScanTextPortably(const char* begin, const char* end);
#if defined(__x86_64__)
const char* ScanTextAvx2(const char* begin, const char* end);  // where the processor has AVX2
#endif

// The fastest one for this processor, chosen once.
TextScan BestTextScan();

}  // namespace tidemill::workbook
