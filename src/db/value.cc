// SPDX-License-Identifier: Apache-2.0
#include "tidemill/db/value.h"

namespace tidemill::db {

std::int64_t IntOf(const Value& value, std::int64_t otherwise) {
  if (const auto* number = std::get_if<std::int64_t>(&value)) return *number;
  if (const auto* number = std::get_if<double>(&value)) return static_cast<std::int64_t>(*number);
  return otherwise;
}

double DoubleOf(const Value& value, double otherwise) {
  if (const auto* number = std::get_if<double>(&value)) return *number;
  if (const auto* number = std::get_if<std::int64_t>(&value)) return static_cast<double>(*number);
  return otherwise;
}

const std::string& TextOf(const Value& value) {
  static const std::string kEmpty;
  const auto* text = std::get_if<std::string>(&value);
  return text != nullptr ? *text : kEmpty;
}

Value TextOrNull(std::string_view text) {
  return text.empty() ? Value() : Value(std::string(text));
}

Value OrNull(const std::optional<std::string>& text) {
  return text ? Value(*text) : Value();
}

}  // namespace tidemill::db
