// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>

namespace tidemill::frame {

// The bits that numbers up to `greatest` need; at least one.
unsigned BitsFor(std::uint32_t greatest);

// One value `length` times.
void AppendRun(std::string& out, std::uint32_t value, std::size_t length, unsigned bits);

// Parquet's hybrid of runs and packed bits: eight and more equal values become a run, others are packed in groups of
// eight. Every value fits into `bits` (1 to 32).
void AppendRuns(std::string& out, std::span<const std::uint32_t> values, unsigned bits);

}  // namespace tidemill::frame
