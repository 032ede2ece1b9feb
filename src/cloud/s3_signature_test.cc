// SPDX-License-Identifier: Apache-2.0
#include "s3_signature.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tidemill/base/date.h"

namespace tidemill::cloud {
namespace {

const S3Key kExampleKey{.id = "AKIAIOSFODNN7EXAMPLE", .secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"};

std::string SignatureOf(http::ClientRequest request, const S3Key& key = kExampleKey) {
  SignS3(request, key, "us-east-1", base::ParseRfc3339("2013-05-24T00:00:00Z").value());
  const std::string_view line = http::HeaderValue(request.headers, "Authorization");
  return std::string(line.substr(line.find("Signature=") + 10));
}

// The examples of Amazon's documentation, "Signature Calculations for the Authorization Header".
TEST(S3Signature, IsThatOfTheDocumentedGet) {
  EXPECT_EQ(
      SignatureOf({.url = "https://examplebucket.s3.amazonaws.com/test.txt", .headers = {{"Range", "bytes=0-9"}}}),
      "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41");
}

TEST(S3Signature, IsThatOfTheDocumentedPut) {
  EXPECT_EQ(SignatureOf(
                {.method = "PUT",
                 .url = "https://examplebucket.s3.amazonaws.com/test%24file.text",
                 .headers = {{"Date", "Fri, 24 May 2013 00:00:00 GMT"}, {"x-amz-storage-class", "REDUCED_REDUNDANCY"}},
                 .body = "Welcome to Amazon S3."}),
            "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd");
}

TEST(S3Signature, IsThatOfTheDocumentedQueries) {
  EXPECT_EQ(SignatureOf({.url = "https://examplebucket.s3.amazonaws.com/?lifecycle"}),
            "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543");
  EXPECT_EQ(SignatureOf({.url = "https://examplebucket.s3.amazonaws.com/?prefix=J&max-keys=2"}),
            "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7");
}

TEST(S3Signature, CoversTheSessionToken) {
  http::ClientRequest request{.url = "https://b.s3.amazonaws.com/a"};
  SignS3(request, {.id = "id", .secret = "hush", .session_token = "token"}, "eu-west-2", base::Time{});
  EXPECT_THAT(http::HeaderValue(request.headers, "Authorization"), testing::HasSubstr("x-amz-security-token"));
  for (const auto& [name, value] : request.headers) EXPECT_THAT(value, testing::Not(testing::HasSubstr("hush")));
}

}  // namespace
}  // namespace tidemill::cloud
