// SPDX-License-Identifier: Apache-2.0
#include "page_text.h"

#include <array>

#include "tidemill/base/text.h"

namespace tidemill::extract {
namespace {

// 0x80 to 0x9F, as the encoding standard has them.
constexpr std::array<unsigned, 32> kWindows1252 = {0x20AC, 0x0081, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
                                                   0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0x008D, 0x017D, 0x008F,
                                                   0x0090, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
                                                   0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x009D, 0x017E, 0x0178};

// Code points from 0x80 to 0xFFFF.
void AppendUtf8(std::string& out, unsigned point) {
  if (point < 0x800) {
    out += static_cast<char>(0xC0U | (point >> 6U));
  } else {
    out += static_cast<char>(0xE0U | (point >> 12U));
    out += static_cast<char>(0x80U | ((point >> 6U) & 0x3FU));
  }
  out += static_cast<char>(0x80U | (point & 0x3FU));
}

}  // namespace

std::string PageToUtf8(std::string_view bytes) {
  constexpr std::string_view kMark = "\xEF\xBB\xBF";
  if (bytes.starts_with(kMark)) bytes.remove_prefix(kMark.size());
  if (base::IsValidUtf8(bytes)) return std::string(bytes);
  std::string out;
  out.reserve(bytes.size() + bytes.size() / 16);
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80) {
      out += c;
    } else {
      AppendUtf8(out, byte < 0xA0 ? kWindows1252[byte - 0x80U] : byte);
    }
  }
  return out;
}

}  // namespace tidemill::extract
