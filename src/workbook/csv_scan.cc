// SPDX-License-Identifier: Apache-2.0
#include "csv_scan.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

#include "csv_masks.h"

namespace tidemill::workbook {
namespace {

constexpr std::size_t kBlock = 64;
constexpr std::size_t kLongestQuoted = std::size_t{1} << 20U;
constexpr std::uint64_t kMostUnclosed = 64;

const CsvMaskKernel kMasks = BestCsvMasks();

}  // namespace

CsvScanner::CsvScanner(std::string_view text, const CsvDialect& dialect, bool strict_only)
    : text_(text), dialect_(dialect), fast_(!strict_only), at_(std::min(dialect.header, text.size())) {}

std::string_view CsvScanner::Field(std::size_t index) const {
  const Span& span = fields_[index];
  const std::string_view from = span.in_scratch ? std::string_view(scratch_) : text_;
  return from.substr(span.begin, span.end - span.begin);
}

bool CsvScanner::Next() {
  if (at_ >= text_.size()) return false;
  row_at_ = at_;
  fields_.clear();
  scratch_.clear();
  if (!dialect_.comment.empty() && text_.substr(at_).starts_with(dialect_.comment)) {
    at_ = SkipLineEnd(std::min(text_.find_first_of("\n\r", at_), text_.size()));
    block_.loaded = false;
    return true;
  }
  if (fast_ && FastRow()) return true;
  fields_.clear();
  SlowRow();
  block_.loaded = false;
  return true;
}

bool CsvScanner::IsEnd(std::size_t at) const {
  return at >= text_.size() || text_[at] == dialect_.delimiter || text_[at] == '\n' || text_[at] == '\r';
}

std::size_t CsvScanner::SkipLineEnd(std::size_t at) const {
  if (at >= text_.size()) return at;
  return text_[at] == '\r' && at + 1 < text_.size() && text_[at + 1] == '\n' ? at + 2 : at + 1;
}

void CsvScanner::LoadBlock() {
  const char* bytes = text_.data() + block_.base;
  std::array<char, kBlock> last{};
  const std::size_t left = text_.size() - block_.base;
  if (left < kBlock) {
    std::memcpy(last.data(), bytes, left);
    bytes = last.data();
  }
  CsvMasks masks = kMasks(bytes, dialect_.delimiter, dialect_.quote);
  if (left < kBlock) {
    const std::uint64_t valid = (std::uint64_t{1} << left) - 1;
    masks = {masks.quotes & valid, masks.delimiters & valid, masks.line_ends & valid};
  }
  const std::uint64_t inside = PrefixXor(masks.quotes) ^ block_.inside;
  block_.structural = (masks.delimiters | masks.line_ends) & ~inside;
  block_.inside = (inside >> 63U) != 0 ? ~std::uint64_t{0} : 0;
  block_.loaded = true;
  saw_quotes_ = saw_quotes_ || masks.quotes != 0;
}

// False where the row is not plainly RFC 4180; then nothing is taken.
bool CsvScanner::FastRow() {
  if (!block_.loaded) {
    block_ = {.base = at_};
    saw_quotes_ = false;
    LoadBlock();
  }
  std::size_t begin = at_;
  for (;;) {
    while (block_.structural == 0) {
      if (text_.size() - block_.base <= kBlock) {
        if (block_.inside != 0 || !AddFast(begin, text_.size())) return false;
        at_ = text_.size();
        return true;
      }
      block_.base += kBlock;
      LoadBlock();
    }
    const std::size_t end = block_.base + static_cast<std::size_t>(std::countr_zero(block_.structural));
    if (!AddFast(begin, end)) return false;
    block_.structural &= block_.structural - 1;
    begin = end + 1;
    if (text_[end] == dialect_.delimiter) continue;
    at_ = SkipLineEnd(end);
    // The LF of a CR LF is taken with it, be it in this block or the next.
    if (at_ > begin) {
      if (block_.structural != 0) {
        block_.structural &= block_.structural - 1;
      } else {
        block_.loaded = false;
      }
    }
    return true;
  }
}

// False where the field has quotes in other places than RFC 4180 allows.
bool CsvScanner::AddFast(std::size_t begin, std::size_t end) {
  const std::string_view field = text_.substr(begin, end - begin);
  if (!saw_quotes_ || field.find(dialect_.quote) == std::string_view::npos) {
    fields_.push_back({.begin = begin, .end = end});
    return true;
  }
  const bool quoted = field.size() > 1 && field.front() == dialect_.quote && field.back() == dialect_.quote;
  if (!quoted || field.size() > kLongestQuoted || unclosed_quotes_ >= kMostUnclosed) return false;
  const std::string_view inner = field.substr(1, field.size() - 2);
  std::size_t quote = inner.find(dialect_.quote);
  if (quote == std::string_view::npos) {
    fields_.push_back({.begin = begin + 1, .end = end - 1});
    return true;
  }
  const std::size_t start = scratch_.size();
  std::size_t from = 0;
  for (; quote != std::string_view::npos; quote = inner.find(dialect_.quote, from)) {
    if (quote + 1 >= inner.size() || inner[quote + 1] != dialect_.quote) return false;
    scratch_.append(inner.substr(from, quote + 1 - from));
    from = quote + 2;
  }
  scratch_.append(inner.substr(from));
  fields_.push_back({.begin = start, .end = scratch_.size(), .in_scratch = true});
  return true;
}

void CsvScanner::SlowRow() {
  scratch_.clear();
  for (std::size_t begin = at_;;) {
    const std::size_t end = SlowField(begin);
    if (end < text_.size() && text_[end] == dialect_.delimiter) {
      begin = end + 1;
      continue;
    }
    at_ = SkipLineEnd(end);
    return;
  }
}

// Returns where the field ends: at a delimiter, a line end or the end of the text.
std::size_t CsvScanner::SlowField(std::size_t begin) {
  std::size_t quote = begin;
  while (quote < text_.size() && text_[quote] == ' ' && dialect_.delimiter != ' ') ++quote;
  if (quote < text_.size() && text_[quote] == dialect_.quote && unclosed_quotes_ < kMostUnclosed) {
    const std::size_t end = QuotedField(quote);
    if (end != std::string_view::npos) return end;
    ++unclosed_quotes_;
  }
  std::size_t end = begin;
  while (!IsEnd(end)) ++end;
  fields_.push_back({.begin = begin, .end = end});
  return end;
}

// Where the quote stands that ends a field, or nowhere.
std::size_t CsvScanner::EndOfQuoted(std::size_t quote) const {
  const std::string_view near = text_.substr(0, quote + kLongestQuoted);
  for (std::size_t at = quote + 1;; ++at) {
    at = near.find(dialect_.quote, at);
    if (at == std::string_view::npos) return at;
    if (at + 1 < text_.size() && text_[at + 1] == dialect_.quote) {
      ++at;
      continue;
    }
    std::size_t after = at + 1;
    while (after < text_.size() && text_[after] == ' ' && dialect_.delimiter != ' ') ++after;
    if (IsEnd(after)) return at;
  }
}

// The end of the field that the quote opens, or nowhere: then nothing is taken.
std::size_t CsvScanner::QuotedField(std::size_t quote) {
  const std::size_t last = EndOfQuoted(quote);
  if (last == std::string_view::npos) return last;
  const std::size_t start = scratch_.size();
  for (std::size_t at = quote + 1; at < last; ++at) {
    scratch_.push_back(text_[at]);
    if (text_[at] != dialect_.quote) continue;
    text_[at + 1] == dialect_.quote&& at + 1 < last ? ++at : ++stray_quotes_;
  }
  fields_.push_back({.begin = start, .end = scratch_.size(), .in_scratch = true});
  std::size_t end = last + 1;
  while (!IsEnd(end)) ++end;
  return end;
}

}  // namespace tidemill::workbook
