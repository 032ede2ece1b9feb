// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "text_scan.h"
#include "xml.h"

namespace tidemill::workbook {

// Whether a text stands here. Pieces of a stream have padding behind them, which lets it be asked anywhere in them.
template <std::size_t kSize>
bool StandsAt(const char* at, const char (&text)[kSize]) {
  static_assert(kSize <= SlidingBuffer::kPadding);
  return __builtin_memcmp(at, text, kSize - 1) == 0;
}
const char* SkipXmlSpace(const char* at);

// Takes more text into `xml` behind what begins at `at`, a place in its rest, which is then where the rest begins.
// False at the end, and where so much is there already that it is a matter for the tokenizer.
bool TakeMore(XmlReader& xml, const char*& at);

// Reads the text of <v> and <t> in one go: resolved as the tokenizer does it, which costs something only where there is
// something to resolve.
class XlsxTextReader {
 public:
  explicit XlsxTextReader(TextScan scan) : scan_(scan) {}
  // From `at` to the next markup, whose place it gives; null where none comes before `end`. `text` is good until the
  // next call.
  const char* Read(const char* at, const char* end, std::string_view& text);

 private:
  TextScan scan_;
  std::string resolved_;
};

}  // namespace tidemill::workbook
