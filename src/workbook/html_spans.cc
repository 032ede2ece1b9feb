// SPDX-License-Identifier: Apache-2.0
#include "html_spans.h"

#include <algorithm>

namespace tidemill::workbook {

// Neighbours that end in one row are one.
void HtmlSpans::Keep(const Span& span) {
  if (!next_.empty() && next_.back().last + 1 == span.first && next_.back().last_row == span.last_row) {
    next_.back().last = span.last;
  } else {
    next_.push_back(span);
  }
}

void HtmlSpans::BeginRow(std::uint32_t row) {
  for (; at_ < spans_.size(); ++at_) Keep(spans_[at_]);
  spans_.clear();
  for (const Span& span : next_) {
    if (span.last_row >= row) spans_.push_back(span);
  }
  steps_ += next_.size();
  next_.clear();
  at_ = 0;
  row_ = row;
}

std::uint32_t HtmlSpans::FindFree(std::uint32_t column) {
  while (at_ < spans_.size() && spans_[at_].first <= column) {
    column = std::max(column, spans_[at_].last + 1);
    Keep(spans_[at_++]);
  }
  return column;
}

void HtmlSpans::Take(std::uint32_t first_column, std::uint32_t last_column, std::uint32_t last_row) {
  if (last_row > row_) Keep({.first = first_column, .last = last_column, .last_row = last_row});
}

}  // namespace tidemill::workbook
