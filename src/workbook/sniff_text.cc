// SPDX-License-Identifier: Apache-2.0
#include "sniff_text.h"

#include <algorithm>
#include <array>

#include "tidemill/base/ascii.h"
#include "tidemill/base/text.h"

#include "html_survey.h"
#include "text_encoding.h"

namespace tidemill::workbook {
namespace {

constexpr std::size_t kBeginning = 4096;

struct Signature {
  std::string_view bytes;
  std::string_view what;
  bool is_spreadsheet = false;
};

constexpr std::array kSignatures = {
    Signature{"%PDF-", "pdf document"},
    Signature{"%!PS", "PostScript document"},
    Signature{"{\\rtf", "rtf document"},
    Signature{"MIME-Version:", "mhtml archive"},
    Signature{"\x1F\x8B", "gzip file"},
    Signature{"BZh", "bzip2 file"},
    Signature{"7z\xBC\xAF\x27\x1C", "7z archive"},
    Signature{std::string_view{"\xFD\x37zXZ\x00", 6}, "xz file"},
    Signature{"\x28\xB5\x2F\xFD", "zstd file"},
    Signature{"Rar!\x1A\x07", "rar archive"},
    Signature{"\x89PNG", "png image"},
    Signature{"GIF8", "gif image"},
    Signature{"\xFF\xD8\xFF", "jpeg image"},
    Signature{std::string_view{"II*\x00", 4}, "tiff image"},
    Signature{std::string_view{"MM\x00*", 4}, "tiff image"},
    Signature{"PAR1", "parquet file"},
    Signature{std::string_view{"ARROW1\x00\x00", 8}, "arrow file"},
    Signature{std::string_view{"SQLite format 3\x00", 16}, "sqlite database"},
    Signature{"TABLE\r\n0,1", "dif file", true},
    Signature{"TABLE\n0,1", "dif file", true},
    Signature{std::string_view{"\x00\x00\x02\x00\x04\x04", 6}, "wks file (Lotus 1-2-3)", true},
    Signature{std::string_view{"\x00\x00\x02\x00\x06\x04", 6}, "wk1 file (Lotus 1-2-3)", true},
    Signature{std::string_view{"\x00\x00\x02\x00\x20\x51", 6}, "wq1 file (Quattro Pro)", true},
    Signature{std::string_view{"\x00\x00\x02\x00\x21\x51", 6}, "wq2 file (Quattro Pro)", true},
    Signature{std::string_view{"\x00\x00\x1A\x00\x00\x10", 6}, "wk3 file (Lotus 1-2-3)", true},
    Signature{std::string_view{"\x00\x00\x1A\x00\x02\x10", 6}, "wk4 file (Lotus 1-2-3)", true},
    Signature{std::string_view{"\x00\x00\x1A\x00", 4}, "123 file (Lotus 1-2-3)", true},
    Signature{std::string_view{"\xFF\x00\x02\x00\x04\x04", 6}, "wks file (Microsoft Works)", true},
    Signature{"AXIS-VERSION", "px file", true},
    Signature{"CHARSET=", "px file", true},
    Signature{"socialcalc:version:", "socialcalc file", true},
};

bool IsUpper(char c) {
  return c >= 'A' && c <= 'Z';
}

// Records of one to three letters: "ID;PWXL", "B;Y9". A csv may begin with "ID;Place" too; its next row tells.
bool IsSylk(std::string_view bytes) {
  if (!bytes.starts_with("ID;P")) return false;
  const std::size_t end = bytes.substr(0, kBeginning).find_first_of("\r\n");
  const std::size_t next = bytes.find_first_not_of("\r\n", end);
  if (end == std::string_view::npos || next == std::string_view::npos) return false;
  std::string_view record = bytes.substr(next, 4);
  while (!record.empty() && IsUpper(record.front())) record.remove_prefix(1);
  return record.size() < 4 &&
         (record.empty() || record.front() == ';' || record.front() == '\r' || record.front() == '\n');
}

// The local name of the first element, in lower case.
std::string RootName(std::string_view text) {
  for (std::size_t at = text.find('<'); at != std::string_view::npos; at = text.find('<', at + 1)) {
    std::string_view rest = text.substr(at + 1);
    if (rest.starts_with("!--")) {
      at = text.find("-->", at);
      if (at == std::string_view::npos) return {};
      continue;
    }
    if (rest.empty() || rest.front() < 'a' || rest.front() > 'z') continue;
    rest = rest.substr(0, rest.find_first_of(" \t\r\n/>"));
    const std::size_t colon = rest.find(':');
    return std::string(colon == std::string_view::npos ? rest : rest.substr(colon + 1));
  }
  return {};
}

bool LooksLikeHtml(std::string_view text, std::string_view root) {
  constexpr std::array<std::string_view, 16> kRoots = {"html", "head",  "body", "table", "title", "meta",
                                                       "div",  "style", "p",    "h1",    "h2",    "h3",
                                                       "font", "tr",    "link", "center"};
  return std::find(kRoots.begin(), kRoots.end(), root) != kRoots.end() ||
         text.find("<!doctype html") != std::string_view::npos || text.find("<html") != std::string_view::npos;
}

// A page is a workbook where it has a table with data.
Sniffed SniffHtml(std::string_view bytes) {
  const Buffer html = HtmlAsUtf8(bytes);
  const bool holds_data = SurveyHtml(html.view, Limits().xml_depth).holds_data();
  return {.is_workbook = holds_data, .format = Format::kHtml, .what = holds_data ? "html table" : "html page"};
}

Sniffed SniffMarkup(std::string_view bytes, const std::string& text) {
  const std::string root = RootName(text);
  if (root == "workbook") {
    if (text.find("urn:schemas-microsoft-com:office:spreadsheet") != std::string::npos) {
      return IsAWorkbook(Format::kSpreadsheetMl2003, "SpreadsheetML 2003");
    }
    if (text.find("gnumeric") != std::string::npos) return OtherSpreadsheet("Gnumeric document");
  }
  if (root == "document" && text.find("oasis:names:tc:opendocument") != std::string::npos) {
    return IsAWorkbook(Format::kFods, "fods (flat OpenDocument)");
  }
  if (root == "uof") return OtherSpreadsheet("UOF document");
  if (LooksLikeHtml(text, root)) return SniffHtml(bytes);
  return NotAWorkbook(text.starts_with("<?xml") ? "xml document" : "text with markup");
}

// The beginning as text in lower case, or nothing where it holds what no text holds.
std::optional<std::string> BeginningAsText(std::string_view bytes) {
  const Buffer decoded = DecodeText(bytes.substr(0, kBeginning), EncodingByMark(bytes));
  const bool binary = std::any_of(decoded.view.begin(), decoded.view.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 && byte != '\t' && byte != '\n' && byte != '\r' && byte != '\f' && byte != 0x1B;
  });
  if (binary) return std::nullopt;
  return base::LowerAscii(base::Trim(decoded.view));
}

}  // namespace

Sniffed NotAWorkbook(std::string_view what) {
  return {.is_workbook = false, .format = Format::kXls, .what = std::string(what)};
}
Sniffed IsAWorkbook(Format format, std::string_view what) {
  return {.is_workbook = true, .format = format, .what = std::string(what)};
}
Sniffed OtherSpreadsheet(std::string_view what) {
  return {.is_workbook = false, .format = Format::kXls, .what = std::string(what), .is_other_spreadsheet = true};
}

std::optional<Sniffed> SniffSignature(std::string_view bytes) {
  for (const Signature& signature : kSignatures) {
    if (!bytes.starts_with(signature.bytes)) continue;
    return signature.is_spreadsheet ? OtherSpreadsheet(signature.what) : NotAWorkbook(signature.what);
  }
  if (IsSylk(bytes)) return OtherSpreadsheet("slk file (symbolic link)");
  return std::nullopt;
}

std::optional<Sniffed> SniffText(std::string_view bytes) {
  const auto text = BeginningAsText(bytes);
  if (!text) return std::nullopt;
  if (text->empty()) return NotAWorkbook("file of white space");
  if (text->front() == '<') return SniffMarkup(bytes, *text);
  if (text->front() == '{' || text->starts_with("[{") || text->starts_with("[[")) return NotAWorkbook("json text");
  if (LooksLikeHtml(*text, {})) return SniffHtml(bytes);
  const bool delimited = text->find_first_of(",;\t|") != std::string::npos;
  return delimited ? IsAWorkbook(Format::kCsv, "csv text") : NotAWorkbook("plain text");
}

}  // namespace tidemill::workbook
