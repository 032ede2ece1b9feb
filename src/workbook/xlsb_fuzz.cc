// SPDX-License-Identifier: Apache-2.0
// A whole package, or a part alone, which a fuzzer changes best. A worksheet by the fast path and record by record: the
// same cells and the same findings.
#include <algorithm>
#include <cstdio>

#include "cell_sink.h"
#include "formats.h"
#include "testing/sheet_dump.h"
#include "xlsb_parts.h"
#include "xlsb_sheet.h"
#include "xlsb_styles.h"
#include "zip.h"

namespace tidemill::workbook {
namespace {

void Walk(const Sheet& sheet) {
  for (std::size_t row = 0; row < sheet.rows().size(); ++row) {
    for (const Cell& cell : sheet.CellsOf(row)) {
      for (const TextRun& run : sheet.Runs(cell)) {
        if (run.start >= sheet.Text(cell).size()) __builtin_trap();
      }
      static_cast<void>(sheet.DisplayText(cell));
    }
  }
}

void ReadPackage(std::string_view bytes) {
  const auto workbook = OpenXlsb(bytes, {.entry_bytes = std::uint64_t{4} << 20U, .zip_entries = 64, .cells = 100'000});
  if (!workbook) return;
  constexpr std::size_t kSheets = 8;
  for (std::size_t i = 0; i < std::min(kSheets, (*workbook)->sheets().size()); ++i) {
    if (const auto sheet = (*workbook)->ReadSheet(i)) Walk(*sheet);
  }
}

// A worksheet in pieces of `piece` bytes, as text.
std::string ReadSheetPart(std::string_view bytes, std::size_t piece, const Book& book,
                          const std::vector<TextRun>& fonts, const ReadOptions& options) {
  CellSink sink(book, std::make_shared<const SharedStrings>(ReadXlsbStrings(bytes, fonts, book.limits)), {.name = "S"});
  Buffer part;
  part.view = bytes;
  MemberStream stream = MemberStream::Of(std::move(part), {}, piece);
  const auto links = ReadXlsbSheet(stream, fonts, options, {}, sink);
  if (!links) return links.error().ToText();
  ReadXlsbComments(bytes, sink);
  const auto sheet = std::move(sink).Finish();
  if (!sheet) return sheet.error().ToText();
  Walk(*sheet);
  return testing::SheetDump(*sheet);
}

// The same bytes as every kind of part.
void ReadParts(std::string_view bytes) {
  static_cast<void>(ReadXlsbWorkbook(bytes));
  static_cast<void>(ReadXlsbTable(bytes));
  Book book;
  book.limits.cells = 100'000;
  XlsbStyles styles = ReadXlsbStyles(bytes);
  const std::vector<TextRun> fonts = std::move(styles.fonts);
  book.SetStyles(std::move(styles.styles));
  // In pieces that end anywhere in a record: small ones, which hold no cell that the fast path takes, and larger ones.
  constexpr std::size_t kSmall = 7;
  constexpr std::size_t kLarge = 61;
  const std::string expected = ReadSheetPart(bytes, kSmall, book, fonts, {.strict_only = true});
  const std::string fast = ReadSheetPart(bytes, kLarge, book, fonts, {});
  if (fast == expected) return;
  std::fprintf(stderr, "--- fast path\n%s--- record by record\n%s", fast.c_str(), expected.c_str());
  __builtin_trap();
}

}  // namespace
}  // namespace tidemill::workbook

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  if (tidemill::workbook::LooksLikeZip(bytes)) {
    tidemill::workbook::ReadPackage(bytes);
  } else {
    tidemill::workbook::ReadParts(bytes);
  }
  return 0;
}
