// SPDX-License-Identifier: Apache-2.0
#include <mutex>

#include <fmt/format.h>

#include "decrypt.h"
#include "formats.h"
#include "ole2.h"
#include "xls_globals.h"
#include "xls_sheet.h"

namespace tidemill::workbook {
namespace {

using base::ErrorCode;
using base::Fail;
using base::FailAt;

class XlsWorkbook final : public Workbook {
 public:
  XlsWorkbook(Buffer stream, XlsGlobals globals, const Limits& limits)
      : stream_(std::move(stream)), globals_(std::move(globals)) {
    book_.limits = limits;
    book_.date1904 = globals_.date1904;
    book_.SetStyles(std::move(globals_.styles));
    for (const XlsSheetPlace& sheet : globals_.sheets) sheets_.push_back(sheet.entry);
    if (!globals_.ended) {
      issues_.push_back({.code = "cut-off",
                         .message = "the workbook's first part ends without an EOF record",
                         .sheet = {},
                         .cell = {},
                         .offset = stream_.view.size()});
    }
  }

  Format format() const override { return Format::kXls; }
  const std::vector<SheetEntry>& sheets() const override { return sheets_; }
  const std::vector<DefinedName>& names() const override { return globals_.names; }
  const std::vector<Issue>& issues() const override { return issues_; }
  bool date1904() const override { return book_.date1904; }

  base::Result<Sheet> ReadSheet(std::size_t index, std::stop_token stop) const override {
    if (index >= sheets_.size()) {
      return Fail(ErrorCode::kNotFound, "sheet {} of {}", index, sheets_.size());
    }
    const SheetEntry& entry = sheets_[index];
    if (entry.type != SheetType::kWorksheet && entry.type != SheetType::kMacro) {
      return FailAt(ErrorCode::kUnsupported, "sheet " + base::Quoted(entry.name),
                    "a chart or module has no cells, expected a worksheet");
    }
    CellSink sink(book_, Strings(), entry);
    XlsSheetPlace place = globals_.sheets[index];
    if (!IsBof(static_cast<Biff>(LoadU16(stream_.view, place.offset)))) {
      if (const auto found = FindXlsSheet(stream_.view, index)) {
        sink.AddIssue("sheet-offset", fmt::format("no sheet at its offset {}, found at {}", place.offset, *found), {},
                      place.offset);
        place.offset = static_cast<std::uint32_t>(*found);
      }
    }
    TIDEMILL_CHECK(ReadXlsSheet(stream_.view, place, globals_, std::move(stop), sink));
    return std::move(sink).Finish();
  }

 private:
  const std::shared_ptr<const SharedStrings>& Strings() const {
    std::call_once(strings_once_, [this] {
      const std::uint32_t limit = book_.limits.string_characters;
      strings_ = std::make_shared<const SharedStrings>(
          globals_.sst ? ReadSst(stream_.view, *globals_.sst, globals_.text, limit) : SharedStrings(limit));
    });
    return strings_;
  }

  Buffer stream_;
  XlsGlobals globals_;
  Book book_;
  std::vector<SheetEntry> sheets_;
  std::vector<Issue> issues_;
  mutable std::once_flag strings_once_;
  mutable std::shared_ptr<const SharedStrings> strings_;  // read with the first sheet
};

base::Result<Buffer> FindStream(std::string_view bytes) {
  Buffer stream;
  if (!LooksLikeOle2(bytes)) {
    stream.view = bytes;
    return stream;
  }
  TIDEMILL_ASSIGN(const Ole2File file, Ole2File::Open(bytes));
  stream = file.Read(file.Has("Workbook") ? "Workbook" : "Book");
  if (stream.view.empty()) {
    return Fail(ErrorCode::kMalformed, "corrupt-container: OLE2 file with an empty workbook stream");
  }
  return stream;
}

}  // namespace

base::Result<std::unique_ptr<Workbook>> OpenXls(std::string_view bytes, const Limits& limits) {
  TIDEMILL_ASSIGN(Buffer found, FindStream(bytes));
  TIDEMILL_ASSIGN(Buffer stream, DecryptXls(std::move(found)));
  XlsGlobals globals = ReadXlsGlobals(stream.view, kBiff8);
  if (globals.sheets.empty()) {
    return Fail(ErrorCode::kMalformed, "corrupt-container: xls of {} bytes names no sheets", bytes.size());
  }
  return std::make_unique<XlsWorkbook>(std::move(stream), std::move(globals), limits);
}

}  // namespace tidemill::workbook
