// SPDX-License-Identifier: Apache-2.0
#include "tidemill/prefect/settings.h"

#include <filesystem>
#include <fstream>
#include <map>

#include <gtest/gtest.h>

namespace tidemill::prefect {
namespace {

// A home of its own for each test.
class Settings : public testing::Test {
 protected:
  void SetUp() override {
    home_ = testing::TempDir() + "/settings-" + testing::UnitTest::GetInstance()->current_test_info()->name();
    std::filesystem::remove_all(home_);
    std::filesystem::create_directories(home_);
    set_["PREFECT_HOME"] = home_;
  }
  void TearDown() override { std::filesystem::remove_all(home_); }
  void Profiles(const std::string& text) const { std::ofstream(home_ + "/profiles.toml") << text; }
  Environment environment() const {
    return [this](const std::string& name) {
      const auto found = set_.find(name);
      return found != set_.end() ? found->second : std::string();
    };
  }

  std::string home_;
  std::map<std::string, std::string> set_;
};

TEST_F(Settings, AreThoseOfALocalServerWhenNobodySaysAnything) {
  const auto settings = LoadSettings(environment());
  ASSERT_TRUE(settings);
  EXPECT_EQ(settings->url, "http://127.0.0.1:4200/api");
  EXPECT_FALSE(settings->configured);
}

TEST_F(Settings, TakeTheEnvironmentBeforeTheActiveProfile) {
  Profiles(
      "active = \"b\"\n[profiles.a]\n[profiles.b]\nPREFECT_API_URL = \"http://b:1/api/\"\nPREFECT_API_KEY = \"k\"\n");
  EXPECT_EQ(LoadSettings(environment())->url, "http://b:1/api");
  EXPECT_EQ(LoadSettings(environment())->api_key, "k");
  set_["PREFECT_API_URL"] = "https://c/api";
  EXPECT_EQ(LoadSettings(environment())->url, "https://c/api");
  set_["PREFECT_PROFILE"] = "a";
  EXPECT_EQ(LoadSettings(environment())->api_key, "");
}

TEST_F(Settings, RefuseAnAddressThatIsNone) {
  set_["PREFECT_API_URL"] = "127.0.0.1:4200";
  const auto settings = LoadSettings(environment());
  ASSERT_FALSE(settings);
  EXPECT_EQ(settings.error().code, base::ErrorCode::kInvalid);
}

TEST_F(Settings, NameThePlaceOfABrokenFile) {
  Profiles("active = \n");
  const auto settings = LoadSettings(environment());
  ASSERT_FALSE(settings);
  EXPECT_NE(settings.error().place.find("profiles.toml:1"), std::string::npos);
}

TEST_F(Settings, AreWrittenForTheirOwnerAlone) {
  auto profiles = LoadProfiles(environment());
  ASSERT_TRUE(profiles);
  profiles->ActiveOne().settings.emplace_back("PREFECT_API_URL", "http://x/api");
  ASSERT_TRUE(SaveProfiles(*profiles));
  EXPECT_EQ(LoadSettings(environment())->url, "http://x/api");
  const auto permissions = std::filesystem::status(home_ + "/profiles.toml").permissions();
  EXPECT_EQ(permissions & std::filesystem::perms::others_all, std::filesystem::perms::none);
}

}  // namespace
}  // namespace tidemill::prefect
