// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <charconv>

#include "code_page.h"
#include "html_tokens.h"

namespace tidemill::workbook {
namespace {

// The names of https://www.w3.org/TR/html401/sgml/entities.html, in the order of their code points.
constexpr std::array<std::string_view, 96> kFrom160 = {
    "nbsp",   "iexcl",  "cent",   "pound",  "curren", "yen",    "brvbar", "sect",   "uml",    "copy",   "ordf",
    "laquo",  "not",    "shy",    "reg",    "macr",   "deg",    "plusmn", "sup2",   "sup3",   "acute",  "micro",
    "para",   "middot", "cedil",  "sup1",   "ordm",   "raquo",  "frac14", "frac12", "frac34", "iquest", "Agrave",
    "Aacute", "Acirc",  "Atilde", "Auml",   "Aring",  "AElig",  "Ccedil", "Egrave", "Eacute", "Ecirc",  "Euml",
    "Igrave", "Iacute", "Icirc",  "Iuml",   "ETH",    "Ntilde", "Ograve", "Oacute", "Ocirc",  "Otilde", "Ouml",
    "times",  "Oslash", "Ugrave", "Uacute", "Ucirc",  "Uuml",   "Yacute", "THORN",  "szlig",  "agrave", "aacute",
    "acirc",  "atilde", "auml",   "aring",  "aelig",  "ccedil", "egrave", "eacute", "ecirc",  "euml",   "igrave",
    "iacute", "icirc",  "iuml",   "eth",    "ntilde", "ograve", "oacute", "ocirc",  "otilde", "ouml",   "divide",
    "oslash", "ugrave", "uacute", "ucirc",  "uuml",   "yacute", "thorn",  "yuml"};

constexpr std::array<std::string_view, 25> kFromAlpha = {
    "Alpha", "Beta",    "Gamma", "Delta", "Epsilon", "Zeta",  "Eta", "Theta",   "Iota", "Kappa", "Lambda", "Mu",   "Nu",
    "Xi",    "Omicron", "Pi",    "Rho",   "",        "Sigma", "Tau", "Upsilon", "Phi",  "Chi",   "Psi",    "Omega"};

constexpr std::array<std::string_view, 25> kFromSmallAlpha = {
    "alpha", "beta",    "gamma", "delta", "epsilon", "zeta",  "eta", "theta",   "iota", "kappa", "lambda", "mu",   "nu",
    "xi",    "omicron", "pi",    "rho",   "sigmaf",  "sigma", "tau", "upsilon", "phi",  "chi",   "psi",    "omega"};

struct Named {
  std::string_view name;
  char16_t code_point;
};

// By name.
constexpr std::array kOthers = {
    Named{"Dagger", 0x2021}, Named{"OElig", 0x152},    Named{"Prime", 0x2033},   Named{"Scaron", 0x160},
    Named{"Yuml", 0x178},    Named{"alefsym", 0x2135}, Named{"amp", 0x26},       Named{"and", 0x2227},
    Named{"ang", 0x2220},    Named{"apos", 0x27},      Named{"asymp", 0x2248},   Named{"bdquo", 0x201E},
    Named{"bull", 0x2022},   Named{"cap", 0x2229},     Named{"circ", 0x2C6},     Named{"clubs", 0x2663},
    Named{"cong", 0x2245},   Named{"crarr", 0x21B5},   Named{"cup", 0x222A},     Named{"dArr", 0x21D3},
    Named{"dagger", 0x2020}, Named{"darr", 0x2193},    Named{"diams", 0x2666},   Named{"empty", 0x2205},
    Named{"emsp", 0x2003},   Named{"ensp", 0x2002},    Named{"equiv", 0x2261},   Named{"euro", 0x20AC},
    Named{"exist", 0x2203},  Named{"fnof", 0x192},     Named{"forall", 0x2200},  Named{"frasl", 0x2044},
    Named{"ge", 0x2265},     Named{"gt", 0x3E},        Named{"hArr", 0x21D4},    Named{"harr", 0x2194},
    Named{"hearts", 0x2665}, Named{"hellip", 0x2026},  Named{"image", 0x2111},   Named{"infin", 0x221E},
    Named{"int", 0x222B},    Named{"isin", 0x2208},    Named{"lArr", 0x21D0},    Named{"lang", 0x2329},
    Named{"larr", 0x2190},   Named{"lceil", 0x2308},   Named{"ldquo", 0x201C},   Named{"le", 0x2264},
    Named{"lfloor", 0x230A}, Named{"lowast", 0x2217},  Named{"loz", 0x25CA},     Named{"lrm", 0x200E},
    Named{"lsaquo", 0x2039}, Named{"lsquo", 0x2018},   Named{"lt", 0x3C},        Named{"mdash", 0x2014},
    Named{"minus", 0x2212},  Named{"nabla", 0x2207},   Named{"ndash", 0x2013},   Named{"ne", 0x2260},
    Named{"ni", 0x220B},     Named{"notin", 0x2209},   Named{"nsub", 0x2284},    Named{"oelig", 0x153},
    Named{"oline", 0x203E},  Named{"oplus", 0x2295},   Named{"or", 0x2228},      Named{"otimes", 0x2297},
    Named{"part", 0x2202},   Named{"permil", 0x2030},  Named{"perp", 0x22A5},    Named{"piv", 0x3D6},
    Named{"prime", 0x2032},  Named{"prod", 0x220F},    Named{"prop", 0x221D},    Named{"quot", 0x22},
    Named{"rArr", 0x21D2},   Named{"radic", 0x221A},   Named{"rang", 0x232A},    Named{"rarr", 0x2192},
    Named{"rceil", 0x2309},  Named{"rdquo", 0x201D},   Named{"real", 0x211C},    Named{"rfloor", 0x230B},
    Named{"rlm", 0x200F},    Named{"rsaquo", 0x203A},  Named{"rsquo", 0x2019},   Named{"sbquo", 0x201A},
    Named{"scaron", 0x161},  Named{"sdot", 0x22C5},    Named{"sim", 0x223C},     Named{"spades", 0x2660},
    Named{"sub", 0x2282},    Named{"sube", 0x2286},    Named{"sum", 0x2211},     Named{"sup", 0x2283},
    Named{"supe", 0x2287},   Named{"there4", 0x2234},  Named{"thetasym", 0x3D1}, Named{"thinsp", 0x2009},
    Named{"tilde", 0x2DC},   Named{"trade", 0x2122},   Named{"uArr", 0x21D1},    Named{"uarr", 0x2191},
    Named{"upsih", 0x3D2},   Named{"weierp", 0x2118},  Named{"zwj", 0x200D},     Named{"zwnj", 0x200C},
};

template <std::size_t size>
char32_t FindFrom(const std::array<std::string_view, size>& names, char32_t first, std::string_view name) {
  const auto found = std::find(names.begin(), names.end(), name);
  return found == names.end() ? 0 : first + static_cast<char32_t>(found - names.begin());
}

// 0 where there is no such name.
char32_t NamedCharacter(std::string_view name) {
  if (name.empty()) return 0;
  const auto other = std::lower_bound(kOthers.begin(), kOthers.end(), name,
                                      [](const Named& named, std::string_view text) { return named.name < text; });
  if (other != kOthers.end() && other->name == name) return other->code_point;
  if (const char32_t latin = FindFrom(kFrom160, 160, name); latin != 0) return latin;
  if (const char32_t greek = FindFrom(kFromAlpha, 0x391, name); greek != 0) return greek;
  return FindFrom(kFromSmallAlpha, 0x3B1, name);
}

// Numbers of the C1 controls mean Windows-1252, as everywhere on the web.
void AppendCharacter(std::string& out, std::uint32_t number) {
  if (number >= 0x80 && number < 0xA0) {
    const char byte = static_cast<char>(static_cast<unsigned char>(number));
    AppendCodePage(out, std::string_view(&byte, 1), 1252);
  } else {
    AppendUtf8(out, number == 0 ? 0xFFFD : number);
  }
}

// Takes a reference off the text, which begins with &; true where it was one.
bool AppendReference(std::string& out, std::string_view& raw) {
  constexpr std::size_t kLongest = 12;
  const std::string_view rest = raw.substr(1, kLongest);
  std::size_t size = 0;
  if (rest.starts_with('#')) {
    const bool hexadecimal = rest.size() > 1 && (rest[1] == 'x' || rest[1] == 'X');
    const std::size_t digits = hexadecimal ? 2 : 1;
    std::uint32_t number = 0;
    const auto [end, error] = std::from_chars(rest.data() + std::min(digits, rest.size()), rest.data() + rest.size(),
                                              number, hexadecimal ? 16 : 10);
    size = static_cast<std::size_t>(end - rest.data());
    if (error != std::errc() || size <= digits) return false;
    AppendCharacter(out, number);
  } else {
    while (size < rest.size() && ((rest[size] | 0x20) >= 'a' && (rest[size] | 0x20) <= 'z')) ++size;
    while (size < rest.size() && rest[size] >= '0' && rest[size] <= '9') ++size;
    const char32_t character = NamedCharacter(rest.substr(0, size));
    // "?a=1&copy=2" is an address.
    if (character == 0 || rest.substr(size).starts_with('=')) return false;
    AppendUtf8(out, character);
  }
  raw.remove_prefix(1 + size);
  if (raw.starts_with(';')) raw.remove_prefix(1);
  return true;
}

}  // namespace

void AppendHtmlText(std::string& out, std::string_view raw) {
  for (;;) {
    const std::size_t plain = std::min(raw.find('&'), raw.size());
    out.append(raw.substr(0, plain));
    raw.remove_prefix(plain);
    if (raw.empty()) return;
    if (AppendReference(out, raw)) continue;
    out.push_back('&');
    raw.remove_prefix(1);
  }
}

}  // namespace tidemill::workbook
