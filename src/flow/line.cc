// SPDX-License-Identifier: Apache-2.0
#include "line.h"

#include <algorithm>

#include <fmt/format.h>

namespace tidemill::flow {
namespace {

// How many bytes a well-formed UTF-8 character has at the start of `text`; 0 where there is none, or one of C1, which
// terminals obey as they obey escapes.
std::size_t CharacterLength(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const auto first = byte(0);
  const std::size_t length = first < 0x80   ? 1
                             : first < 0xC2 ? 0
                             : first < 0xE0 ? 2
                             : first < 0xF0 ? 3
                             : first < 0xF5 ? 4
                                            : 0;
  if (length == 0 || length > text.size() || first < 0x20 || first == 0x7F) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0U) != 0x80U) return 0;
  }
  return first == 0xC2 && byte(1) < 0xA0 ? 0 : length;
}

std::string WithCommas(std::uint64_t number) {
  const std::string digits = std::to_string(number);
  std::string out;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    if (i > 0 && (digits.size() - i) % 3 == 0) out += ',';
    out += digits[i];
  }
  return out;
}

}  // namespace

std::string_view LevelName(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug:
      return "DEBUG";
    case LogLevel::kInfo:
      return "INFO";
    case LogLevel::kWarning:
      return "WARNING";
    case LogLevel::kError:
      return "ERROR";
    case LogLevel::kCritical:
      return "CRITICAL";
  }
  return "LOG";
}

std::string ForTerminal(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    std::size_t length = CharacterLength(text);
    if (length > 0) {
      out.append(text.substr(0, length));
    } else if (text[0] == '\n') {
      out += "\n    ";
    } else if (text[0] == '\t') {
      out += ' ';
    } else {
      out += fmt::format("\\x{:02x}", static_cast<unsigned char>(text[0]));
    }
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return out;
}

std::string CutTo(std::string_view text, std::size_t columns) {
  std::size_t shown = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool starts_character = (static_cast<unsigned char>(text[i]) & 0xC0U) != 0x80U;
    if (starts_character && shown++ == columns) return std::string(text.substr(0, i));
  }
  return std::string(text);
}

std::string Clock24(base::Time time, std::chrono::minutes utc_offset) {
  const auto local = std::chrono::floor<std::chrono::seconds>(time + utc_offset);
  const auto of_day = local - std::chrono::floor<std::chrono::days>(local);
  const std::chrono::hh_mm_ss parts(of_day);
  return fmt::format("{:02}:{:02}:{:02}", parts.hours().count(), parts.minutes().count(), parts.seconds().count());
}

std::string Lasted(base::Duration duration) {
  const double seconds = std::max(0.0, std::chrono::duration<double>(duration).count());
  if (seconds < 10) return fmt::format("{:.2f} s", seconds);
  if (seconds < 60) return fmt::format("{:.1f} s", seconds);
  const auto whole = static_cast<std::int64_t>(seconds);
  return fmt::format("{} min {} s", whole / 60, whole % 60);
}

std::string Bar(std::uint64_t done, std::uint64_t of) {
  constexpr double kWidth = 20;
  if (of == 0) return WithCommas(done);
  const double part = std::min(1.0, static_cast<double>(done) / static_cast<double>(of));
  const auto filled = static_cast<std::size_t>(part * kWidth);
  return fmt::format("[{:<20}] {:>3} %", std::string(filled, '#'), static_cast<int>(part * 100));
}

}  // namespace tidemill::flow
