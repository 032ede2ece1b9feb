// SPDX-License-Identifier: Apache-2.0
#include "tidemill/base/signature.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tidemill/base/sha256.h"

namespace tidemill::base {
namespace {

TEST(Signature, HmacIsThatOfRfc4231) {
  EXPECT_EQ(ToHex(HmacSha256("Jefe", "what do ya want for nothing?")),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_EQ(ToHex(HmacSha256(std::string(20, '\x0b'), "Hi There")),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
}

TEST(Signature, CrcIsThatOfRfc3720) {
  EXPECT_EQ(ToHex(Crc32c("123456789")), "e3069283");
  EXPECT_EQ(ToHex(Crc32c(std::string(32, '\0'))), "8a9136aa");
  EXPECT_EQ(ToHex(Crc32c("")), "00000000");
}

TEST(Signature, Base64IsThatOfRfc4648) {
  EXPECT_EQ(Base64(""), "");
  EXPECT_EQ(Base64("f"), "Zg==");
  EXPECT_EQ(Base64("fo"), "Zm8=");
  EXPECT_EQ(Base64("foobar"), "Zm9vYmFy");
  EXPECT_EQ(Base64("\xfb\xff"), "+/8=");
  EXPECT_EQ(Base64Url("\xfb\xff"), "-_8");
}

TEST(Signature, ABadKeyIsRefusedWithoutBeingShown) {
  const auto signature = SignRs256("-----BEGIN PRIVATE KEY-----\nhush\n-----END PRIVATE KEY-----\n", "text");
  ASSERT_FALSE(signature.has_value());
  EXPECT_EQ(signature.error().code, ErrorCode::kInvalid);
  EXPECT_THAT(signature.error().ToText(), testing::Not(testing::HasSubstr("hush")));
}

}  // namespace
}  // namespace tidemill::base
