// SPDX-License-Identifier: Apache-2.0
#include "pattern_tokens.h"

#include <algorithm>

#include "tidemill/base/text.h"

#include "normalise.h"

namespace tidemill::recipe {
namespace {

using base::ErrorCode;
using base::Fail;

constexpr std::size_t kLongest = 1000;

struct Parser {
  std::string_view text;
  std::size_t at = 0;
  TokenList list;
  std::string literal;

  void FlushLiteral() {
    if (literal.empty()) return;
    Token token;
    token.literal = {.raw = literal, .folded = NormaliseInner(literal)};
    list.tokens.push_back(std::move(token));
    literal.clear();
  }

  void Push(Token::Kind kind) {
    FlushLiteral();
    // Two stars say no more than one.
    if (kind == Token::Kind::kAny && !list.tokens.empty() && list.tokens.back().kind == kind) return;
    Token token;
    token.kind = kind;
    list.tokens.push_back(std::move(token));
  }
};

bool IsName(std::string_view name) {
  const auto allowed = [](char c) { return (c >= 'a' && c <= 'z') || IsDigit(c) || c == '_'; };
  return !name.empty() && IsAsciiLetter(name.front()) && std::all_of(name.begin(), name.end(), allowed);
}

base::Status SetKind(Token& token, std::string_view kind, std::size_t offset) {
  constexpr std::pair<std::string_view, CaptureKind> kNamed[] = {{"int", CaptureKind::kInt},
                                                                 {"year", CaptureKind::kYear},
                                                                 {"word", CaptureKind::kWord},
                                                                 {"date", CaptureKind::kDate},
                                                                 {"month", CaptureKind::kMonth}};
  for (const auto& [name, value] : kNamed) {
    if (kind == name) {
      token.capture = value;
      return {};
    }
  }
  std::vector<std::string_view> names;
  for (const auto& [name, value] : kNamed) names.push_back(name);
  if (const std::string meant = base::DidYouMean(kind, names); !meant.empty()) {
    return Fail(ErrorCode::kInvalid, "{} at byte {} is no kind of {{{}}}{}", base::Quoted(kind), offset, token.name,
                meant);
  }
  token.capture = CaptureKind::kOneOf;
  for (const std::string_view text : base::Split(kind, '|')) {
    if (text.empty()) return Fail(ErrorCode::kInvalid, "empty kind of {{{}}} at byte {}", token.name, offset);
    token.one_of.push_back({.raw = std::string(text), .folded = Normalise(text)});
  }
  return {};
}

base::Status ParseCapture(Parser& parser) {
  const std::size_t start = parser.at;
  const std::size_t end = parser.text.find('}', start);
  if (end == std::string_view::npos) return Fail(ErrorCode::kInvalid, "'{{' without '}}' at byte {}", start);
  const std::string_view inside = parser.text.substr(start + 1, end - start - 1);
  const std::size_t colon = inside.find(':');
  const std::string_view name = inside.substr(0, colon);
  if (!IsName(name)) {
    return Fail(ErrorCode::kInvalid, "{} at byte {} is no name of a capture ([a-z][a-z0-9_]*)", base::Quoted(name),
                start + 1);
  }
  parser.FlushLiteral();
  auto& tokens = parser.list.tokens;
  if (!tokens.empty() && tokens.back().kind == Token::Kind::kCapture) {
    return Fail(ErrorCode::kInvalid, "the captures '{}' and '{}' touch at byte {}", tokens.back().name, name, start);
  }
  if (std::any_of(tokens.begin(), tokens.end(), [&](const Token& token) { return token.name == name; })) {
    return Fail(ErrorCode::kInvalid, "the capture '{}' stands twice, again at byte {}", name, start);
  }
  Token token;
  token.kind = Token::Kind::kCapture;
  token.name = name;
  if (colon != std::string_view::npos) {
    TIDEMILL_CHECK(SetKind(token, inside.substr(colon + 1), start + 2 + colon));
  }
  tokens.push_back(std::move(token));
  parser.at = end + 1;
  return {};
}

base::Status ParseOne(Parser& parser) {
  const char c = parser.text[parser.at];
  if (c == '{') return ParseCapture(parser);
  if (c == '}') return Fail(ErrorCode::kInvalid, "'}}' without '{{' at byte {} (write \\}})", parser.at);
  ++parser.at;
  if (c == '*') {
    parser.Push(Token::Kind::kAny);
  } else if (c == '?') {
    parser.Push(Token::Kind::kOne);
  } else if (c == '#') {
    parser.Push(Token::Kind::kDigits);
  } else if (c != '\\') {
    parser.literal += c;
  } else if (parser.at == parser.text.size()) {
    return Fail(ErrorCode::kInvalid, "'\\' at the end, byte {}, with nothing after it", parser.at - 1);
  } else {
    parser.literal += parser.text[parser.at++];
  }
  return {};
}

// A normalised text has no blank at its ends, so a pattern must not ask for one.
void TrimEnds(std::vector<Token>& tokens) {
  const auto is_literal = [](const Token& token) { return token.kind == Token::Kind::kLiteral; };
  if (is_literal(tokens.front()) && tokens.front().literal.folded.starts_with(' ')) {
    tokens.front().literal.folded.erase(0, 1);
  }
  if (is_literal(tokens.back()) && tokens.back().literal.folded.ends_with(' ')) {
    tokens.back().literal.folded.pop_back();
  }
}

}  // namespace

base::Result<TokenList> ParsePattern(std::string_view text) {
  if (text.size() > kLongest) {
    return Fail(ErrorCode::kInvalid, "a pattern of {} bytes, at most {} are allowed", text.size(), kLongest);
  }
  if (!base::IsValidUtf8(text)) return Fail(ErrorCode::kInvalid, "{} is not UTF-8", base::Quoted(text));
  Parser parser;
  parser.text = text;
  if (text.starts_with('~')) {
    parser.list.fuzzy = true;
    parser.at = 1;
  }
  while (parser.at < text.size()) TIDEMILL_CHECK(ParseOne(parser));
  parser.FlushLiteral();
  auto& tokens = parser.list.tokens;
  if (tokens.empty()) return Fail(ErrorCode::kInvalid, "an empty pattern");
  TrimEnds(tokens);
  if (parser.list.fuzzy && std::none_of(tokens.begin(), tokens.end(), [](const Token& token) {
        return !WordsAndNumbers(token.literal.folded).empty();
      })) {
    return Fail(ErrorCode::kInvalid, "the fuzzy pattern {} has no word to look for", base::Quoted(text));
  }
  return std::move(parser.list);
}

}  // namespace tidemill::recipe
