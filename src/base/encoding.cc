// SPDX-License-Identifier: Apache-2.0
#include "tidemill/base/encoding.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include <iconv.h>

namespace tidemill::base {
namespace {

struct Label {
  std::string_view label;
  std::string_view name;  // iconv's, but for the three that need none
};

// Labels of https://encoding.spec.whatwg.org that name another encoding than they seem to, or one under another name.
constexpr std::array kLabels = {
    Label{"utf8", "utf-8"},
    Label{"unicode-1-1-utf-8", "utf-8"},
    Label{"utf-16", "utf-16le"},
    Label{"unicode", "utf-16le"},
    Label{"ascii", "windows-1252"},
    Label{"us-ascii", "windows-1252"},
    Label{"ansi", "windows-1252"},
    Label{"latin1", "windows-1252"},
    Label{"latin-1", "windows-1252"},
    Label{"iso-8859-1", "windows-1252"},
    Label{"iso8859-1", "windows-1252"},
    Label{"iso_8859-1", "windows-1252"},
    Label{"cp1252", "windows-1252"},
    Label{"x-cp1252", "windows-1252"},
    Label{"latin2", "iso-8859-2"},
    Label{"iso-8859-9", "windows-1254"},
    Label{"shift_jis", "cp932"},
    Label{"shift-jis", "cp932"},
    Label{"sjis", "cp932"},
    Label{"x-sjis", "cp932"},
    Label{"windows-31j", "cp932"},
    Label{"gb2312", "gb18030"},
    Label{"gbk", "gb18030"},
    Label{"ks_c_5601-1987", "cp949"},
    Label{"euc-kr", "cp949"},
    Label{"x-mac-roman", "macintosh"},
    Label{"macroman", "macintosh"},
    Label{"x-mac-cyrillic", "mac-cyrillic"},
};

// iconv_open's way to say that it does not know an encoding is the pointer -1.
bool KnowsEncoding(const std::string& encoding) {
  if (encoding.empty()) return false;
  const iconv_t converter = iconv_open("UTF-8", encoding.c_str());
  if (reinterpret_cast<std::intptr_t>(converter) == -1) return false;
  iconv_close(converter);
  return true;
}

}  // namespace

std::string EncodingName(std::string_view label) {
  std::string name(label);
  std::transform(name.begin(), name.end(), name.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; });
  for (const Label& known : kLabels) {
    if (known.label == name) return std::string(known.name);
  }
  const bool own = name == "utf-8" || name == "utf-16le" || name == "utf-16be" || name == "windows-1252";
  return own || KnowsEncoding(name) ? name : std::string();
}

}  // namespace tidemill::base
