// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "tidemill/base/clock.h"

namespace tidemill::base {

// The 128 random bits that a UUID is made of. Drawing them is the caller's.
struct RandomBits {
  std::uint64_t high = 0;
  std::uint64_t low = 0;
};

// RFC 9562: version 4 (all random) and version 7 (milliseconds since 1970 first, so ids sort by their time), as text in
// lower case with dashes.
std::string UuidV4(RandomBits bits);
std::string UuidV7(Time now, RandomBits bits);

}  // namespace tidemill::base
