// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "tidemill/base/text.h"

// Pieces of TOML, as the lock file has them.
namespace tidemill::transform {

// A basic string. JSON's escapes are among TOML's.
inline std::string Toml(std::string_view text) {
  return base::JsonString(text);
}

inline std::string TomlList(const std::vector<std::string>& texts) {
  std::string list;
  for (const std::string& text : texts) list += (list.empty() ? "" : ", ") + Toml(text);
  return "[" + list + "]";
}

// A key, quoted where it is not bare.
inline std::string TomlKey(std::string_view key) {
  const bool bare = !key.empty() && std::ranges::all_of(key, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  });
  return bare ? std::string(key) : Toml(key);
}

}  // namespace tidemill::transform
