// SPDX-License-Identifier: Apache-2.0
// Every file of tests/recipes/good is accepted; every one of bad has exactly the faults that its lines
// "# expect: code line:column message" name.
#include <algorithm>
#include <filesystem>

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "tidemill/base/text.h"
#include "tidemill/recipe/recipe.h"
#include "tidemill/recipe/testing/test_files.h"

namespace tidemill::recipe {
namespace {

using recipe::testing::FileText;

std::vector<std::filesystem::path> FilesIn(std::string_view folder) {
  std::vector<std::filesystem::path> files;
  const std::string root = TIDEMILL_SOURCE_DIR "/tests/recipes/";
  for (const auto& entry : std::filesystem::directory_iterator(root + std::string(folder))) {
    files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

// Messages of several lines (a check with its caret) are told by their first.
std::vector<std::string> Written(const std::vector<Problem>& problems) {
  std::vector<std::string> out;
  for (const Problem& problem : problems) {
    out.push_back(fmt::format("# expect: {} {}:{} {}", problem.code, problem.line, problem.column,
                              base::Split(problem.message, '\n').front()));
  }
  return out;
}

std::vector<std::string> ExpectedIn(std::string_view text) {
  std::vector<std::string> out;
  for (const std::string_view line : base::Split(text, '\n')) {
    if (line.starts_with("# expect: ")) out.emplace_back(line);
  }
  return out;
}

TEST(RecipeFiles, GoodOnesAreAccepted) {
  const auto files = FilesIn("good");
  EXPECT_GE(files.size(), 3U);
  for (const auto& file : files) {
    std::vector<Problem> problems;
    const auto recipe = Recipe::Parse(FileText(file), file.filename().string(), &problems);
    EXPECT_TRUE(recipe.has_value()) << fmt::format("{}\n{}\n", file.string(), fmt::join(Written(problems), "\n"));
  }
}

TEST(RecipeFiles, BadOnesHaveExactlyTheirFaults) {
  const auto files = FilesIn("bad");
  EXPECT_GE(files.size(), 35U);
  for (const auto& file : files) {
    const std::string text = FileText(file);
    std::vector<Problem> problems;
    const auto recipe = Recipe::Parse(text, "r.toml", &problems);
    EXPECT_FALSE(recipe.has_value()) << file;
    const auto written = Written(problems);
    EXPECT_EQ(written, ExpectedIn(text)) << fmt::format("{}\n{}\n", file.string(), fmt::join(written, "\n"));
    if (recipe.has_value() || problems.empty()) continue;
    EXPECT_EQ(recipe.error().code, base::ErrorCode::kInvalid);
    EXPECT_EQ(recipe.error().place, fmt::format("r.toml:{}:{}", problems.front().line, problems.front().column));
  }
}

// Each slug of the design has a file; so does what is no TOML, and a value that is none of those allowed.
TEST(RecipeFiles, EveryKindOfFaultOccurs) {
  std::string all;
  for (const auto& file : FilesIn("bad")) all += FileText(file);
  for (const std::string_view code :
       {"unknown-key", "wrong-type", "missing-key", "bad-pattern", "bad-range", "bad-check", "unknown-function",
        "reserved-name", "role-conflict", "when-unreachable", "bad-toml", "bad-value"}) {
    EXPECT_NE(all.find(fmt::format("# expect: {} ", code)), std::string::npos) << code;
  }
}

}  // namespace
}  // namespace tidemill::recipe
