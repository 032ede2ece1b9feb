// SPDX-License-Identifier: Apache-2.0
// A whole package, or a worksheet part alone, which a fuzzer changes best.
#include <algorithm>

#include "cell_sink.h"
#include "formats.h"
#include "xlsx_sheet.h"
#include "xlsx_styles.h"
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
  const auto workbook = OpenXlsx(bytes, {.entry_bytes = std::uint64_t{4} << 20U, .zip_entries = 64, .cells = 100'000});
  if (!workbook) return;
  constexpr std::size_t kSheets = 8;
  for (std::size_t i = 0; i < std::min(kSheets, (*workbook)->sheets().size()); ++i) {
    if (const auto sheet = (*workbook)->ReadSheet(i)) Walk(*sheet);
  }
}

// The same bytes as styles, shared strings and sheet.
void ReadParts(std::string_view bytes) {
  Book book;
  book.limits.cells = 100'000;
  std::vector<Issue> issues;
  book.SetStyles(ReadXlsxStyles(bytes, book.limits, issues));
  MemberStream strings = MemberStream::Of({.memory = nullptr, .view = bytes});
  auto shared = ReadXlsxStrings(strings, {}, book.limits);
  if (!shared) return;
  CellSink sink(book, std::make_shared<const SharedStrings>(*std::move(shared)), {.name = "S"});
  MemberStream part = MemberStream::Of({.memory = nullptr, .view = bytes});
  if (!ReadXlsxSheet(part, {}, {}, sink)) return;
  if (const auto sheet = std::move(sink).Finish()) Walk(*sheet);
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
