// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <filesystem>

#include <gmock/gmock.h>

#include "tidemill/base/text.h"
#include "tidemill/etl/lock.h"
#include "tidemill/recipe/testing/test_files.h"

// The cases of tests/locks.
namespace tidemill::etl {
namespace {

std::string Section(std::string_view text, std::string_view name) {
  const std::string title = fmt::format("== {}\n", name);
  const std::size_t at = text.find(title);
  EXPECT_NE(at, std::string_view::npos) << name;
  text.remove_prefix(at + title.size());
  return std::string(text.substr(0, text.find("== ")));
}

std::vector<std::filesystem::path> Cases() {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(TIDEMILL_SOURCE_DIR "/tests/locks")) {
    if (entry.path().extension() == ".txt") files.push_back(entry.path());
  }
  std::ranges::sort(files);
  return files;
}

recipe::Lock Read(std::string_view text) {
  auto lock = recipe::ParseLock(text, "lock.toml");
  EXPECT_TRUE(lock.has_value()) << lock.error().ToText();
  return *std::move(lock);
}

TEST(LockCheck, FindsWhatTheCasesSay) {
  const auto files = Cases();
  EXPECT_GE(files.size(), 6U);
  for (const auto& file : files) {
    SCOPED_TRACE(file);
    const std::string text = recipe::testing::FileText(file);
    const recipe::Lock held = Read(Section(text, "held"));
    const auto findings = CheckLock(Read(Section(text, "bound")), {{.name = "the lock", .lock = held}});
    std::string found;
    for (const auto& finding : findings) {
      EXPECT_EQ(finding.severity, transform::FindingSeverity::kHold);
      found += finding.Id() + ": " + finding.message + "\n";
    }
    EXPECT_EQ(found, Section(text, "findings"));
  }
}

TEST(LockCheck, TwoLocksThatSayTheSameAreOneFinding) {
  const std::string text =
      recipe::testing::FileText(TIDEMILL_SOURCE_DIR "/tests/locks/other_workbook_other_layout.txt");
  const recipe::Lock held = Read(Section(text, "held"));
  EXPECT_EQ(CheckLock(Read(Section(text, "bound")), {{.name = "a", .lock = held}, {.name = "b", .lock = held}}).size(),
            1U);
}

TEST(LockFile, LiesBesideTheRecipe) {
  EXPECT_EQ(LockFileOf("recipes/ons/deaths-monthly.toml"), "recipes/ons/deaths-monthly.lock.toml");
  EXPECT_EQ(LockFileOf("recipe"), "recipe.lock.toml");
}

TEST(LockFile, ThatIsNoneIsRefusedWithItsPlace) {
  const auto broken = recipe::ParseLock("lock = 1\nedition = [\n", "a.lock.toml");
  ASSERT_FALSE(broken.has_value());
  EXPECT_THAT(broken.error().ToText(), ::testing::StartsWith("a.lock.toml:2:"));
  EXPECT_FALSE(recipe::ParseLock("recipe = 1\n", "a.lock.toml").has_value()) << "a recipe is no lock";
  EXPECT_FALSE(recipe::ParseLock(std::string(17'000'000, ' '), "a.lock.toml").has_value());
}

}  // namespace
}  // namespace tidemill::etl
