// SPDX-License-Identifier: Apache-2.0
#include "tidemill/base/text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdlib>

#include <fast_float/fast_float.h>
#include <fmt/format.h>
#include <utf8proc.h>

namespace tidemill::base {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

// The code point at `at` and its length; length 0 where the bytes are no UTF-8.
struct CodePoint {
  utf8proc_int32_t value = -1;
  std::size_t length = 0;
};

CodePoint Decode(std::string_view text, std::size_t at) {
  if (const auto byte = static_cast<unsigned char>(text[at]); byte < 0x80) return {byte, 1};
  utf8proc_int32_t value = -1;
  const auto length = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()) + at,
                                       static_cast<utf8proc_ssize_t>(text.size() - at), &value);
  return length > 0 ? CodePoint{value, static_cast<std::size_t>(length)} : CodePoint{};
}

void Append(std::string& out, utf8proc_int32_t value) {
  std::array<utf8proc_uint8_t, 4> buffer{};
  const auto length = utf8proc_encode_char(value, buffer.data());
  out.append(reinterpret_cast<const char*>(buffer.data()), static_cast<std::size_t>(length));
}

std::string WithValidUtf8(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size();) {
    const CodePoint c = Decode(text, i);
    if (c.length == 0) {
      out += kReplacement;
      ++i;
    } else {
      out.append(text.substr(i, c.length));
      i += c.length;
    }
  }
  return out;
}

bool IsAscii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

std::string Mapped(std::string_view text, int options) {
  const std::string valid = WithValidUtf8(text);
  utf8proc_uint8_t* mapped = nullptr;
  const auto length =
      utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(valid.data()), static_cast<utf8proc_ssize_t>(valid.size()),
                   &mapped, static_cast<utf8proc_option_t>(options));
  if (length < 0) return valid;
  std::string out(reinterpret_cast<const char*>(mapped), static_cast<std::size_t>(length));
  std::free(mapped);  // utf8proc allocates with malloc
  return out;
}

char AsciiLower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool IsSpace(utf8proc_int32_t c) {
  if (c < 0x80) return c == 0x20 || (c >= 0x09 && c <= 0x0D);
  return c == 0x85 || c == 0xA0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 ||
         c == 0x202F || c == 0x205F || c == 0x3000;
}

// True for ASCII without white space but single blanks between words: nearly every text of a sheet.
bool IsCollapsed(std::string_view text) {
  bool blank = true;  // a blank may not come first
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x80 || byte < 0x20 || (blank && byte == 0x20)) return false;
    blank = byte == 0x20;
  }
  return !blank || text.empty();
}

}  // namespace

bool IsValidUtf8(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t length = static_cast<unsigned char>(text[i]) < 0x80 ? 1 : Decode(text, i).length;
    if (length == 0) return false;
    i += length;
  }
  return true;
}

std::string Nfkc(std::string_view text) {
  if (IsAscii(text)) return std::string(text);
  return Mapped(text, UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_COMPAT);
}

std::string NfkcCaseFold(std::string_view text) {
  if (IsAscii(text)) {
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(), AsciiLower);
    return out;
  }
  return Mapped(text, UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_COMPAT | UTF8PROC_CASEFOLD);
}

std::string Lower(std::string_view text) {
  if (IsAscii(text)) {
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(), AsciiLower);
    return out;
  }
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size();) {
    const CodePoint c = Decode(text, i);
    if (c.length == 0) {
      out += text[i++];
    } else {
      Append(out, utf8proc_tolower(c.value));
      i += c.length;
    }
  }
  return out;
}

bool IsUpper(std::string_view text) {
  bool letter = false;
  for (std::size_t i = 0; i < text.size();) {
    const CodePoint c = Decode(text, i);
    if (c.length == 0) return false;
    if (utf8proc_toupper(c.value) != c.value) return false;
    letter = letter || utf8proc_tolower(c.value) != c.value;
    i += c.length;
  }
  return letter;
}

std::string_view Trim(std::string_view text) {
  // Nearly every text begins and ends with what is plainly no white space.
  const auto is_plain = [](char c) { return c > 0x20 && c < 0x7F; };
  if (!text.empty() && is_plain(text.front()) && is_plain(text.back())) return text;
  std::size_t begin = 0;
  while (begin < text.size()) {
    const CodePoint c = Decode(text, begin);
    if (c.length == 0 || !IsSpace(c.value)) break;
    begin += c.length;
  }
  std::size_t end = begin;  // just behind the last character that is no white space
  for (std::size_t i = begin; i < text.size();) {
    const CodePoint c = Decode(text, i);
    const std::size_t length = c.length == 0 ? 1 : c.length;
    i += length;
    if (c.length == 0 || !IsSpace(c.value)) end = i;
  }
  return text.substr(begin, end - begin);
}

std::string CollapseSpace(std::string_view text) {
  if (IsCollapsed(text)) return std::string(text);
  std::string out;
  out.reserve(text.size());
  bool blank = false;
  for (std::size_t i = 0; i < text.size();) {
    const CodePoint c = Decode(text, i);
    const std::size_t length = c.length == 0 ? 1 : c.length;
    if (c.length != 0 && IsSpace(c.value)) {
      blank = !out.empty();
    } else {
      if (blank) out += ' ';
      blank = false;
      out.append(text.substr(i, length));
    }
    i += length;
  }
  return out;
}

std::vector<std::string_view> Split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (;;) {
    const std::size_t at = text.find(separator);
    parts.push_back(text.substr(0, at));
    if (at == std::string_view::npos) return parts;
    text.remove_prefix(at + 1);
  }
}

std::string Join(const std::vector<std::string>& parts, std::string_view separator) {
  return fmt::format("{}", fmt::join(parts, separator));
}

std::optional<std::int64_t> ParseInt(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<double> ParseDouble(std::string_view text) {
  double value = 0;
  const auto [end, error] = fast_float::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(value)) return std::nullopt;
  return value;
}

std::string ShortestDouble(double value) {
  if (std::floor(value) == value && std::fabs(value) < 1e15) return fmt::format("{}", static_cast<std::int64_t>(value));
  return fmt::format("{}", value);
}

std::size_t EditDistance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before;
  std::vector<std::size_t> previous(b.size() + 1);
  std::vector<std::size_t> current(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) previous[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    current[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t change = a[i - 1] == b[j - 1] ? 0 : 1;
      current[j] = std::min({previous[j] + 1, current[j - 1] + 1, previous[j - 1] + change});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        current[j] = std::min(current[j], before[j - 2] + 1);
      }
    }
    before = previous;
    std::swap(previous, current);
  }
  return previous[b.size()];
}

std::string_view Nearest(std::string_view word, std::span<const std::string_view> candidates) {
  std::string_view best;
  std::size_t least = 3;
  const std::string folded = NfkcCaseFold(word);
  for (const std::string_view candidate : candidates) {
    const std::size_t distance = EditDistance(folded, NfkcCaseFold(candidate));
    if (distance < least && distance * 2 < std::max<std::size_t>(candidate.size(), 1)) {
      least = distance;
      best = candidate;
    }
  }
  return best;
}

std::string DidYouMean(std::string_view word, std::span<const std::string_view> candidates) {
  constexpr std::size_t kLongestWord = 60;  // what is longer is no mistyped name
  if (word.size() > kLongestWord) return "";
  const std::string_view nearest = Nearest(word, candidates);
  return nearest.empty() ? "" : fmt::format(", did you mean {}?", Quoted(nearest));
}

std::string DidYouMean(std::string_view word, std::span<const std::string> candidates) {
  return DidYouMean(word, std::vector<std::string_view>(candidates.begin(), candidates.end()));
}

namespace {

bool IsPlainInJson(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte >= 0x20 && byte < 0x80 && c != '"' && c != '\\';
}

void AppendJsonEscape(std::string& out, char c) {
  constexpr std::string_view kEscaped = "\"\\\n\r\t\b\f";
  constexpr std::string_view kLetters = "\"\\nrtbf";
  if (const std::size_t at = kEscaped.find(c); at != std::string_view::npos) {
    out += '\\';
    out += kLetters[at];
  } else {
    fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<unsigned char>(c));
  }
}

}  // namespace

void AppendJsonString(std::string& out, std::string_view text) {
  out += '"';
  for (std::size_t i = 0; i < text.size();) {
    std::size_t plain = i;
    while (plain < text.size() && IsPlainInJson(text[plain])) ++plain;
    out.append(text, i, plain - i);
    i = plain;
    if (i == text.size()) break;
    if (static_cast<unsigned char>(text[i]) < 0x80) {
      AppendJsonEscape(out, text[i++]);
    } else if (const std::size_t length = Decode(text, i).length; length > 0) {
      out.append(text, i, length);
      i += length;
    } else {
      out += kReplacement;
      ++i;
    }
  }
  out += '"';
}

std::string JsonString(std::string_view text) {
  std::string out;
  AppendJsonString(out, text);
  return out;
}

std::optional<std::string> PercentDecode(std::string_view text) {
  const auto digit = [](char c) -> int {
    if (c >= '0' && c <= '9') return c - '0';
    const char lower = AsciiLower(c);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
  };
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i];
      continue;
    }
    if (i + 2 >= text.size()) return std::nullopt;
    const int high = digit(text[i + 1]);
    const int low = digit(text[i + 2]);
    if (high < 0 || low < 0) return std::nullopt;
    out += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return out;
}

std::string PercentEncode(std::string_view text, std::string_view also) {
  std::string out;
  for (const char c : text) {
    const char lower = AsciiLower(c);
    const bool plain = (lower >= 'a' && lower <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' ||
                       c == '~' || also.find(c) != std::string_view::npos;
    if (plain) {
      out += c;
    } else {
      fmt::format_to(std::back_inserter(out), "%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return out;
}

std::string Thousands(std::int64_t value) {
  std::string digits = fmt::format("{}", value);
  const std::size_t first = value < 0 ? 1 : 0;
  for (std::size_t at = digits.size(); at > first + 3;) {
    at -= 3;
    digits.insert(at, 1, ',');
  }
  return digits;
}

}  // namespace tidemill::base
