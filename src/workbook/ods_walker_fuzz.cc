// SPDX-License-Identifier: Apache-2.0
// The fast path against the tokenizer: the sheets of a content.xml, and where they stand. The first byte says how large
// the pieces are that the fast path gets.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <string_view>
#include <vector>

#include "fuzz_walk.h"
#include "ods_sheet.h"
#include "ods_structure.h"
#include "testing/sheet_dump.h"

namespace tidemill::workbook {
namespace {

MemberStream StreamOf(std::string_view bytes, std::size_t piece) {
  return MemberStream::Of({.memory = nullptr, .view = bytes}, {}, std::min(piece, SlidingBuffer::kPiece));
}

std::string ReadTable(std::string_view bytes, std::size_t piece, const OdsBook& book, const ReadOptions& options) {
  MemberStream stream = StreamOf(bytes, piece);
  XmlReader xml(stream, book.book.limits.xml_depth);
  xml.Next();
  CellSink sink(book.book, std::make_shared<const SharedStrings>(book.book.limits.string_characters), {.name = "S"});
  const auto read = ReadOdsSheet(xml, book, {}, options, sink);
  if (!read) return read.error().ToText();
  const auto sheet = std::move(sink).Finish();
  return sheet ? testing::SheetDump(*sheet) : sheet.error().ToText();
}

OdsStructure ReadStructure(std::string_view bytes, std::size_t piece, OdsBook& book, bool strict) {
  MemberStream stream = StreamOf(bytes, piece);
  XmlReader xml(stream, book.book.limits.xml_depth);
  return ReadOdsStructure(xml, book.styles, strict);
}

void Differ(const std::string& walked, const std::string& expected) {
  std::fprintf(stderr, "--- fast path\n%s\n--- tokenizer\n%s\n", walked.c_str(), expected.c_str());
  __builtin_trap();
}

std::string Places(const OdsStructure& structure) {
  std::string text;
  for (const auto& table : structure.tables) text += table.entry.name + ' ' + std::to_string(table.offset) + '\n';
  for (const auto& name : structure.names) text += name.name + ' ' + name.refers_to + '\n';
  return text;
}

// name="value", each behind a blank.
bool AreAttributes(std::string_view text) {
  for (;;) {
    text = text.substr(std::min(text.find_first_not_of(" \t\r\n"), text.size()));
    if (text.empty()) return true;
    const std::size_t equals = text.find('=');
    if (equals == text.npos || text.find_first_of("\" \t\r\n") < equals || text.substr(equals, 2) != "=\"")
      return false;
    const std::size_t quote = text.find('"', equals + 2);
    if (quote == text.npos) return false;
    text.remove_prefix(quote + 1);
  }
}

// Whether tags nest and hold attributes. Of what is no XML one of the two ways may see more than the other: who passes
// over rows looks at none of their tags.
bool IsWellFormed(std::string_view bytes) {
  std::vector<std::string_view> open;
  for (std::size_t at = bytes.find('<'); at != bytes.npos; at = bytes.find('<', at)) {
    const std::string_view rest = bytes.substr(at);
    const std::string_view special = rest.starts_with("<!--")        ? "-->"
                                     : rest.starts_with("<![CDATA[") ? "]]>"
                                     : rest.starts_with("<?")        ? "?>"
                                                                     : "";
    const std::size_t end = rest.find(special.empty() ? ">" : special);
    if (end == rest.npos) return false;
    at += end + 1;
    if (!special.empty()) continue;
    std::string_view tag = rest.substr(1, end - 1);
    if (tag.find('<') != tag.npos) return false;
    if (tag.starts_with('/')) {
      if (open.empty() || open.back() != tag.substr(1)) return false;
      open.pop_back();
      continue;
    }
    const bool empty = tag.ends_with('/');
    if (empty) tag.remove_suffix(1);
    const std::size_t name = std::min(tag.find_first_of(" \t\r\n"), tag.size());
    if (tag.substr(0, name).find_first_of("\"=/") != tag.npos || !AreAttributes(tag.substr(name))) return false;
    if (!empty) open.push_back(tag.substr(0, name));
  }
  return open.empty();
}

}  // namespace
}  // namespace tidemill::workbook

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tidemill::workbook;  // NOLINT(google-build-using-namespace)
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  const std::size_t piece = data[0] == 0 ? 1 : data[0] < 128 ? data[0] : std::size_t{data[0]} * 512;
  OdsBook book;
  book.book.limits = kFuzzLimits;
  const OdsStructure strict = ReadStructure(bytes, SIZE_MAX, book, true);
  book.book.SetStyles(book.styles.MakeStyles());
  OdsBook other;
  other.book.limits = kFuzzLimits;
  const OdsStructure fast = ReadStructure(bytes, piece, other, false);
  if (strict.error.empty() && IsWellFormed(bytes)) {
    if (Places(fast) != Places(strict)) Differ(Places(fast), Places(strict));
  }
  constexpr std::size_t kTables = 4;
  for (std::size_t i = 0; i < std::min(kTables, strict.tables.size()); ++i) {
    const std::string_view table = bytes.substr(strict.tables[i].offset);
    const std::string walked = ReadTable(table, piece, book, {});
    const std::string expected = ReadTable(table, SIZE_MAX, book, {.strict_only = true});
    if (walked != expected) Differ(walked, expected);
  }
  return 0;
}
