// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tidemill::recipe {

// Normalise without trimming: white space at the ends becomes one blank. For the literal parts of patterns.
std::string NormaliseInner(std::string_view text);

bool IsDigit(char c);
bool IsAsciiLetter(char c);
// Letters, as far as words of patterns go: ASCII letters and every byte of a character beyond ASCII.
bool IsLetterByte(char c);

// The words and numbers of a normalised text: "table1a" gives "table", "1", "a".
std::vector<std::string_view> WordsAndNumbers(std::string_view normalised);

}  // namespace tidemill::recipe
