// SPDX-License-Identifier: Apache-2.0
#include "biff.h"
#include "formats.h"
#include "ole2.h"
#include "zip.h"

namespace tidemill::workbook {
namespace {

using base::ErrorCode;
using base::Fail;

constexpr std::string_view kExpected = "expected a workbook (xls or xlsx)";

base::Result<std::unique_ptr<Workbook>> Refuse(std::string_view bytes, const Sniffed& sniffed, const Limits& limits) {
  if (sniffed.what == "encrypted workbook") {
    return Fail(ErrorCode::kUnsupported, "encrypted: the workbook is protected by a password, expected an open one");
  }
  if (sniffed.format == Format::kHtml) {
    return Fail(ErrorCode::kUnsupported, "html-error-page: {}, {}", sniffed.what, kExpected);
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

base::Result<std::unique_ptr<Workbook>> NotYet(const Sniffed& sniffed) {
  return Fail(ErrorCode::kUnsupported, "unsupported-format: {} is not read yet, {}", sniffed.what, kExpected);
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
  const Sniffed sniffed = Sniff(bytes);
  if (!sniffed.is_workbook) return Refuse(bytes, sniffed, limits);
  switch (sniffed.format) {
    case Format::kXls:
      // BIFF2 to 4 begin with another record and have other cells.
      if (LooksLikeOle2(bytes) || static_cast<Biff>(LoadU16(bytes, 0)) == Biff::kBof) return OpenXls(bytes, limits);
      return NotYet(sniffed);
    case Format::kXlsx:
      return OpenXlsx(bytes, limits);
    default:
      return NotYet(sniffed);
  }
}

}  // namespace tidemill::workbook
