// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tidemill/base/text.h"
#include "tidemill/recipe/testing/test_files.h"
#include "tidemill/transform/draft_formats.h"
#include "tidemill/transform/testing/layout_file.h"

#include "draft_workbook.h"

// Each file of tests/drafts: small sheets, and what must be drafted from them.
namespace tidemill::transform {
namespace {

using ::testing::HasSubstr;
using testing::LayoutFile;
using ::testing::Not;

std::vector<std::string> Files() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(TIDEMILL_SOURCE_DIR "/tests/drafts")) {
    if (entry.path().extension() == ".txt") names.push_back(entry.path().stem().string());
  }
  std::ranges::sort(names);
  return names;
}

DraftOptions OptionsOf(const LayoutFile& file) {
  DraftOptions options{.file = "draft.xlsx", .today = base::ParseDate("2022-06-30").value()};
  for (const auto& [name, value] : file.facts) {
    if (name == "sheet") {
      options.sheet = value;
    } else if (name == "header") {
      options.header = static_cast<int>(base::ParseInt(value).value());
    } else if (name == "axis") {
      options.axis = value;
    } else {
      options.captures[name] = value;
    }
  }
  return options;
}

class DraftOf : public ::testing::TestWithParam<std::string> {};

TEST_P(DraftOf, ComesOutAsExpected) {
  const std::string path = TIDEMILL_SOURCE_DIR "/tests/drafts/" + GetParam() + ".txt";
  const LayoutFile file = testing::ParseLayout(recipe::testing::FileText(path));
  const auto draft = DraftWorkbook(file.book, OptionsOf(file), Register(), {});
  if (!file.error.empty()) {
    ASSERT_FALSE(draft.has_value()) << ToText(*draft) << draft->toml;
    EXPECT_THAT(draft.error().ToText(), HasSubstr(file.error));
    return;
  }
  ASSERT_TRUE(draft.has_value()) << draft.error().ToText();
  const std::string told = ToText(*draft) + ToJson(*draft) + "\n" + draft->toml;
  for (const std::string& part : file.explained) {
    if (part.starts_with("not ")) {
      EXPECT_THAT(told, Not(HasSubstr(part.substr(4))));
    } else {
      EXPECT_THAT(told, HasSubstr(part));
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Files, DraftOf, ::testing::ValuesIn(Files()), [](const auto& test) {
  std::string name = test.param;
  std::ranges::replace(name, '-', '_');
  return name;
});

}  // namespace
}  // namespace tidemill::transform
