// SPDX-License-Identifier: Apache-2.0
#include "tidemill/base/uuid.h"

#include <gtest/gtest.h>

namespace tidemill::base {
namespace {

TEST(Uuid, MarksVersionFourAndTheVariant) {
  EXPECT_EQ(UuidV4({.high = 0, .low = 0}), "00000000-0000-4000-8000-000000000000");
  EXPECT_EQ(UuidV4({.high = ~0ULL, .low = ~0ULL}), "ffffffff-ffff-4fff-bfff-ffffffffffff");
}

TEST(Uuid, KeepsAllOtherRandomBits) {
  EXPECT_EQ(UuidV4({.high = 0x0123456789abcdefULL, .low = 0x0123456789abcdefULL}),
            "01234567-89ab-4def-8123-456789abcdef");
}

TEST(Uuid, PutsTheMillisecondsFirstInVersionSeven) {
  // The example of RFC 9562, appendix A.6.
  const Time time{std::chrono::milliseconds(0x017F22E279B0)};
  EXPECT_EQ(UuidV7(time, {.high = 0xCC3, .low = 0x18C4DC0C0C07398FULL}), "017f22e2-79b0-7cc3-98c4-dc0c0c07398f");
}

TEST(Uuid, SortsVersionSevenByTime) {
  const Time time{std::chrono::milliseconds(1'700'000'000'000)};
  EXPECT_LT(UuidV7(time, {.high = ~0ULL, .low = ~0ULL}), UuidV7(time + std::chrono::milliseconds(1), {}));
}

}  // namespace
}  // namespace tidemill::base
