// SPDX-License-Identifier: Apache-2.0
#include "code_page.h"

#include <algorithm>
#include <array>
#include <string>

#include <iconv.h>

#include "tidemill/base/text.h"

#include "bytes.h"

namespace tidemill::workbook {
namespace {

constexpr char32_t kReplacement = 0xFFFD;

// 0x80..0x9F of Windows-1252; undefined ones are the C1 controls, as everywhere on the web.
constexpr std::array<char32_t, 32> kWindows1252 = {0x20AC, 0x81,   0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
                                                   0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0x8D,   0x017D, 0x8F,
                                                   0x90,   0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
                                                   0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x9D,   0x017E, 0x0178};

bool IsAscii(std::string_view bytes) {
  return std::all_of(bytes.begin(), bytes.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

void AppendWindows1252(std::string& out, std::string_view bytes) {
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    AppendUtf8(out, byte >= 0x80 && byte < 0xA0 ? kWindows1252[byte - 0x80U] : byte);
  }
}

std::string IconvName(std::uint16_t code_page) {
  if (code_page == 10000 || code_page == 32768) return "MACINTOSH";
  if (code_page == 10007) return "MAC-CYRILLIC";
  if (code_page == 10029) return "MAC-CENTRALEUROPE";
  return "CP" + std::to_string(code_page);
}

// iconv_open's way to say that it does not know an encoding is the pointer -1.
bool IsOpen(iconv_t converter) {
  return reinterpret_cast<std::intptr_t>(converter) != -1;
}

// What iconv cannot read is marked and skipped.
void Convert(iconv_t converter, std::string& out, std::string_view bytes) {
  std::string input(bytes);  // iconv wants memory that it could write to
  char* in = input.data();
  std::size_t in_left = input.size();
  std::array<char, 512> chunk{};
  while (in_left > 0) {
    char* to = chunk.data();
    std::size_t to_left = chunk.size();
    const std::size_t before = in_left;
    const bool failed = iconv(converter, &in, &in_left, &to, &to_left) == static_cast<std::size_t>(-1);
    out.append(chunk.data(), chunk.size() - to_left);
    if (failed && (before == in_left || to_left > 8) && in_left > 0) {
      AppendUtf8(out, kReplacement);
      ++in;
      --in_left;
    }
  }
}

}  // namespace

void AppendUtf8(std::string& out, char32_t code_point) {
  const auto put = [&](char32_t byte) { out.push_back(static_cast<char>(static_cast<unsigned char>(byte))); };
  if (code_point > 0x10FFFF || (code_point >= 0xD800 && code_point < 0xE000)) code_point = kReplacement;
  if (code_point < 0x80) {
    put(code_point);
  } else if (code_point < 0x800) {
    put(0xC0U | code_point >> 6U);
    put(0x80U | (code_point & 0x3FU));
  } else if (code_point < 0x10000) {
    put(0xE0U | code_point >> 12U);
    put(0x80U | (code_point >> 6U & 0x3FU));
    put(0x80U | (code_point & 0x3FU));
  } else {
    put(0xF0U | code_point >> 18U);
    put(0x80U | (code_point >> 12U & 0x3FU));
    put(0x80U | (code_point >> 6U & 0x3FU));
    put(0x80U | (code_point & 0x3FU));
  }
}

void AppendLatin1(std::string& out, std::string_view bytes) {
  if (IsAscii(bytes)) {
    out.append(bytes);
    return;
  }
  for (const char c : bytes) AppendUtf8(out, static_cast<unsigned char>(c));
}

void AppendUtf16(std::string& out, std::string_view bytes) {
  for (std::size_t at = 0; at + 2 <= bytes.size(); at += 2) {
    const char32_t unit = LoadU16(bytes, at);
    const char32_t next = unit >= 0xD800 && unit < 0xDC00 ? LoadU16(bytes, at + 2) : 0U;
    if (next >= 0xDC00 && next < 0xE000) {
      AppendUtf8(out, 0x10000 + ((unit - 0xD800) << 10U) + (next - 0xDC00));
      at += 2;
    } else {
      AppendUtf8(out, unit);
    }
  }
}

void RepairUtf8(std::string& text, std::size_t from) {
  std::string_view rest = std::string_view(text).substr(from);
  if (IsAscii(rest) || base::IsValidUtf8(rest)) return;
  std::string repaired = text.substr(0, from);
  while (!rest.empty()) {
    const auto lead = static_cast<unsigned char>(rest.front());
    const std::size_t size = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    const std::string_view character = rest.substr(0, size);
    if (character.size() == size && base::IsValidUtf8(character)) {
      repaired.append(character);
      rest.remove_prefix(size);
    } else {
      AppendUtf8(repaired, kReplacement);
      rest.remove_prefix(1);
    }
  }
  text = std::move(repaired);
}

void AppendCodePage(std::string& out, std::string_view bytes, std::uint16_t code_page) {
  if (IsAscii(bytes)) {
    out.append(bytes);
    return;
  }
  if (code_page == 1252 || code_page == 32769 || code_page == 0) return AppendWindows1252(out, bytes);
  AppendEncoded(out, bytes, IconvName(code_page));
}

void AppendEncoded(std::string& out, std::string_view bytes, const std::string& encoding) {
  const iconv_t converter = iconv_open("UTF-8", encoding.c_str());
  if (!IsOpen(converter)) return AppendWindows1252(out, bytes);
  Convert(converter, out, bytes);
  iconv_close(converter);
}

}  // namespace tidemill::workbook
