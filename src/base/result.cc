// SPDX-License-Identifier: Apache-2.0
#include "tidemill/base/result.h"

#include <array>

#include <fmt/format.h>

namespace tidemill::base {

const ErrorTraits& TraitsOf(ErrorCode code) {
  static constexpr std::array<ErrorTraits, 12> kTraits{{
      {"malformed", 400, 2, false},
      {"invalid", 422, 2, false},
      {"unauthenticated", 401, 8, false},
      {"forbidden", 403, 8, false},
      {"not-found", 404, 5, false},
      {"conflict", 409, 6, false},
      {"too-large", 413, 9, false},
      {"unsupported", 415, 9, false},
      {"cancelled", 499, 130, false},
      {"time-out", 504, 7, true},
      {"unavailable", 503, 7, true},
      {"internal", 500, 1, false},
  }};
  return kTraits[static_cast<std::size_t>(code)];
}

int ExitCodeOf(const Error& error) {
  switch (error.verdict) {
    case Verdict::kCheckFailed:
      return 3;
    case Verdict::kHeld:
      return 4;
    case Verdict::kNone:
      break;
  }
  return TraitsOf(error.code).exit_code;
}

std::string Error::ToText() const {
  return place.empty() ? message : place + ": " + message;
}

Error Error::While(std::string_view what) && {
  message = fmt::format("while {}: {}", what, message);
  return std::move(*this);
}

std::string Quoted(std::string_view value) {
  constexpr std::size_t kMost = 60;
  std::string out = "'";
  std::size_t shown = 0;
  for (std::size_t i = 0; i < value.size(); ++i) {
    const char c = value[i];
    const auto byte = static_cast<unsigned char>(c);
    const bool starts_character = (byte & 0xC0U) != 0x80U;
    if (starts_character && shown++ == kMost) {
      out += "…";
      break;
    }
    if (byte < 0x20 || byte == 0x7F) {
      out += fmt::format("\\x{:02x}", byte);
    } else {
      out += c;
    }
  }
  return out + "'";
}

}  // namespace tidemill::base
