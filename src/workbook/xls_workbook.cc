// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
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
    SortPlaces();
    issues_ = std::move(globals_.issues);
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
    TIDEMILL_ASSIGN(const XlsSheetPlace place, FindSheet(index, sink));
    TIDEMILL_CHECK(ReadXlsSheet(stream_.view.substr(0, EndOf(place.offset)), place, globals_, std::move(stop), sink));
    return std::move(sink).Finish();
  }

 private:
  bool HoldsBof(std::size_t at) const { return IsBof(static_cast<Biff>(LoadU16(stream_.view, at))); }

  // The sheets that are where the first part says, without repeats, in their order in the stream.
  void SortPlaces() {
    for (const XlsSheetPlace& sheet : globals_.sheets) {
      if (HoldsBof(sheet.offset)) begins_.push_back(sheet.offset);
    }
    std::sort(begins_.begin(), begins_.end());
    begins_.erase(std::unique(begins_.begin(), begins_.end()), begins_.end());
  }

  // Sheets do not overlap: each ends where the next one begins at the latest.
  std::size_t EndOf(std::size_t offset) const {
    const auto next = std::upper_bound(begins_.begin(), begins_.end(), offset);
    return next == begins_.end() ? stream_.view.size() : *next;
  }

  base::Result<XlsSheetPlace> FindSheet(std::size_t index, CellSink& sink) const {
    XlsSheetPlace place = globals_.sheets[index];
    if (HoldsBof(place.offset)) {
      for (std::size_t before = 0; before < index; ++before) {
        if (globals_.sheets[before].offset != place.offset) continue;
        return FailAt(ErrorCode::kMalformed, "sheet " + base::Quoted(place.entry.name),
                      "corrupt-container: its offset {} is that of sheet {}", place.offset,
                      base::Quoted(sheets_[before].name));
      }
      return place;
    }
    std::call_once(found_once_, [this] { found_ = FindXlsSheets(stream_.view); });
    if (index < found_.size()) {
      sink.AddIssue("sheet-offset", fmt::format("no sheet at its offset {}, found at {}", place.offset, found_[index]),
                    {}, place.offset);
      place.offset = static_cast<std::uint32_t>(found_[index]);
    }
    return place;
  }

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
  std::vector<std::size_t> begins_;
  mutable std::once_flag found_once_;
  mutable std::vector<std::size_t> found_;  // looked for where an offset is wrong
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
