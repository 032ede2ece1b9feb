// SPDX-License-Identifier: Apache-2.0
// A worksheet part by the walker, in pieces of a size that the first byte gives, and by the tokenizer alone: the same
// cells and the same findings.
#include <algorithm>
#include <cstdio>

#include "testing/sheet_dump.h"
#include "xlsx_sheet.h"
#include "xlsx_styles.h"

namespace tidemill::workbook {
namespace {

base::Result<SharedStrings> Strings(std::string_view bytes, std::size_t piece, const ReadOptions& options) {
  MemberStream stream =
      MemberStream::Of({.memory = nullptr, .view = bytes}, {}, std::min(piece, SlidingBuffer::kPiece));
  return ReadXlsxStrings(stream, options, Limits());
}

std::string Read(std::string_view bytes, std::size_t piece, const ReadOptions& options) {
  Book book;
  book.limits.cells = 100'000;
  book.SetStyles(std::vector<Style>(3));
  auto shared = Strings(bytes, piece, options);
  if (!shared) return shared.error().ToText();
  CellSink sink(book, std::make_shared<const SharedStrings>(*std::move(shared)), {.name = "S"});
  MemberStream stream =
      MemberStream::Of({.memory = nullptr, .view = bytes}, {}, std::min(piece, SlidingBuffer::kPiece));
  const auto links = ReadXlsxSheet(stream, options, {}, sink);
  if (!links) return links.error().ToText();
  const auto sheet = std::move(sink).Finish();
  return sheet ? testing::SheetDump(*sheet) : sheet.error().ToText();
}

}  // namespace
}  // namespace tidemill::workbook

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  const std::size_t piece = data[0] == 0 ? 1 : data[0] < 128 ? data[0] : std::size_t{data[0]} * 512;
  const std::string walked = tidemill::workbook::Read(bytes, piece, {});
  const std::string expected = tidemill::workbook::Read(bytes, SIZE_MAX, {.strict_only = true});
  if (walked == expected) return 0;
  std::fprintf(stderr, "--- walker\n%s--- tokenizer\n%s", walked.c_str(), expected.c_str());
  __builtin_trap();
}
