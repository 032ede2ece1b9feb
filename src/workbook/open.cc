// SPDX-License-Identifier: Apache-2.0
#include "decrypt.h"
#include "formats.h"
#include "ole2.h"
#include "zip.h"

namespace tidemill::workbook {
namespace {

using base::ErrorCode;
using base::Fail;

constexpr std::string_view kExpected = "expected a workbook (xls, xlsx, xlsb, ods, SpreadsheetML, html or csv)";

base::Result<std::unique_ptr<Workbook>> Refuse(std::string_view bytes, const Sniffed& sniffed, const Limits& limits) {
  if (sniffed.format == Format::kHtml) {
    return Fail(ErrorCode::kUnsupported, "html-error-page: {} without a table of figures, {}", sniffed.what, kExpected);
  }
  if (sniffed.is_other_spreadsheet) {
    return Fail(ErrorCode::kUnsupported, "unsupported-format: {}, {}", sniffed.what, kExpected);
  }
  if (sniffed.what == "lock file") return Fail(ErrorCode::kUnsupported, "lock-file: {}, {}", sniffed.what, kExpected);
  if (LooksLikeZip(bytes)) {
    if (const auto archive = ZipArchive::Open(bytes, limits); !archive) return tl::unexpected(archive.error());
  }
  if (sniffed.what.ends_with("cannot be read")) {
    return Fail(ErrorCode::kMalformed, "corrupt-container: {}, {}", sniffed.what, kExpected);
  }
  return Fail(ErrorCode::kMalformed, "not-a-workbook: {} of {} bytes, {}", sniffed.what, bytes.size(), kExpected);
}

// A workbook whose bytes were made here.
class OwningWorkbook final : public Workbook {
 public:
  OwningWorkbook(std::unique_ptr<std::string> bytes, std::unique_ptr<Workbook> workbook)
      : bytes_(std::move(bytes)), workbook_(std::move(workbook)) {}

  Format format() const override { return workbook_->format(); }
  const std::vector<SheetEntry>& sheets() const override { return workbook_->sheets(); }
  const std::vector<DefinedName>& names() const override { return workbook_->names(); }
  const std::vector<Issue>& issues() const override { return workbook_->issues(); }
  bool date1904() const override { return workbook_->date1904(); }

 private:
  base::Result<Sheet> Read(std::size_t index, RowSink* rows, std::stop_token stop,
                           const ReadOptions& options) const override {
    return rows == nullptr ? workbook_->ReadSheet(index, std::move(stop), options)
                           : workbook_->StreamSheet(index, *rows, std::move(stop), options);
  }

  std::unique_ptr<std::string> bytes_;
  std::unique_ptr<Workbook> workbook_;
};

base::Result<std::unique_ptr<Workbook>> OpenEncrypted(std::string_view bytes, const Limits& limits) {
  TIDEMILL_ASSIGN(const Ole2File file, Ole2File::Open(bytes));
  TIDEMILL_ASSIGN(std::string package, DecryptPackage(file));
  auto plain = std::make_unique<std::string>(std::move(package));
  if (!LooksLikeZip(*plain)) {
    return Fail(ErrorCode::kMalformed, "corrupt-container: an encrypted package of {} bytes that holds no workbook",
                plain->size());
  }
  TIDEMILL_ASSIGN(auto workbook, OpenWorkbook(*plain, limits));
  return std::make_unique<OwningWorkbook>(std::move(plain), std::move(workbook));
}

}  // namespace

base::Result<Sheet> Workbook::ReadSheet(std::size_t index, std::stop_token stop, const ReadOptions& options) const {
  return Read(index, nullptr, std::move(stop), options);
}

base::Result<Sheet> Workbook::StreamSheet(std::size_t index, RowSink& rows, std::stop_token stop,
                                          const ReadOptions& options) const {
  return Read(index, &rows, std::move(stop), options);
}

base::Result<std::unique_ptr<Workbook>> OpenWorkbook(std::string_view bytes, const Limits& limits) {
  return OpenWorkbook(bytes, OpenOptions{.limits = limits, .csv = {}});
}

base::Result<std::unique_ptr<Workbook>> OpenWorkbook(std::string_view bytes, const OpenOptions& options) {
  const Limits& limits = options.limits;
  const Sniffed sniffed = Sniff(bytes);
  if (sniffed.what == "encrypted workbook") return OpenEncrypted(bytes, limits);
  // Who says how a text is cut knows that it is one.
  if (sniffed.what == "plain text" && !options.csv.empty()) return OpenCsv(bytes, options);
  if (!sniffed.is_workbook) return Refuse(bytes, sniffed, limits);
  switch (sniffed.format) {
    case Format::kXls:
      return OpenXls(bytes, limits);
    case Format::kXlsx:
      return OpenXlsx(bytes, limits);
    case Format::kXlsb:
      return OpenXlsb(bytes, limits);
    case Format::kOds:
      return OpenOds(bytes, limits);
    case Format::kFods:
      return OpenFods(bytes, limits);
    case Format::kSpreadsheetMl2003:
      return OpenSpreadsheetMl(bytes, limits);
    case Format::kHtml:
      return OpenHtml(bytes, limits);
    case Format::kCsv:
      return OpenCsv(bytes, options);
  }
  return Fail(ErrorCode::kInternal, "no reader for {}", sniffed.what);
}

}  // namespace tidemill::workbook
