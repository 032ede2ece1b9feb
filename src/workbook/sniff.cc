// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "tidemill/base/text.h"

#include "biff.h"
#include "code_page.h"
#include "ole2.h"
#include "zip.h"

namespace tidemill::workbook {
namespace {

constexpr std::size_t kBeginning = 4096;

struct Signature {
  std::string_view bytes;
  std::string_view what;
};

// What is told by its first bytes alone and is no workbook.
constexpr std::array kSignatures = {
    Signature{"%PDF-", "pdf document"},
    Signature{"{\\rtf", "rtf document"},
    Signature{"\x1F\x8B", "gzip file"},
    Signature{"BZh", "bzip2 file"},
    Signature{"7z\xBC\xAF\x27\x1C", "7z archive"},
    Signature{"\x89PNG", "png image"},
    Signature{"GIF8", "gif image"},
    Signature{"\xFF\xD8\xFF", "jpeg image"},
    Signature{"PAR1", "parquet file"},
    Signature{"ID;P", "slk file (symbolic link)"},
    Signature{"TABLE\r\n0,1", "dif file"},
    Signature{"TABLE\n0,1", "dif file"},
    Signature{std::string_view{"\x00\x00\x02\x00\x04\x04", 6}, "wk1 file (Lotus 1-2-3)"},
    Signature{std::string_view{"\x00\x00\x1A\x00", 4}, "wk3 file (Lotus 1-2-3)"},
    Signature{"AXIS-VERSION", "px file"},
    Signature{"CHARSET=", "px file"},
};

Sniffed Not(std::string what) {
  return {.is_workbook = false, .format = Format::kXls, .what = std::move(what)};
}
Sniffed Is(Format format, std::string what) {
  return {.is_workbook = true, .format = format, .what = std::move(what)};
}

std::string LowerAscii(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + ('a' - 'A'));
  }
  return lower;
}

std::string BiffName(std::uint16_t version) {
  return version == kBiff8 ? "xls (BIFF8)" : version == kBiff5 ? "xls (BIFF5)" : "xls";
}

Sniffed SniffOle2(std::string_view bytes) {
  const auto file = Ole2File::Open(bytes);
  if (!file) return Not("OLE2 file that cannot be read");
  if (file->Has("EncryptedPackage") && file->Has("EncryptionInfo")) return Not("encrypted workbook");
  for (const std::string_view name : {"Workbook", "Book"}) {
    if (!file->Has(name)) continue;
    const Buffer stream = file->Read(name, 8);
    return Is(Format::kXls, BiffName(LoadU16(stream.view, 4)));
  }
  if (file->Has("WordDocument")) return Not("Word document");
  if (file->Has("PowerPoint Document")) return Not("PowerPoint document");
  return Not("OLE2 file without a workbook");
}

bool HasMember(const ZipArchive& archive, std::string_view folder, std::string_view ending) {
  return std::any_of(archive.entries().begin(), archive.entries().end(), [&](const ZipArchive::Entry& entry) {
    const std::string name = LowerAscii(entry.name);
    return name.starts_with(folder) && name.ends_with(ending);
  });
}

Sniffed SniffZip(std::string_view bytes) {
  const auto archive = ZipArchive::Open(bytes, Limits());
  if (!archive) return Not("zip archive that cannot be read");
  if (const auto* type = archive->Find("mimetype")) {
    const auto member = archive->Read(*type);
    if (member && member->bytes.view.find("opendocument.spreadsheet") != std::string_view::npos) {
      return Is(Format::kOds, "ods");
    }
  }
  if (HasMember(*archive, "", "workbook.bin")) return Is(Format::kXlsb, "xlsb");
  if (HasMember(*archive, "", "workbook.xml") || HasMember(*archive, "xl/", ".xml")) return Is(Format::kXlsx, "xlsx");
  // A package need not keep its parts in usual places; then its relationships tell.
  if (const auto* relations = archive->Find("_rels/.rels")) {
    const auto member = archive->Read(*relations);
    if (member && member->bytes.view.find("/officeDocument\"") != std::string_view::npos &&
        !HasMember(*archive, "word/", "") && !HasMember(*archive, "ppt/", "")) {
      return Is(Format::kXlsx, "xlsx");
    }
  }
  if (HasMember(*archive, "word/", "")) return Not("Word document");
  if (HasMember(*archive, "ppt/", "")) return Not("PowerPoint document");
  return Not("zip archive without a workbook");
}

// A BOF that no container is around ([MS-XLS] 2.4.21 and its forerunners).
std::optional<Sniffed> SniffBareBiff(std::string_view bytes) {
  if (bytes.size() < 8 || bytes[0] != '\x09') return std::nullopt;
  const auto kind = static_cast<unsigned char>(bytes[1]);
  const std::uint16_t size = LoadU16(bytes, 2);
  if ((kind != 0 && kind != 2 && kind != 4 && kind != 8) || size < 4 || size > 32) return std::nullopt;
  if (kind == 8) return Is(Format::kXls, BiffName(LoadU16(bytes, 4)) + ", bare");
  return Is(Format::kXls, fmt::format("xls (BIFF{}), bare", kind == 0 ? 2 : kind == 2 ? 3 : 4));
}

// "Owner" files that Excel puts beside an open workbook: a name's length, the name, blanks; 55 or 165 bytes.
bool IsLockFile(std::string_view bytes) {
  return (bytes.size() == 165 || bytes.size() == 55) && static_cast<unsigned char>(bytes[0]) <= 54 && bytes[0] != 0 &&
         static_cast<unsigned char>(bytes[0]) != 9 && std::count(bytes.begin(), bytes.end(), ' ') > 20;
}

Sniffed SniffMarkup(const std::string& text) {
  if (text.find("urn:schemas-microsoft-com:office:spreadsheet") != std::string::npos && text.starts_with("<?xml")) {
    return Is(Format::kSpreadsheetMl2003, "SpreadsheetML 2003");
  }
  if (text.find("oasis:opendocument") != std::string::npos) return Is(Format::kFods, "fods (flat OpenDocument)");
  for (const std::string_view sign :
       {"<!doctype html", "<html", "<head", "<body", "<table", "<title", "<meta", "<div"}) {
    if (text.find(sign) == std::string::npos) continue;
    return {.is_workbook = false, .format = Format::kHtml, .what = "html page"};
  }
  return Not(text.starts_with("<?xml") ? "xml document" : "text with markup");
}

// The beginning as text in lower case, or nothing where it holds what no text holds.
std::optional<std::string> BeginningAsText(std::string_view bytes) {
  std::string text;
  if (bytes.starts_with("\xFF\xFE")) {
    AppendUtf16(text, bytes.substr(2, kBeginning));
  } else {
    text = bytes.substr(bytes.starts_with("\xEF\xBB\xBF") ? 3 : 0, kBeginning);
  }
  const bool binary = std::any_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 && byte != '\t' && byte != '\n' && byte != '\r' && byte != '\f' && byte != 0x1B;
  });
  if (binary) return std::nullopt;
  return LowerAscii(base::Trim(text));
}

Sniffed SniffText(const std::string& text) {
  if (text.empty()) return Not("file of white space");
  if (text.front() == '<') return SniffMarkup(text);
  if (text.front() == '{' || text.starts_with("[{")) return Not("json text");
  if (text.find("<html") != std::string::npos || text.find("<!doctype html") != std::string::npos) {
    return {.is_workbook = false, .format = Format::kHtml, .what = "html page"};
  }
  const bool delimited = text.find_first_of(",;\t|") != std::string::npos;
  return delimited ? Is(Format::kCsv, "csv text") : Not("plain text");
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
  if (bytes.empty()) return Not("empty file");
  if (LooksLikeOle2(bytes)) return SniffOle2(bytes);
  if (LooksLikeZip(bytes)) return SniffZip(bytes);
  if (auto biff = SniffBareBiff(bytes)) return *std::move(biff);
  if (IsLockFile(bytes)) return Not("lock file");
  for (const Signature& signature : kSignatures) {
    if (bytes.starts_with(signature.bytes)) return Not(std::string(signature.what));
  }
  if (const auto text = BeginningAsText(bytes)) return SniffText(*text);
  // Bytes may stand in front of a zip archive.
  if (Sniffed zip = SniffZip(bytes); zip.is_workbook) return zip;
  return Not("binary file of an unknown kind");
}

}  // namespace tidemill::workbook
