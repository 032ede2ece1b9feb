// SPDX-License-Identifier: Apache-2.0
// The formats of markup and plain text in the shared data.
#include <cstdio>
#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tidemill/workbook/testing/expected_cells.h"

namespace tidemill::workbook {
namespace {

const std::filesystem::path kData = TIDEMILL_SHARED_DATA;

class MarkupCorpusTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!std::filesystem::exists(kData / "expected-cells.tsv")) GTEST_SKIP() << "no shared data in " << kData;
  }
};

TEST_F(MarkupCorpusTest, OdsCellsAreThoseThatIndependentReadersAgreeOn) {
  const auto known = std::filesystem::path(TIDEMILL_SOURCE_DIR) / "tests/workbook/known_differences.tsv";
  const auto result = testing::CompareWithExpected(kData, known, {"ods"});
  for (const auto& [format, count] : result.counts) {
    std::printf("%s: %d sheets equal, %d different\n", format.c_str(), count.first, count.second);
  }
  EXPECT_THAT(result.faults, ::testing::IsEmpty());
}

}  // namespace
}  // namespace tidemill::workbook
