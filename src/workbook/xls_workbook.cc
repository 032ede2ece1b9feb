// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <mutex>

#include <fmt/format.h>

#include "decrypt.h"
#include "formats.h"
#include "ole2.h"
#include "pieced_bytes.h"
#include "xls_comments.h"
#include "xls_globals.h"
#include "xls_sheet.h"

namespace tidemill::workbook {
namespace {

using base::ErrorCode;
using base::Fail;
using base::FailAt;

class XlsWorkbook final : public Workbook {
 public:
  // `head` holds the first part of the stream.
  XlsWorkbook(PiecedBytes stream, Buffer head, XlsGlobals globals, const Limits& limits)
      : stream_(std::move(stream)), head_(std::move(head)), globals_(std::move(globals)) {
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
                         .offset = stream_.size()});
    }
  }

  Format format() const override { return Format::kXls; }
  const std::vector<SheetEntry>& sheets() const override { return sheets_; }
  const std::vector<DefinedName>& names() const override { return globals_.names; }
  const std::vector<Issue>& issues() const override { return issues_; }
  bool date1904() const override { return book_.date1904; }

  base::Result<Sheet> Read(std::size_t index, RowSink* rows, std::stop_token stop,
                           const ReadOptions& options) const override {
    if (index >= sheets_.size()) {
      return Fail(ErrorCode::kNotFound, "sheet {} of {}", index, sheets_.size());
    }
    const SheetEntry& entry = sheets_[index];
    if (entry.type != SheetType::kWorksheet && entry.type != SheetType::kMacro) {
      return FailAt(ErrorCode::kUnsupported, "sheet " + base::Quoted(entry.name),
                    "a chart or module has no cells, expected a worksheet");
    }
    CellSink sink(book_, Strings(), entry, rows);
    TIDEMILL_ASSIGN(const XlsSheetPlace place, FindSheet(index, sink));
    const std::size_t end = EndOf(place.offset);
    TIDEMILL_CHECK(ReadXlsSheet(stream_, place, end, globals_, std::move(stop), sink));
    if (options.comments) ReadXlsComments(stream_.Part(place.offset, end - place.offset).view, globals_.text, sink);
    return std::move(sink).Finish();
  }

 private:
  bool HoldsBof(std::size_t at) const { return IsBof(static_cast<Biff>(LoadU16(stream_.Part(at, 2).view, 0))); }

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
    return next == begins_.end() ? stream_.size() : *next;
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
    std::call_once(found_once_, [this] { found_ = FindXlsSheets(stream_.Part(0, stream_.size()).view); });
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
          globals_.sst ? ReadSst(head_.view, *globals_.sst, globals_.text, limit) : SharedStrings(limit));
    });
    return strings_;
  }

  PiecedBytes stream_;
  Buffer head_;
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

base::Result<PiecedBytes> StreamOf(std::string_view bytes, std::vector<Issue>& issues) {
  if (!LooksLikeOle2(bytes)) return PiecedBytes(std::vector<std::string_view>{bytes});
  const auto file = Ole2File::Open(bytes);
  if (file) return file->Stream(file->Has("Workbook") ? "Workbook" : "Book");
  const std::string_view stray = StrayWorkbook(bytes);
  if (stray.empty()) return tl::unexpected(file.error());
  issues.push_back({.code = "cut-off",
                    .message = file.error().message + "; what is left of the workbook is read",
                    .sheet = {},
                    .cell = {},
                    .offset = bytes.size()});
  return PiecedBytes(std::vector<std::string_view>{stray});
}

// The stream of a container, or the bytes themselves; decrypted where Excel's own password does it.
base::Result<PiecedBytes> OpenStream(std::string_view bytes, std::vector<Issue>& issues) {
  TIDEMILL_ASSIGN(PiecedBytes stream, StreamOf(bytes, issues));
  if (stream.size() == 0) {
    return Fail(ErrorCode::kMalformed, "corrupt-container: OLE2 file with an empty workbook stream");
  }
  if (!IsEncryptedXls(stream.Part(0, kFilePassWithin).view)) return stream;
  TIDEMILL_ASSIGN(Buffer plain, DecryptXls(stream.Part(0, stream.size())));
  return PiecedBytes(std::move(plain));
}

// The first part of a stream is wanted in one piece, and how long it is says only its end.
std::pair<Buffer, XlsGlobals> ReadHead(const PiecedBytes& stream) {
  constexpr std::size_t kFirstTry = std::size_t{64} << 10U;
  for (std::size_t size = stream.lie_together() ? stream.size() : kFirstTry;; size *= 4) {
    Buffer head = stream.Part(0, size);
    XlsGlobals globals = ReadXlsGlobals(head.view, kBiff8);
    if (globals.ended || head.view.size() == stream.size()) return {std::move(head), std::move(globals)};
  }
}

}  // namespace

base::Result<std::unique_ptr<Workbook>> OpenXls(std::string_view bytes, const Limits& limits) {
  std::vector<Issue> issues;
  TIDEMILL_ASSIGN(PiecedBytes stream, OpenStream(bytes, issues));
  auto [head, globals] = ReadHead(stream);
  globals.issues.insert(globals.issues.begin(), issues.begin(), issues.end());
  if (globals.sheets.empty()) {
    return Fail(ErrorCode::kMalformed, "corrupt-container: xls of {} bytes names no sheets", bytes.size());
  }
  return std::make_unique<XlsWorkbook>(std::move(stream), std::move(head), std::move(globals), limits);
}

}  // namespace tidemill::workbook
