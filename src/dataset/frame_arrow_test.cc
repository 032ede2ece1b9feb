// SPDX-License-Identifier: Apache-2.0
#include <arrow/table.h>
#include <arrow/type.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tidemill/dataset/dataset.h"
#include "tidemill/dataset/testing/tables.h"

namespace tidemill::dataset {
namespace {

using frame::ColumnKind;

TEST(Frame, GoesToArrowAndBack) {
  frame::Frame frame = *testing::DeathsFrame({{"A", "Ay", "2018-01", 1}, {"B", "Be", "2018-01", {}, "c"}});
  frame.columns[0].codes[1] = -1;
  frame.columns[0].words = {"A"};
  frame.columns.push_back({.name = "released", .kind = ColumnKind::kDate32, .ints = {1, 2}});
  frame.columns.push_back({.name = "share", .kind = ColumnKind::kFloat64, .doubles = {0.5, 0}, .valid = {1, 0}});
  frame.columns.push_back({.name = "rate",
                           .kind = ColumnKind::kDecimal,
                           .ints = {-1250, 999'999'999'999'999'999},
                           .precision = 18,
                           .scale = 2});
  frame.metadata["pandas"] = "{}";
  const auto table = ToArrow(frame);
  ASSERT_TRUE(table) << table.error().ToText();
  ASSERT_TRUE((*table)->ValidateFull().ok());
  const auto back = ToFrame(**table);
  ASSERT_TRUE(back) << back.error().ToText();
  EXPECT_EQ(*back, frame);
}

TEST(Frame, HasNoOtherTypes) {
  const auto table =
      arrow::Table::Make(arrow::schema({arrow::field("flag", arrow::boolean())}),
                         {std::make_shared<arrow::ChunkedArray>(arrow::ArrayVector{}, arrow::boolean())});
  const auto frame = ToFrame(*table);
  ASSERT_FALSE(frame);
  EXPECT_EQ(frame.error().message, "column 'flag' has the type bool, which is never written");
}

}  // namespace
}  // namespace tidemill::dataset
