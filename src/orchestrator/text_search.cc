// SPDX-License-Identifier: Apache-2.0
#include "text_search.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "tidemill/base/text.h"

#include "filter.h"

namespace tidemill::orchestrator {
namespace {

constexpr std::size_t kMostQueryLetters = 200;
constexpr std::string_view kBlank = " \t\r\n\f\v";

struct Words {
  std::vector<std::string> any, all, none;
};

// What stands in quotes from `at`, which is behind the first of them and comes to lie behind the last; \" and \\ are a
// quote and a backslash.
std::string QuotedWords(std::string_view query, std::size_t& at) {
  std::string words;
  for (; at < query.size() && query[at] != '"'; ++at) {
    const bool escaped = query[at] == '\\' && at + 1 < query.size() && (query[at + 1] == '"' || query[at + 1] == '\\');
    if (escaped) ++at;
    words += query[at];
  }
  ++at;
  return words;
}

Words ReadWords(std::string_view query) {
  Words words;
  for (std::size_t at = 0; (at = query.find_first_not_of(kBlank, at)) < query.size();) {
    const char sign = std::string_view("-!+").find(query[at]) != std::string_view::npos ? query[at++] : '\0';
    if (at == query.size() || kBlank.find(query[at]) != std::string_view::npos) continue;  // a sign by itself
    std::string word;
    if (query[at] == '"') {
      word = QuotedWords(query, ++at);
    } else {
      const std::size_t end = std::min(query.find_first_of(" \t\r\n\f\v\"", at), query.size());
      word = query.substr(at, end - at);
      at = end;
    }
    if (base::Trim(word).empty()) continue;
    (sign == '\0' ? words.any : sign == '+' ? words.all : words.none).push_back(std::move(word));
  }
  return words;
}

}  // namespace

Outcome<void> AddTextSearch(const json::object& filter, std::string_view sql, Selection& selection) {
  const json::object* text = FindObject(filter, "text");
  if (text == nullptr) return {};
  Members members(*text);
  const std::string query = members.RequiredText("query");
  TIDEMILL_CHECK(members.Check());
  const auto letters = std::count_if(query.begin(), query.end(), [](char c) { return (c & 0xC0) != 0x80; });
  if (static_cast<std::size_t>(letters) > kMostQueryLetters)
    return RefuseMember("text.query", "200 letters at most were expected");
  const auto holds = [&](const std::string& word) {
    return fmt::format("instr(lower({}), lower({})) > 0", sql, Mark(selection, word));
  };
  const Words words = ReadWords(query);
  std::vector<std::string> any;
  for (const std::string& word : words.any) any.push_back(holds(word));
  if (!any.empty()) selection.where += " AND (" + base::Join(any, " OR ") + ")";
  for (const std::string& word : words.all) selection.where += " AND " + holds(word);
  for (const std::string& word : words.none) selection.where += " AND NOT " + holds(word);
  return {};
}

}  // namespace tidemill::orchestrator
