// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "tidemill/base/clock.h"
#include "tidemill/flow/observer.h"

namespace tidemill::flow {

std::string_view LevelName(LogLevel level);  // "WARNING"

// The text without characters that could steer a terminal: "\x1b" as its four characters. New lines become new lines
// with an indent; what is not UTF-8 is shown by its bytes.
std::string ForTerminal(std::string_view text);

// At most `columns` characters (not bytes).
std::string CutTo(std::string_view text, std::size_t columns);

std::string Clock24(base::Time time, std::chrono::minutes utc_offset);  // "12:00:01"
std::string Lasted(base::Duration duration);                            // "0.35 s", "12.3 s", "2 min 5 s"

// "[#####     ] 52 %", or "5,400" where the whole is not known.
std::string Bar(std::uint64_t done, std::uint64_t of);

}  // namespace tidemill::flow
