// SPDX-License-Identifier: Apache-2.0
#include "tidemill/base/seal.h"

#include <gtest/gtest.h>

namespace tidemill::base {
namespace {

TEST(Seal, GivesBackWhatWasSealedAndNothingOfWhatWasChanged) {
  const std::string key = SecureRandom(kSealKeyBytes);
  ASSERT_EQ(key.size(), kSealKeyBytes);
  for (const std::string& plain : {std::string(), std::string("a\0b", 3), std::string(100'000, 'x')}) {
    auto sealed = Seal(key, plain);
    ASSERT_TRUE(sealed);
    EXPECT_NE(sealed, Seal(key, plain));
    EXPECT_EQ(Unseal(key, *sealed), plain);
    EXPECT_EQ(Unseal(SecureRandom(kSealKeyBytes), *sealed), std::nullopt);
    sealed->back() = sealed->back() == '0' ? '1' : '0';
    EXPECT_EQ(Unseal(key, *sealed), std::nullopt);
  }
}

TEST(Seal, RefusesOtherKeysAndTexts) {
  EXPECT_EQ(Seal("short", "x"), std::nullopt);
  const std::string key = SecureRandom(kSealKeyBytes);
  for (const char* text : {"", "00", "zz", "0"}) EXPECT_EQ(Unseal(key, text), std::nullopt);
}

}  // namespace
}  // namespace tidemill::base
