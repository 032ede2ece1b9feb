// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace tidemill::db {

// What SQLite keeps: nothing, a whole number, a double, a text (UTF-8).
using Value = std::variant<std::monostate, std::int64_t, double, std::string>;

inline bool IsNull(const Value& value) {
  return value.index() == 0;
}
// The number, or `otherwise` where the value is none.
std::int64_t IntOf(const Value& value, std::int64_t otherwise = 0);
double DoubleOf(const Value& value, double otherwise = 0);
// The text, or empty.
const std::string& TextOf(const Value& value);
// A text, or nothing where it is empty.
Value TextOrNull(std::string_view text);
// A text, or nothing where there is none.
Value OrNull(const std::optional<std::string>& text);

using Row = std::vector<Value>;
using Rows = std::vector<Row>;

}  // namespace tidemill::db
