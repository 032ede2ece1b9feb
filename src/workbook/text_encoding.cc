// SPDX-License-Identifier: Apache-2.0
#include "text_encoding.h"

#include <algorithm>
#include <array>
#include <utility>

#include "tidemill/base/encoding.h"

#include "code_page.h"

namespace tidemill::workbook {
namespace {

constexpr std::string_view kUtf8Mark = "\xEF\xBB\xBF";

std::string DecodeUtf16(std::string_view bytes, bool big_endian) {
  if (bytes.starts_with(big_endian ? "\xFE\xFF" : "\xFF\xFE")) bytes.remove_prefix(2);
  std::string text;
  text.reserve(bytes.size() / 2);
  if (!big_endian) {
    AppendUtf16(text, bytes);
    return text;
  }
  std::string swapped(bytes);
  for (std::size_t i = 0; i + 1 < swapped.size(); i += 2) std::swap(swapped[i], swapped[i + 1]);
  AppendUtf16(text, swapped);
  return text;
}

// The value of `encoding` in <?xml version="1.0" encoding="…"?>.
std::string_view DeclaredEncoding(std::string_view bytes) {
  constexpr std::size_t kLongest = 200;
  if (!bytes.starts_with("<?xml")) return {};
  std::string_view declaration = bytes.substr(0, kLongest);
  declaration = declaration.substr(0, declaration.find("?>"));
  const std::size_t at = declaration.find("encoding");
  if (at == std::string_view::npos) return {};
  const std::size_t quote = declaration.find_first_of("\"'", at);
  if (quote == std::string_view::npos) return {};
  return declaration.substr(quote + 1, declaration.find(declaration[quote], quote + 1) - quote - 1);
}

}  // namespace

std::string_view EncodingByMark(std::string_view bytes) {
  if (bytes.starts_with(kUtf8Mark)) return "utf-8";
  if (bytes.starts_with("\xFF\xFE")) return "utf-16le";
  if (bytes.starts_with("\xFE\xFF")) return "utf-16be";
  if (bytes.size() < 4) return {};
  if (bytes[0] != '\0' && bytes[1] == '\0' && bytes[2] != '\0' && bytes[3] == '\0') return "utf-16le";
  if (bytes[0] == '\0' && bytes[1] != '\0' && bytes[2] == '\0' && bytes[3] != '\0') return "utf-16be";
  return {};
}

Buffer BufferOf(std::string_view text) {
  Buffer buffer;
  buffer.memory = std::make_unique_for_overwrite<char[]>(text.size());
  text.copy(buffer.memory.get(), text.size());
  buffer.view = {buffer.memory.get(), text.size()};
  return buffer;
}

Buffer DecodeText(std::string_view bytes, std::string_view encoding) {
  if (encoding == "utf-16le" || encoding == "utf-16be") return BufferOf(DecodeUtf16(bytes, encoding == "utf-16be"));
  if (encoding.empty() || encoding == "utf-8") {
    return {.memory = {}, .view = bytes.substr(bytes.starts_with(kUtf8Mark) ? kUtf8Mark.size() : 0)};
  }
  std::string text;
  text.reserve(bytes.size());
  if (encoding == "windows-1252") {
    AppendCodePage(text, bytes, 1252);
  } else {
    AppendEncoded(text, bytes, std::string(encoding));
  }
  return BufferOf(text);
}

Buffer XmlAsUtf8(std::string_view bytes) {
  const std::string_view mark = EncodingByMark(bytes);
  return DecodeText(bytes, mark.empty() ? base::EncodingName(DeclaredEncoding(bytes)) : std::string(mark));
}

}  // namespace tidemill::workbook
