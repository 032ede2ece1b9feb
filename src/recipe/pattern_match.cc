// SPDX-License-Identifier: Apache-2.0
// Patterns are matched by a table of "can the rest match from here", filled from the end, and one walk from the start
// that takes the shortest way the table allows. That is what an expression with lazy repeats would find, without its
// cost to construct, and a name that is bound simply becomes a literal.
#include <algorithm>

#include "tidemill/base/date.h"
#include "tidemill/base/text.h"

#include "normalise.h"
#include "pattern_tokens.h"

namespace tidemill::recipe {
namespace {

struct Step {  // a token with its literal settled
  const Token* token = nullptr;
  std::string_view literal;
  bool is_literal = false;
};

struct Subject {
  std::string_view text;
  MatchMode mode = MatchMode::kText;
};

char FoldedAscii(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool LiteralAt(const Subject& subject, std::size_t at, std::string_view literal) {
  if (literal.size() > subject.text.size() - at) return false;
  const std::string_view part = subject.text.substr(at, literal.size());
  if (subject.mode == MatchMode::kText) return part == literal;
  return std::equal(part.begin(), part.end(), literal.begin(),
                    [](char a, char b) { return FoldedAscii(a) == FoldedAscii(b); });
}

// Bytes of the character at `at`, which is inside the text.
std::size_t CharacterLength(std::string_view text, std::size_t at) {
  std::size_t length = 1;
  if (static_cast<unsigned char>(text[at]) < 0xC0) return length;
  while (length < 4 && at + length < text.size() && (static_cast<unsigned char>(text[at + length]) & 0xC0U) == 0x80) {
    ++length;
  }
  return length;
}

bool AllDigits(std::string_view text, std::size_t at, std::size_t count) {
  if (count > text.size() - at) return false;
  const std::string_view part = text.substr(at, count);
  return std::all_of(part.begin(), part.end(), IsDigit);
}

bool YearAt(std::string_view text, std::size_t at) {
  return AllDigits(text, at, 4) && text.substr(at, 4) >= "1800" && text.substr(at, 4) <= "2199";
}

// The end of the name of a month at `at`, or `at` itself.
std::size_t MonthNameEnd(std::string_view text, std::size_t at) {
  std::size_t end = at;
  while (end < text.size() && IsLetterByte(text[end])) ++end;
  return end > at && base::MonthFromName(text.substr(at, end - at)) != 0 ? end : at;
}

void MonthEnds(std::string_view text, std::size_t at, std::vector<std::size_t>& ends) {
  if (YearAt(text, at) && LiteralAt({.text = text}, at + 4, "-") && AllDigits(text, at + 5, 2) &&
      text.substr(at + 5, 2) >= "01" && text.substr(at + 5, 2) <= "12") {
    ends.push_back(at + 7);
  }
  const std::size_t name = MonthNameEnd(text, at);
  if (name == at) return;
  ends.push_back(name);
  if (name == text.size()) return;
  if (text[name] == '-' && AllDigits(text, name + 1, 2)) ends.push_back(name + 3);
  if (text[name] == ' ' && YearAt(text, name + 1)) ends.push_back(name + 5);
}

void DateEnds(std::string_view text, std::size_t at, std::vector<std::size_t>& ends) {
  if (base::ParseDate(text.substr(at, 10))) ends.push_back(at + 10);
  std::size_t day = at;
  while (day < text.size() && day < at + 2 && IsDigit(text[day])) ++day;
  if (day == at || day == text.size() || text[day] != ' ') return;
  const int number = std::stoi(std::string(text.substr(at, day - at)));
  const std::size_t name = MonthNameEnd(text, day + 1);
  if (number < 1 || number > 31 || name == day + 1 || name == text.size() || text[name] != ' ') return;
  if (YearAt(text, name + 1)) ends.push_back(name + 5);
}

bool IsRun(const Step& step) {
  if (step.is_literal) return false;
  const Token& token = *step.token;
  if (token.kind != Token::Kind::kCapture) return token.kind != Token::Kind::kOne;
  return token.capture == CaptureKind::kText || token.capture == CaptureKind::kInt ||
         token.capture == CaptureKind::kWord;
}

bool RunTakes(const Token& token, const Subject& subject, std::size_t at) {
  const char c = subject.text[at];
  if (token.kind == Token::Kind::kAny) return true;
  if (token.kind == Token::Kind::kDigits || token.capture == CaptureKind::kInt) return IsDigit(c);
  if (token.capture == CaptureKind::kWord) return IsDigit(c) || IsLetterByte(c) || c == '_' || c == '-';
  return subject.mode == MatchMode::kText || c != '/';
}

// Where a token that is no run may end, best first.
void Ends(const Step& step, const Subject& subject, std::size_t at, std::vector<std::size_t>& ends) {
  ends.clear();
  if (step.is_literal) {
    if (LiteralAt(subject, at, step.literal)) ends.push_back(at + step.literal.size());
  } else if (step.token->kind == Token::Kind::kOne) {
    if (at < subject.text.size()) ends.push_back(at + CharacterLength(subject.text, at));
  } else if (step.token->capture == CaptureKind::kYear) {
    if (YearAt(subject.text, at)) ends.push_back(at + 4);
  } else if (step.token->capture == CaptureKind::kDate) {
    DateEnds(subject.text, at, ends);
  } else if (step.token->capture == CaptureKind::kMonth) {
    MonthEnds(subject.text, at, ends);
  } else {
    for (const Literal& literal : step.token->one_of) {
      const std::string& form = subject.mode == MatchMode::kText ? literal.folded : literal.raw;
      if (LiteralAt(subject, at, form)) ends.push_back(at + form.size());
    }
  }
}

class Table {
 public:
  Table(const std::vector<Step>& steps, const Subject& subject)
      : steps_(steps), subject_(subject), width_(subject.text.size() + 1), can_((steps.size() + 1) * width_, 0) {
    can_.back() = 1;
    for (std::size_t t = steps.size(); t-- > 0;) IsRun(steps[t]) ? FillRun(t) : FillEnds(t);
  }

  bool Can(std::size_t token, std::size_t at) const { return can_[token * width_ + at] != 0; }

  // The end of token `t` at `at`, where Can(t, at).
  std::size_t EndOf(std::size_t t, std::size_t at) const {
    if (IsRun(steps_[t])) {
      std::size_t end = at;
      if (steps_[t].token->kind != Token::Kind::kAny) end += CharacterLength(subject_.text, end);
      while (!Can(t + 1, end)) end += CharacterLength(subject_.text, end);
      return end;
    }
    std::vector<std::size_t> ends;
    Ends(steps_[t], subject_, at, ends);
    return *std::find_if(ends.begin(), ends.end(), [&](std::size_t end) { return Can(t + 1, end); });
  }

 private:
  void FillRun(std::size_t t) {
    const Token& token = *steps_[t].token;
    const std::size_t n = subject_.text.size();
    std::vector<char> run(width_, 0);  // one character or more from here
    for (std::size_t at = n + 1; at-- > 0;) {
      if (at < n && RunTakes(token, subject_, at)) {
        const std::size_t next = at + CharacterLength(subject_.text, at);
        run[at] = Can(t + 1, next) || run[next] != 0 ? 1 : 0;
      }
      const bool empty = token.kind == Token::Kind::kAny && Can(t + 1, at);
      can_[t * width_ + at] = run[at] != 0 || empty ? 1 : 0;
    }
  }

  void FillEnds(std::size_t t) {
    std::vector<std::size_t> ends;
    for (std::size_t at = 0; at < width_; ++at) {
      Ends(steps_[t], subject_, at, ends);
      can_[t * width_ + at] =
          std::any_of(ends.begin(), ends.end(), [&](std::size_t end) { return Can(t + 1, end); }) ? 1 : 0;
    }
  }

  const std::vector<Step>& steps_;
  const Subject& subject_;
  std::size_t width_;
  std::vector<char> can_;
};

// Spares the table for most texts that do not match.
bool MayMatch(const std::vector<Step>& steps, const Subject& subject) {
  if (steps.front().is_literal && !LiteralAt(subject, 0, steps.front().literal)) return false;
  const Step& last = steps.back();
  if (!last.is_literal) return true;
  return last.literal.size() <= subject.text.size() &&
         LiteralAt(subject, subject.text.size() - last.literal.size(), last.literal);
}

}  // namespace

std::optional<Captures> MatchTokens(const std::vector<Token>& tokens, std::string_view text, MatchMode mode,
                                    const Captures& bound) {
  const Subject subject{.text = text, .mode = mode};
  std::vector<std::string> values;  // bound ones, in the form of the text
  values.reserve(tokens.size());
  std::vector<Step> steps;
  steps.reserve(tokens.size());
  for (const Token& token : tokens) {
    Step step{.token = &token, .literal = {}};
    const auto known = token.kind == Token::Kind::kCapture ? bound.find(token.name) : bound.end();
    if (token.kind == Token::Kind::kLiteral) {
      step.is_literal = true;
      step.literal = mode == MatchMode::kText ? token.literal.folded : token.literal.raw;
    } else if (known != bound.end()) {
      values.push_back(mode == MatchMode::kText ? NormaliseInner(known->second) : known->second);
      step.is_literal = true;
      step.literal = values.back();
    }
    steps.push_back(step);
  }
  if (!MayMatch(steps, subject)) return std::nullopt;
  if (steps.size() == 1 && steps.front().is_literal && steps.front().literal.size() != text.size()) return std::nullopt;
  const Table table(steps, subject);
  if (!table.Can(0, 0)) return std::nullopt;
  Captures captures;
  std::size_t at = 0;
  for (std::size_t t = 0; t < steps.size(); ++t) {
    const std::size_t end = table.EndOf(t, at);
    if (tokens[t].kind == Token::Kind::kCapture) captures[tokens[t].name] = text.substr(at, end - at);
    at = end;
  }
  return captures;
}

}  // namespace tidemill::recipe
