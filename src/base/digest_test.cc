// SPDX-License-Identifier: Apache-2.0
#include "tidemill/base/digest.h"

#include <gtest/gtest.h>

#include "tidemill/base/sha256.h"

namespace tidemill::base {
namespace {

std::string Bytes(std::string_view hex) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    bytes.push_back(static_cast<char>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16)));
  }
  return bytes;
}

TEST(Hasher, GivesTheDigestsOfTheStandards) {
  EXPECT_EQ(ToHex(Hasher(DigestKind::kMd5).Hash("abc")), "900150983cd24fb0d6963f7d28e17f72");
  EXPECT_EQ(ToHex(Hasher(DigestKind::kSha1).Hash("abc")), "a9993e364706816aba3e25717850c26c9cd0d89d");
  EXPECT_EQ(ToHex(Hasher(DigestKind::kSha256).Hash("abc")), Sha256Hex("abc"));
  EXPECT_EQ(Hasher(DigestKind::kSha384).Hash("abc").size(), 48U);
  EXPECT_EQ(ToHex(Hasher(DigestKind::kSha512).Hash("abc")).substr(0, 16), "ddaf35a193617aba");
}

TEST(Hasher, IsUsedAgainAndJoinsTwoTexts) {
  Hasher hasher(DigestKind::kSha1);
  const std::string once = hasher.Hash("abc");
  EXPECT_EQ(hasher.Hash("ab", "c"), once);
  EXPECT_NE(hasher.Hash("abd"), once);
}

// FIPS 197, appendix C.
TEST(DecryptAes, GivesThePlainTextOfTheStandard) {
  const std::string plain = Bytes("00112233445566778899aabbccddeeff");
  const std::string key = Bytes("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f");
  EXPECT_EQ(DecryptAes(AesMode::kEcb, key.substr(0, 16), {}, Bytes("69c4e0d86a7b0430d8cdb78070b4c55a")), plain);
  EXPECT_EQ(DecryptAes(AesMode::kEcb, key.substr(0, 24), {}, Bytes("dda97ca4864cdfe06eaf70a0ec0d7191")), plain);
  EXPECT_EQ(DecryptAes(AesMode::kEcb, key, {}, Bytes("8ea2b7ca516745bfeafc49904b496089")), plain);
  // One block after a vector of zeros is the same in both modes.
  EXPECT_EQ(DecryptAes(AesMode::kCbc, key, std::string(16, '\0'), Bytes("8ea2b7ca516745bfeafc49904b496089") + "rest"),
            plain);
}

TEST(DecryptAes, RefusesOtherSizes) {
  EXPECT_FALSE(DecryptAes(AesMode::kEcb, "short", {}, std::string(16, 'x')).has_value());
  EXPECT_FALSE(DecryptAes(AesMode::kCbc, std::string(16, 'k'), "short", std::string(16, 'x')).has_value());
}

}  // namespace
}  // namespace tidemill::base
