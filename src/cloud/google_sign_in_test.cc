// SPDX-License-Identifier: Apache-2.0
#include "tidemill/cloud/google_sign_in.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cloud_fixture.h"

namespace tidemill::cloud {
namespace {

using base::ErrorCode;
using testing::HasSubstr;
using testing::Not;

class SignInTest : public testing::Test, public CloudFixture {
 protected:
  SignInTest() { environment = {{"HOME", "/nonexistent"}, {"GCE_METADATA_HOST", "127.0.0.1:9"}}; }
};

TEST_F(SignInTest, KeepsAMachinesTokenUntilShortlyBeforeItsEnd) {
  const auto sign_in = OpenGoogleSignIn(means()).value();
  Answer(200, R"({"access_token":"one","expires_in":600})");
  Answer(200, R"({"access_token":"two","expires_in":600})");
  EXPECT_EQ(sign_in->Token().value(), "one");
  clock->Advance(std::chrono::seconds(479));
  EXPECT_EQ(sign_in->Token().value(), "one");
  clock->Advance(std::chrono::seconds(2));
  EXPECT_EQ(sign_in->Token().value(), "two");
  EXPECT_EQ(client->requests.size(), 2);
  EXPECT_EQ(http::HeaderValue(client->requests.front().headers, "Metadata-Flavor"), "Google");
}

TEST_F(SignInTest, AsksAnewForATokenThatWasRefused) {
  const auto sign_in = OpenGoogleSignIn(means()).value();
  Answer(200, R"({"access_token":"one","expires_in":600})");
  Answer(200, R"({"access_token":"two","expires_in":600})");
  EXPECT_EQ(sign_in->Token().value(), "one");
  sign_in->Forget();
  EXPECT_EQ(sign_in->Token().value(), "two");
}

TEST_F(SignInTest, AUserIsRefreshed) {
  const auto sign_in =
      OpenGoogleSignIn(means(), {.info = R"({"type":"authorized_user","client_id":"c","client_secret":"h&sh",
                                             "refresh_token":"r","quota_project_id":"p"})"})
          .value();
  Answer(200, R"({"access_token":"t"})");
  EXPECT_EQ(sign_in->Token().value(), "t");
  EXPECT_EQ(sign_in->Project().value(), "p");
  EXPECT_EQ(client->requests.front().url, "https://oauth2.googleapis.com/token");
  EXPECT_EQ(client->requests.front().body, "grant_type=refresh_token&client_id=c&client_secret=h%26sh&refresh_token=r");
}

TEST_F(SignInTest, ARefusalIsToldInGooglesWords) {
  const auto sign_in = OpenGoogleSignIn(means(), {.info = R"({"type":"authorized_user","client_id":"c",
      "client_secret":"hush","refresh_token":"hush"})"})
                           .value();
  Answer(400, R"({"error":"invalid_grant","error_description":"Token has been revoked."})");
  const auto token = sign_in->Token();
  ASSERT_FALSE(token);
  EXPECT_EQ(token.error().code, ErrorCode::kUnauthenticated);
  EXPECT_THAT(token.error().ToText(), testing::AllOf(HasSubstr("Token has been revoked."), Not(HasSubstr("hush"))));
}

TEST_F(SignInTest, AsksForTheMachinesProject) {
  const auto sign_in = OpenGoogleSignIn(means()).value();
  Answer(200, "my-project\n");
  EXPECT_EQ(sign_in->Project().value(), "my-project");
  environment["GOOGLE_CLOUD_PROJECT"] = "named";
  EXPECT_EQ(OpenGoogleSignIn(means()).value()->Project().value(), "named");
}

TEST_F(SignInTest, NobodyToAskIsTold) {
  const auto sign_in = OpenGoogleSignIn(means()).value();
  for (int i = 0; i < 3; ++i) Lose();
  const auto token = sign_in->Token();
  ASSERT_FALSE(token);
  EXPECT_EQ(token.error().code, ErrorCode::kUnauthenticated);
  EXPECT_THAT(token.error().message, HasSubstr("GOOGLE_APPLICATION_CREDENTIALS"));
  EXPECT_EQ(client->requests.size(), 3);
}

TEST_F(SignInTest, RefusesKeysByNameAndNotByValue) {
  const auto refused = [&](const GoogleKey& key) { return OpenGoogleSignIn(means(), key).error(); };
  EXPECT_EQ(refused({.file = "/nonexistent/key.json"}).code, ErrorCode::kNotFound);
  EXPECT_EQ(refused({.file = "a", .info = "b"}).code, ErrorCode::kInvalid);
  EXPECT_EQ(refused({.info = R"({"type":"impersonated_service_account"})"}).code, ErrorCode::kUnsupported);
  const auto broken = refused({.info = "hush {"});
  EXPECT_EQ(broken.code, ErrorCode::kMalformed);
  EXPECT_THAT(broken.ToText(), Not(HasSubstr("hush")));
}

}  // namespace
}  // namespace tidemill::cloud
