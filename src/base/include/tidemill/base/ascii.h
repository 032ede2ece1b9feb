// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

// Letters and digits of ASCII alone, whatever the locale; bytes of others are what they were.
namespace tidemill::base {

constexpr bool IsDigit(char c) {
  return c >= '0' && c <= '9';
}
constexpr char LowerAscii(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}
inline std::string LowerAscii(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) c = LowerAscii(c);
  return lower;
}

}  // namespace tidemill::base
