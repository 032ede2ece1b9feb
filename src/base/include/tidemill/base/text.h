// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tidemill::base {

bool IsValidUtf8(std::string_view text);
// Unicode NFKC; invalid bytes become U+FFFD first.
std::string Nfkc(std::string_view text);
// NFKC and case folding in one pass.
std::string NfkcCaseFold(std::string_view text);
// Unicode lower case.
std::string Lower(std::string_view text);
// True where the text has at least one letter with case, and none in lower case.
bool IsUpper(std::string_view text);

// White space here: ASCII white space, NBSP, and the Unicode space separators and line breaks.
std::string_view Trim(std::string_view text);
// Every run of white space becomes one blank; trimmed.
std::string CollapseSpace(std::string_view text);

std::vector<std::string_view> Split(std::string_view text, char separator);
std::string Join(const std::vector<std::string>& parts, std::string_view separator);

// The whole text as a number, or nothing. No white space, no sign `+`, no locale.
std::optional<std::int64_t> ParseInt(std::string_view text);
std::optional<double> ParseDouble(std::string_view text);
// The shortest text that reads back as the same double; whole numbers below 1e15 without a point.
std::string ShortestDouble(double value);

// Optimal-string-alignment distance, over bytes.
std::size_t EditDistance(std::string_view a, std::string_view b);
// The candidate nearest to `word`: distance at most 2 and less than half its length; case does not count. Empty if
// none.
std::string_view Nearest(std::string_view word, std::span<const std::string_view> candidates);
// ", did you mean 'year'?", for the end of a message about an unknown word: the nearest candidate. Nothing if none is
// near.
std::string DidYouMean(std::string_view word, std::span<const std::string_view> candidates);
std::string DidYouMean(std::string_view word, std::span<const std::string> candidates);

// Appends `text` as a JSON string, quotes included; invalid UTF-8 becomes U+FFFD, other non-ASCII stays as it is.
void AppendJsonString(std::string& out, std::string_view text);
std::string JsonString(std::string_view text);

// Percent-decoding; `+` is left alone. Nothing for a bad escape.
std::optional<std::string> PercentDecode(std::string_view text);
// Keeps A-Z a-z 0-9 - . _ ~ and the characters of `also`.
std::string PercentEncode(std::string_view text, std::string_view also = {});

// "1,234"
std::string Thousands(std::int64_t value);

}  // namespace tidemill::base
