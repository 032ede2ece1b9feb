// SPDX-License-Identifier: Apache-2.0
#include "tidemill/recipe/check.h"

#include <algorithm>

#include <fmt/format.h>

#include "tidemill/base/text.h"

#include "normalise.h"

namespace tidemill::recipe {
namespace {

using base::ErrorCode;
using base::Result;
using base::Status;

constexpr std::size_t kLongest = 4000;

bool IsBlank(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}
bool StartsCode(char c) {
  return IsAsciiLetter(c) || IsDigit(c) || c == '*';
}
bool InCode(char c) {
  return StartsCode(c) || c == '_' || c == ':' || c == '?';
}
bool IsDigits(std::string_view text) {
  return std::all_of(text.begin(), text.end(), IsDigit);
}
bool HasWildcard(std::string_view text) {
  return text.find_first_of("*?") != std::string_view::npos;
}

// A cursor over the text; words are cut as their place allows, for a period may hold a '-' and a code may not.
class Cursor {
 public:
  explicit Cursor(std::string_view text) : text_(text) {}

  void SkipBlanks() {
    while (at_ < text_.size() && IsBlank(text_[at_])) ++at_;
  }
  bool AtEnd() {
    SkipBlanks();
    return at_ == text_.size();
  }
  char Peek() {
    SkipBlanks();
    return at_ < text_.size() ? text_[at_] : '\0';
  }
  // A sign such as "<=".
  bool Take(std::string_view sign) {
    SkipBlanks();
    if (!text_.substr(at_).starts_with(sign)) return false;
    at_ += sign.size();
    return true;
  }
  // A whole word such as "except".
  bool TakeWord(std::string_view word) {
    const std::size_t before = Here();
    if (WordHere() != word) return false;
    at_ = before + word.size();
    return true;
  }
  std::string_view WordHere() {
    SkipBlanks();
    return While(InCode);
  }
  template <class Test>
  std::string_view TakeWhile(Test test) {
    SkipBlanks();
    const std::string_view word = While(test);
    at_ += word.size();
    return word;
  }
  std::size_t Here() {
    SkipBlanks();
    return at_;
  }
  void Back(std::size_t to) { at_ = to; }
  // Whether the sign at `at` has a blank on both sides.
  bool StandsApart(std::size_t at) const {
    return at > 0 && IsBlank(text_[at - 1]) && at + 1 < text_.size() && IsBlank(text_[at + 1]);
  }
  std::string_view text() const { return text_; }

  // "expected …" with the text and a caret below the place.
  tl::unexpected<base::Error> Expected(std::string_view what) { return ExpectedAt(Here(), what); }
  tl::unexpected<base::Error> ExpectedAt(std::size_t place, std::string_view what) const {
    std::string line(text_);
    std::replace_if(line.begin(), line.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; }, ' ');
    std::size_t characters = 0;  // a caret stands below characters, not bytes
    for (const char c : text_.substr(0, place)) characters += (static_cast<unsigned char>(c) & 0xC0U) != 0x80 ? 1U : 0U;
    return base::Fail(ErrorCode::kInvalid, "expected {} at column {}\n  {}\n  {:>{}}", what, characters + 1, line, '^',
                      characters + 1);
  }

 private:
  template <class Test>
  std::string_view While(Test test) const {
    std::size_t end = at_;
    while (end < text_.size() && test(text_[end])) ++end;
    return text_.substr(at_, end - at_);
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

constexpr std::string_view kWords[] = {"each", "it", "within", "rounded", "except", "because", "by"};
bool IsKeyword(std::string_view word) {
  return std::find(std::begin(kWords), std::end(kWords), word) != std::end(kWords);
}

Result<std::string> ParseQuoted(Cursor& cursor) {
  const std::size_t start = cursor.Here();
  if (!cursor.Take("'")) return cursor.Expected("a text in single quotes");
  const std::size_t end = cursor.text().find('\'', start + 1);
  if (end == std::string_view::npos) return cursor.ExpectedAt(start, "a closing quote for the one");
  cursor.Back(end + 1);
  const std::string_view inside = cursor.text().substr(start + 1, end - start - 1);
  if (base::Trim(inside).empty()) return cursor.ExpectedAt(start, "a text that is not empty");
  return std::string(inside);
}

Result<double> ParseNumber(Cursor& cursor, std::string_view what) {
  const std::size_t start = cursor.Here();
  const std::string_view word = cursor.TakeWhile([](char c) { return IsDigit(c) || c == '.'; });
  const auto number = word.empty() || !IsDigit(word.front()) ? std::nullopt : base::ParseDouble(word);
  if (!number) return cursor.ExpectedAt(start, what);
  return *number;
}

// An area of a list ("each", "sum"): a code with wildcards, or a text in quotes.
Result<Area> ParseArea(Cursor& cursor) {
  if (cursor.Peek() == '\'') {
    TIDEMILL_ASSIGN(auto text, ParseQuoted(cursor));
    return Area{.text = std::move(text), .quoted = true};
  }
  const std::size_t start = cursor.Here();
  if (!StartsCode(cursor.Peek())) return cursor.Expected("a code or a text in single quotes");
  std::string_view word = cursor.TakeWhile(InCode);
  if (word.ends_with(':')) {  // the colon that ends "each"
    word.remove_suffix(1);
    cursor.Back(start + word.size());
  }
  if (IsKeyword(word)) return cursor.ExpectedAt(start, "a code or a text in single quotes");
  if (IsDigits(word)) return cursor.ExpectedAt(start, "a code in quotes, for a word of digits alone is a number,");
  return Area{.text = std::string(word)};
}

Result<std::vector<Area>> ParseAreasUntil(Cursor& cursor, char end) {
  std::vector<Area> areas;
  while (areas.empty() || cursor.Peek() != end) {
    if (cursor.AtEnd()) return cursor.Expected(fmt::format("'{}'", end));
    TIDEMILL_ASSIGN(auto area, ParseArea(cursor));
    areas.push_back(std::move(area));
  }
  return areas;
}

Result<Term> ParseSum(Cursor& cursor) {
  Term term;
  if (cursor.TakeWord("children")) {
    term.kind = Term::Kind::kSumOfChildren;
  } else if (cursor.TakeWord("others")) {
    term.kind = Term::Kind::kSumOfOthers;
  } else {
    term.kind = Term::Kind::kSumOfAreas;
    TIDEMILL_ASSIGN(term.areas, ParseAreasUntil(cursor, ')'));
  }
  if (!cursor.Take(")")) return cursor.Expected("')'");
  return term;
}

Result<Term> ParseTerm(Cursor& cursor, bool each) {
  const std::size_t start = cursor.Here();
  const std::string_view word = cursor.WordHere();
  if (word == "sum") {
    cursor.TakeWord("sum");
    if (!cursor.Take("(")) return cursor.Expected("'(' after 'sum'");
    TIDEMILL_ASSIGN(auto term, ParseSum(cursor));
    if (term.kind == Term::Kind::kSumOfChildren && !each) {
      return cursor.ExpectedAt(start, "'each' before a check that speaks of children");
    }
    return term;
  }
  Term term;
  if (word == "it") {
    if (!each) return cursor.ExpectedAt(start, "'each' before a check that speaks of 'it'");
    cursor.TakeWord("it");
    term.kind = Term::Kind::kIt;
    return term;
  }
  if (!word.empty() && IsDigits(word)) {
    term.kind = Term::Kind::kNumber;
    TIDEMILL_ASSIGN(term.number, ParseNumber(cursor, "a number"));
    return term;
  }
  if (cursor.AtEnd()) return cursor.Expected("a code, a text in single quotes, sum(…) or a number");
  TIDEMILL_ASSIGN(auto area, ParseArea(cursor));
  if (!area.quoted && HasWildcard(area.text)) {
    return cursor.ExpectedAt(start, "one row; several rows are added by sum(…),");
  }
  term.areas.push_back(std::move(area));
  return term;
}

Result<std::vector<Term>> ParseSide(Cursor& cursor, bool each) {
  std::vector<Term> terms;
  bool negative = false;
  while (true) {
    TIDEMILL_ASSIGN(auto term, ParseTerm(cursor, each));
    term.negative = negative;
    terms.push_back(std::move(term));
    if (cursor.Take("+")) {
      negative = false;
    } else if (const std::size_t minus = cursor.Here(); cursor.Take("-")) {
      // "ons-snac:20UB" is no difference, and must not be read as one.
      if (!cursor.StandsApart(minus)) return cursor.ExpectedAt(minus, "blanks around '-', or the code in quotes,");
      negative = true;
    } else {
      return terms;
    }
  }
}

Status ParseTolerance(Cursor& cursor, SumCheck& check) {
  if (cursor.TakeWord("within")) {
    TIDEMILL_ASSIGN(check.within, ParseNumber(cursor, "a number after 'within'"));
    check.within_percent = cursor.Take("%");
  } else if (cursor.TakeWord("rounded")) {
    if (!cursor.TakeWord("to")) return cursor.Expected("'to' after 'rounded'");
    const std::size_t start = cursor.Here();
    TIDEMILL_ASSIGN(check.rounded_to, ParseNumber(cursor, "a number after 'rounded to'"));
    if (*check.rounded_to <= 0) return cursor.ExpectedAt(start, "a number above 0");
  }
  return {};
}

Result<Exception> ParseException(Cursor& cursor) {
  const std::size_t start = cursor.Here();
  const std::string_view word = cursor.TakeWhile([](char c) { return IsDigit(c) || IsAsciiLetter(c) || c == '-'; });
  const auto period = base::ParsePeriod(word);
  if (!period) return cursor.ExpectedAt(start, "a period such as 2018, 2018-Q1 or 2018-01");
  Exception exception{.period = *period, .by = std::nullopt};
  if (!cursor.TakeWord("by")) return exception;
  const bool negative = cursor.Take("-");
  TIDEMILL_ASSIGN(const double by, ParseNumber(cursor, "a number after 'by'"));
  exception.by = negative ? -by : by;
  return exception;
}

Status ParseExceptions(Cursor& cursor, SumCheck& check) {
  if (!cursor.TakeWord("except")) return {};
  do {
    const std::size_t start = cursor.Here();
    TIDEMILL_ASSIGN(auto exception, ParseException(cursor));
    const bool again = std::any_of(check.exceptions.begin(), check.exceptions.end(),
                                   [&](const Exception& other) { return other.period == exception.period; });
    if (again) return cursor.ExpectedAt(start, "each period once");
    check.exceptions.push_back(exception);
  } while (cursor.Take(","));
  return {};
}

Status ParseRelation(Cursor& cursor, SumCheck& check) {
  if (cursor.Take("<=")) {
    check.relation = SumCheck::Relation::kAtMost;
  } else if (cursor.Take(">=")) {
    check.relation = SumCheck::Relation::kAtLeast;
  } else if (!cursor.Take("=")) {
    return cursor.Expected("'+', '-', '=', '<=' or '>='");
  }
  return {};
}

bool Speaks(const SumCheck& check, bool (*test)(const Term&)) {
  return std::any_of(check.left.begin(), check.left.end(), test) ||
         std::any_of(check.right.begin(), check.right.end(), test);
}

Status CheckMeaning(const Cursor& cursor, const SumCheck& check) {
  if (!Speaks(check, [](const Term& term) { return term.kind != Term::Kind::kNumber; })) {
    return cursor.ExpectedAt(0, "at least one row in the check");
  }
  if (!check.each.empty() && !Speaks(check, [](const Term& term) {
        return term.kind == Term::Kind::kIt || term.kind == Term::Kind::kSumOfChildren;
      })) {
    return cursor.ExpectedAt(0, "'it' or 'children' in a check that begins with 'each'");
  }
  return {};
}

}  // namespace

Result<SumCheck> ParseSumCheck(std::string_view text) {
  if (text.size() > kLongest) {
    return base::Fail(ErrorCode::kInvalid, "a check of {} bytes, at most {} are allowed", text.size(), kLongest);
  }
  if (!base::IsValidUtf8(text)) return base::Fail(ErrorCode::kInvalid, "{} is not UTF-8", base::Quoted(text));
  Cursor cursor(text);
  SumCheck check;
  check.text = text;
  if (cursor.TakeWord("each")) {
    TIDEMILL_ASSIGN(check.each, ParseAreasUntil(cursor, ':'));
    cursor.Take(":");
  }
  TIDEMILL_ASSIGN(check.left, ParseSide(cursor, !check.each.empty()));
  TIDEMILL_CHECK(ParseRelation(cursor, check));
  TIDEMILL_ASSIGN(check.right, ParseSide(cursor, !check.each.empty()));
  TIDEMILL_CHECK(ParseTolerance(cursor, check));
  TIDEMILL_CHECK(ParseExceptions(cursor, check));
  if (cursor.TakeWord("because")) {
    TIDEMILL_ASSIGN(check.because, ParseQuoted(cursor));
  }
  if (!cursor.AtEnd()) return cursor.Expected("'+', '-', 'within', 'rounded to', 'except', 'because' or the end");
  TIDEMILL_CHECK(CheckMeaning(cursor, check));
  return check;
}

}  // namespace tidemill::recipe
