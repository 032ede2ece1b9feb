// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <fmt/format.h>

#include "tidemill/base/ascii.h"

#include "biff.h"
#include "ole2.h"
#include "sniff_text.h"
#include "zip.h"

namespace tidemill::workbook {
namespace {

std::string BiffName(std::uint16_t version) {
  return version == kBiff8 ? "xls (BIFF8)" : version == kBiff5 ? "xls (BIFF5)" : "xls";
}

Sniffed SniffOle2(std::string_view bytes) {
  const auto file = Ole2File::Open(bytes);
  if (!file) {
    const std::string_view stray = StrayWorkbook(bytes);
    const std::string damage = "OLE2 file that cannot be read: " + file.error().message;
    if (stray.empty()) return NotAWorkbook(damage);
    Sniffed sniffed = IsAWorkbook(Format::kXls, BiffName(LoadU16(stray, 4)));
    sniffed.damage = damage;
    return sniffed;
  }
  if (file->Has("EncryptedPackage") && file->Has("EncryptionInfo")) return NotAWorkbook("encrypted workbook");
  for (const std::string_view name : {"Workbook", "Book"}) {
    if (!file->Has(name)) continue;
    const Buffer stream = file->Read(name, 8);
    return IsAWorkbook(Format::kXls, BiffName(LoadU16(stream.view, 4)));
  }
  if (file->Has("WordDocument")) return NotAWorkbook("Word document");
  if (file->Has("PowerPoint Document")) return NotAWorkbook("PowerPoint document");
  return NotAWorkbook("OLE2 file without a workbook");
}

bool HasMember(const ZipArchive& archive, std::string_view folder, std::string_view ending) {
  return std::any_of(archive.entries().begin(), archive.entries().end(), [&](const ZipArchive::Entry& entry) {
    const std::string name = base::LowerAscii(entry.name);
    return name.starts_with(folder) && name.ends_with(ending);
  });
}

// Some programs leave the first member out and name the type in the manifest only.
bool IsOds(const ZipArchive& archive) {
  for (const std::string_view name : {"mimetype", "META-INF/manifest.xml"}) {
    const auto* entry = archive.Find(name);
    if (entry == nullptr) continue;
    const auto member = archive.ReadUpTo(*entry, std::uint64_t{1} << 20U);
    if (member && member->bytes.view.find("opendocument.spreadsheet") != std::string_view::npos) return true;
  }
  return false;
}

Sniffed SniffZip(std::string_view bytes) {
  const auto archive = ZipArchive::Open(bytes, Limits());
  if (!archive) return NotAWorkbook("zip archive that cannot be read");
  if (IsOds(*archive)) return IsAWorkbook(Format::kOds, "ods");
  if (HasMember(*archive, "", "workbook.bin")) return IsAWorkbook(Format::kXlsb, "xlsb");
  if (HasMember(*archive, "", "workbook.xml") || HasMember(*archive, "xl/", ".xml"))
    return IsAWorkbook(Format::kXlsx, "xlsx");
  // A package need not keep its parts in usual places; then its relationships tell.
  if (const auto* relations = archive->Find("_rels/.rels")) {
    const auto member = archive->Read(*relations);
    if (member && member->bytes.view.find("/officeDocument\"") != std::string_view::npos &&
        !HasMember(*archive, "word/", "") && !HasMember(*archive, "ppt/", "")) {
      return IsAWorkbook(Format::kXlsx, "xlsx");
    }
  }
  if (HasMember(*archive, "word/", "")) return NotAWorkbook("Word document");
  if (HasMember(*archive, "ppt/", "")) return NotAWorkbook("PowerPoint document");
  if (HasMember(*archive, "index/", ".iwa")) return OtherSpreadsheet("Apple Numbers document");
  return NotAWorkbook("zip archive without a workbook");
}

// A BOF that no container is around ([MS-XLS] 2.4.21 and its forerunners).
std::optional<Sniffed> SniffBareBiff(std::string_view bytes) {
  if (bytes.size() < 8 || bytes[0] != '\x09') return std::nullopt;
  const auto kind = static_cast<unsigned char>(bytes[1]);
  const std::uint16_t size = LoadU16(bytes, 2);
  if ((kind != 0 && kind != 2 && kind != 4 && kind != 8) || size < 4 || size > 32) return std::nullopt;
  if (kind == 8) return IsAWorkbook(Format::kXls, BiffName(LoadU16(bytes, 4)) + ", bare");
  return IsAWorkbook(Format::kXls, fmt::format("xls (BIFF{}), bare", kind == 0 ? 2 : kind == 2 ? 3 : 4));
}

// "Owner" files that Excel puts beside an open workbook: a name's length, the name, blanks; 55 or 165 bytes.
bool IsLockFile(std::string_view bytes) {
  return (bytes.size() == 165 || bytes.size() == 55) && static_cast<unsigned char>(bytes[0]) <= 54 && bytes[0] != 0 &&
         static_cast<unsigned char>(bytes[0]) != 9 && std::count(bytes.begin(), bytes.end(), ' ') > 20;
}

}  // namespace

std::string_view ToText(Format format) {
  switch (format) {
    case Format::kXls:
      return "xls";
    case Format::kXlsx:
      return "xlsx";
    case Format::kXlsb:
      return "xlsb";
    case Format::kOds:
      return "ods";
    case Format::kFods:
      return "fods";
    case Format::kSpreadsheetMl2003:
      return "SpreadsheetML 2003";
    case Format::kHtml:
      return "html";
    case Format::kCsv:
      return "csv";
  }
  return "unknown";
}

Sniffed Sniff(std::string_view bytes) {
  if (bytes.empty()) return NotAWorkbook("empty file");
  if (LooksLikeOle2(bytes)) return SniffOle2(bytes);
  if (LooksLikeZip(bytes)) return SniffZip(bytes);
  if (auto biff = SniffBareBiff(bytes)) return *std::move(biff);
  if (IsLockFile(bytes)) return NotAWorkbook("lock file");
  if (auto known = SniffSignature(bytes)) return *std::move(known);
  if (auto text = SniffText(bytes)) return *std::move(text);
  // Bytes may stand in front of a zip archive.
  if (Sniffed zip = SniffZip(bytes); zip.is_workbook) return zip;
  return NotAWorkbook("binary file of an unknown kind");
}

std::optional<std::string> WhyNotTaken(const Sniffed& sniffed) {
  if (!sniffed.is_workbook) return sniffed.what;
  return sniffed.damage.empty() ? std::nullopt : std::optional(sniffed.damage);
}

}  // namespace tidemill::workbook
