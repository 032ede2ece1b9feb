// SPDX-License-Identifier: Apache-2.0
#include "rich_text.h"

namespace tidemill::workbook {

void RichText::Clear() {
  text.clear();
  runs.clear();
}

void RichText::BeginRun(const TextRun& font, bool inherits) {
  if (inherits && runs.empty()) return;
  if (runs.empty() && !text.empty()) runs.push_back({.run = {}, .inherits = true});
  RawRun raw{.run = font, .inherits = inherits};
  raw.run.start = runs.empty() ? 0 : runs.back().run.start;
  if (!runs.empty() && runs.back().inherits == inherits && (inherits || runs.back().run == raw.run)) return;
  raw.run.start = static_cast<std::uint32_t>(text.size());
  runs.push_back(raw);
}

}  // namespace tidemill::workbook
