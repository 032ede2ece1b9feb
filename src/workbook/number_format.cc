// SPDX-License-Identifier: Apache-2.0
#include "number_format.h"

#include <algorithm>
#include <array>

#include "tidemill/base/ascii.h"

namespace tidemill::workbook {
namespace {

using Kind = FormatToken::Kind;

bool StartsWithNoCase(std::string_view text, std::string_view prefix) {
  return text.size() >= prefix.size() && std::equal(prefix.begin(), prefix.end(), text.begin(),
                                                    [](char a, char b) { return a == base::LowerAscii(b); });
}

bool IsTime(Kind kind) {
  return kind == Kind::kHour || kind == Kind::kElapsedHours || kind == Kind::kSecond || kind == Kind::kElapsedSeconds;
}

class FormatParser {
 public:
  explicit FormatParser(std::string_view format) : rest_(format) {}

  std::vector<FormatToken> Parse() {
    while (!rest_.empty() && rest_.front() != ';') Step();
    FindMinutes();
    return std::move(tokens_);
  }

 private:
  void Step() {
    const char c = base::LowerAscii(rest_.front());
    switch (c) {
      case '"':
        return Quoted();
      case '\\':
        return Escaped();
      case '_':
      case '*':
        rest_.remove_prefix(std::min<std::size_t>(2, rest_.size()));
        return;
      case '[':
        return Bracket();
      case 'y':
      case 'e':
      case 'b':
        return Year(c);
      case 'm':
        return Letters(Kind::kMonth, c);
      case 'd':
        return Letters(Kind::kDay, c);
      case 'h':
        return Letters(Kind::kHour, c);
      case 's':
        return Letters(Kind::kSecond, c);
      case '0':
      case '#':
      case '?':
        return Digits();
      case '%':
        return Take(Kind::kPercent, 1);
      case '@':
        return Take(Kind::kText, 1);
      default:
        return Word();
    }
  }

  void Take(Kind kind, std::size_t size) {
    tokens_.push_back(
        {.kind = kind, .count = static_cast<std::uint8_t>(std::min<std::size_t>(size, 255)), .literal = {}});
    rest_.remove_prefix(size);
  }

  void Literal(std::string_view text) {
    if (tokens_.empty() || tokens_.back().kind != Kind::kLiteral) tokens_.push_back({});
    tokens_.back().literal.append(text);
  }

  void Quoted() {
    const std::size_t end = std::min(rest_.find('"', 1), rest_.size());
    Literal(rest_.substr(1, end - 1));
    rest_.remove_prefix(std::min(end + 1, rest_.size()));
  }

  void Escaped() {
    // A whole UTF-8 character is escaped, not its first byte.
    std::size_t end = std::min<std::size_t>(2, rest_.size());
    while (end < rest_.size() && (static_cast<unsigned char>(rest_[end]) & 0xC0U) == 0x80U) ++end;
    Literal(rest_.substr(1, end - 1));
    rest_.remove_prefix(end);
  }

  // [h] and the like are elapsed time, [$£-809] shows its sign, anything else (colour, condition, locale) nothing.
  void Bracket() {
    const std::size_t end = std::min(rest_.find(']'), rest_.size());
    const std::string_view inside = rest_.substr(1, end - 1);
    const char first = inside.empty() ? '\0' : base::LowerAscii(inside.front());
    const bool uniform =
        std::all_of(inside.begin(), inside.end(), [&](char c) { return base::LowerAscii(c) == first; });
    const auto count = static_cast<std::uint8_t>(std::min<std::size_t>(inside.size(), 9));
    if (uniform && first == 'h') tokens_.push_back({.kind = Kind::kElapsedHours, .count = count, .literal = {}});
    if (uniform && first == 'm') tokens_.push_back({.kind = Kind::kElapsedMinutes, .count = count, .literal = {}});
    if (uniform && first == 's') tokens_.push_back({.kind = Kind::kElapsedSeconds, .count = count, .literal = {}});
    if (first == '$') Literal(inside.substr(1, std::min(inside.find('-'), inside.size()) - 1));
    rest_.remove_prefix(std::min(end + 1, rest_.size()));
  }

  void Letters(Kind kind, char letter) {
    std::size_t size = 0;
    while (size < rest_.size() && base::LowerAscii(rest_[size]) == letter) ++size;
    Take(kind, size);
  }

  // e is the year of an era, and the exponent after digits; b the Buddhist year.
  void Year(char letter) {
    const bool sign = rest_.size() > 1 && (rest_[1] == '+' || rest_[1] == '-');
    if (letter == 'e' && sign) {
      tokens_.push_back({.kind = Kind::kDigit, .count = 1, .literal = {}});
      rest_.remove_prefix(2);
      return;
    }
    Letters(Kind::kYear, letter);
  }

  // Digits right after "seconds, point" are the fraction of the second.
  void Digits() {
    std::size_t size = 0;
    while (size < rest_.size() && (rest_[size] == '0' || rest_[size] == '#' || rest_[size] == '?')) ++size;
    const bool after_point = !tokens_.empty() && tokens_.back().kind == Kind::kLiteral &&
                             (tokens_.back().literal == "." || tokens_.back().literal == ",");
    const bool fraction = after_point && tokens_.size() > 1 &&
                          (tokens_[tokens_.size() - 2].kind == Kind::kSecond ||
                           tokens_[tokens_.size() - 2].kind == Kind::kElapsedSeconds);
    Take(fraction ? Kind::kFraction : Kind::kDigit, size);
  }

  void Word() {
    if (StartsWithNoCase(rest_, "general")) return Take(Kind::kGeneral, 7);
    if (StartsWithNoCase(rest_, "am/pm")) return Take(Kind::kAmPm, 5);
    if (StartsWithNoCase(rest_, "a/p")) return Take(Kind::kAmPm, 3);
    if (base::LowerAscii(rest_.front()) == 'g') return rest_.remove_prefix(1);  // the era's name
    Literal(rest_.substr(0, 1));
    rest_.remove_prefix(1);
  }

  // m after hours or before seconds means minutes.
  void FindMinutes() {
    Kind before = Kind::kLiteral;
    for (std::size_t i = 0; i < tokens_.size(); ++i) {
      FormatToken& token = tokens_[i];
      if (token.kind == Kind::kLiteral || token.kind == Kind::kAmPm) continue;
      if (token.kind == Kind::kMonth && token.count <= 2) {
        std::size_t next = i + 1;
        while (next < tokens_.size() && tokens_[next].kind == Kind::kLiteral) ++next;
        const bool seconds_follow = next < tokens_.size() && tokens_[next].kind == Kind::kSecond;
        const bool hours_before = before == Kind::kHour || before == Kind::kElapsedHours;
        if (hours_before || seconds_follow) token.kind = Kind::kMinute;
      }
      before = token.kind;
    }
  }

  std::string_view rest_;
  std::vector<FormatToken> tokens_;
};

}  // namespace

std::vector<FormatToken> ParseNumberFormat(std::string_view format) {
  return FormatParser(format).Parse();
}

NumberClass Classify(const std::vector<FormatToken>& tokens) {
  std::array<bool, 16> has{};
  bool time = false;
  for (const FormatToken& token : tokens) {
    has[static_cast<std::size_t>(token.kind)] = true;
    time = time || IsTime(token.kind) || token.kind == Kind::kMinute;
  }
  const auto any = [&](Kind kind) { return has[static_cast<std::size_t>(kind)]; };
  if (any(Kind::kText)) return NumberClass::kText;
  if (any(Kind::kGeneral)) return NumberClass::kGeneral;
  if (any(Kind::kElapsedHours) || any(Kind::kElapsedMinutes) || any(Kind::kElapsedSeconds))
    return NumberClass::kElapsed;
  if (any(Kind::kPercent)) return NumberClass::kPercent;
  if (any(Kind::kDigit)) return NumberClass::kNumber;
  const bool year = any(Kind::kYear);
  const bool month = any(Kind::kMonth);
  const bool day = any(Kind::kDay);
  if (!year && !month && !day) return time ? NumberClass::kTime : NumberClass::kNumber;
  if (time) return NumberClass::kDateTime;
  if (day || !year) return NumberClass::kDate;
  return month ? NumberClass::kMonthYear : NumberClass::kYear;
}

NumberClass ClassifyNumberFormat(std::string_view format) {
  return format.empty() ? NumberClass::kGeneral : Classify(ParseNumberFormat(format));
}

std::string_view BuiltinNumberFormat(std::uint32_t id) {
  static constexpr std::array<std::string_view, 23> kFirst = {"General",
                                                              "0",
                                                              "0.00",
                                                              "#,##0",
                                                              "#,##0.00",
                                                              "$#,##0_);($#,##0)",
                                                              "$#,##0_);[Red]($#,##0)",
                                                              "$#,##0.00_);($#,##0.00)",
                                                              "$#,##0.00_);[Red]($#,##0.00)",
                                                              "0%",
                                                              "0.00%",
                                                              "0.00E+00",
                                                              "# ?/?",
                                                              "# ?\?/?\?",
                                                              "yyyy-mm-dd",
                                                              "d-mmm-yy",
                                                              "d-mmm",
                                                              "mmm-yy",
                                                              "h:mm AM/PM",
                                                              "h:mm:ss AM/PM",
                                                              "h:mm",
                                                              "h:mm:ss",
                                                              "yyyy-mm-dd h:mm"};
  static constexpr std::array<std::string_view, 13> kFrom37 = {"#,##0_);(#,##0)",
                                                               "#,##0_);[Red](#,##0)",
                                                               "#,##0.00_);(#,##0.00)",
                                                               "#,##0.00_);[Red](#,##0.00)",
                                                               "_(* #,##0_);_(* (#,##0)",
                                                               "_($* #,##0_);_($* (#,##0)",
                                                               "_(* #,##0.00_);_(* (#,##0.00)",
                                                               "_($* #,##0.00_);_($* (#,##0.00)",
                                                               "mm:ss",
                                                               "[h]:mm:ss",
                                                               "mm:ss.0",
                                                               "##0.0E+0",
                                                               "@"};
  if (id < kFirst.size()) return kFirst[id];
  if (id == 32 || id == 33) return "h:mm:ss";
  if ((id >= 27 && id <= 36) || (id >= 50 && id <= 58)) return "yyyy-mm-dd";
  if (id >= 37 && id - 37 < kFrom37.size()) return kFrom37[id - 37];
  return "General";
}

}  // namespace tidemill::workbook
