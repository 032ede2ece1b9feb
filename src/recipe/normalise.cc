// SPDX-License-Identifier: Apache-2.0
#include "normalise.h"

#include <algorithm>
#include <array>

#include "tidemill/base/text.h"
#include "tidemill/recipe/pattern.h"

namespace tidemill::recipe {
namespace {

struct Plain {
  std::string_view from;
  char to;
};
// Quotes whose NFKC form would be a blank and a mark are made plain before it, all others after it.
constexpr std::array kBefore = {Plain{"\u00B4", '\''}};
constexpr std::array kAfter = {
    Plain{"\u2010", '-'},  Plain{"\u2011", '-'},  Plain{"\u2012", '-'},  Plain{"\u2013", '-'},  Plain{"\u2014", '-'},
    Plain{"\u2015", '-'},  Plain{"\u2212", '-'},  Plain{"\u2043", '-'},  Plain{"\u2018", '\''}, Plain{"\u2019", '\''},
    Plain{"\u201A", '\''}, Plain{"\u201B", '\''}, Plain{"\u2032", '\''}, Plain{"\u02BC", '\''}, Plain{"\u201C", '\''},
    Plain{"\u201D", '\''}, Plain{"\u201E", '\''}, Plain{"\u201F", '\''}, Plain{"\u00AB", '\''}, Plain{"\u00BB", '\''},
};

template <std::size_t N>
std::string MadePlain(std::string_view text, const std::array<Plain, N>& table) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size();) {
    const Plain* hit = nullptr;
    if (static_cast<unsigned char>(text[i]) >= 0x80) {
      const auto found = std::find_if(table.begin(), table.end(),
                                      [&](const Plain& plain) { return text.substr(i).starts_with(plain.from); });
      if (found != table.end()) hit = &*found;
    }
    out += hit == nullptr ? text[i] : hit->to;
    i += hit == nullptr ? 1 : hit->from.size();
  }
  return out;
}

bool IsAscii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

bool IsAsciiSpace(char c) {
  return c == ' ' || (c >= '\t' && c <= '\r');
}

// ASCII alone needs no tables; nearly every cell is so.
std::string NormaliseAscii(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    if (IsAsciiSpace(c)) {
      if (out.empty() || out.back() != ' ') out += ' ';
    } else if (c == '"' || c == '`') {
      out += '\'';
    } else {
      out += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    }
  }
  return out;
}

// Collapses white space beyond ASCII by base's rule and puts back one blank at an end that had some.
std::string CollapsedKeepingEnds(std::string_view text) {
  const std::string_view trimmed = base::Trim(text);
  if (trimmed.empty()) return text.empty() ? "" : " ";
  std::string out = base::CollapseSpace(trimmed);
  if (trimmed.data() != text.data()) out.insert(0, 1, ' ');
  if (trimmed.data() + trimmed.size() != text.data() + text.size()) out += ' ';
  return out;
}

}  // namespace

std::string NormaliseInner(std::string_view text) {
  if (IsAscii(text)) return NormaliseAscii(text);
  const std::string folded = base::NfkcCaseFold(MadePlain(text, kBefore));
  return NormaliseAscii(CollapsedKeepingEnds(MadePlain(folded, kAfter)));
}

std::string Normalise(std::string_view text) {
  std::string out = NormaliseInner(text);
  if (!out.empty() && out.back() == ' ') out.pop_back();
  if (!out.empty() && out.front() == ' ') out.erase(0, 1);
  return out;
}

bool IsDigit(char c) {
  return c >= '0' && c <= '9';
}
bool IsAsciiLetter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool IsLetterByte(char c) {
  return IsAsciiLetter(c) || static_cast<unsigned char>(c) >= 0x80;
}

std::vector<std::string_view> WordsAndNumbers(std::string_view normalised) {
  std::vector<std::string_view> out;
  for (std::size_t i = 0; i < normalised.size();) {
    const auto same = IsDigit(normalised[i]) ? IsDigit : IsLetterByte;
    std::size_t end = i;
    while (end < normalised.size() && same(normalised[end])) ++end;
    if (end > i) out.push_back(normalised.substr(i, end - i));
    i = std::max(end, i + 1);
  }
  return out;
}

}  // namespace tidemill::recipe
