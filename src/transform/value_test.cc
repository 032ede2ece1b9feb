// SPDX-License-Identifier: Apache-2.0
#include "value.h"

#include <gtest/gtest.h>

#include "tidemill/base/text.h"

namespace tidemill::transform {
namespace {

recipe::MarkerSpec Markers(std::string base) {
  recipe::MarkerSpec spec;
  spec.base = std::move(base);
  spec.own = {{.text = "-", .value = 0, .status = {}, .note = {}},
              {.text = "[note 2]", .value = {}, .status = "z", .note = {}},
              {.text = "..", .value = {}, .status = "x", .note = {}}};
  return spec;
}

// "3456 r", "null x", "0" or "unknown".
std::string Read(std::string_view text, const std::string& base = "gss", const recipe::ColumnSpec& column = {}) {
  const TextValue value = ReadValueText(text, text, column, MarkerSet(Markers(base)));
  if (value.kind == TextValue::Kind::kUnknown) return "unknown";
  const std::string number = value.number ? base::ShortestDouble(*value.number) : "null";
  const std::string status = JoinStatuses(value.statuses);
  return status.empty() ? number : number + " " + status;
}

TEST(Value, NumbersThatStandAsText) {
  EXPECT_EQ(Read("3456"), "3456");
  EXPECT_EQ(Read(" 3,456,789 "), "3456789");
  EXPECT_EQ(Read("-1.25"), "-1.25");
  EXPECT_EQ(Read("\u2212"
                 "7"),
            "-7");
  EXPECT_EQ(Read("34,56"), "unknown") << "groups of thousands are exact";
  EXPECT_EQ(Read("1,2345"), "unknown");
  EXPECT_EQ(Read("12 deaths"), "unknown");
}

TEST(Value, SeparatorsOfOtherCountries) {
  recipe::ColumnSpec column;
  column.thousands = ".";
  EXPECT_EQ(Read("2.840", "none", column), "2840");
  column.decimal = ",";
  EXPECT_EQ(Read("2.840,5", "none", column), "2840.5");
}

TEST(Value, MarkersAloneAndBehindNumbers) {
  EXPECT_EQ(Read("[x]"), "null x");
  EXPECT_EQ(Read("[low]"), "null k");
  EXPECT_EQ(Read("[e, r]"), "null e,r");
  EXPECT_EQ(Read("[r][p]"), "null p,r");
  EXPECT_EQ(Read("123 [p]"), "123 p");
  EXPECT_EQ(Read("3,456r"), "3456 r");
  EXPECT_EQ(Read("z"), "null z");
}

TEST(Value, AMarkerNeverBecomesANumberByAccident) {
  EXPECT_EQ(Read("[x]", "none"), "unknown");
  EXPECT_EQ(Read("-", "none"), "0") << "the recipe says so";
  EXPECT_EQ(Read("..", "none"), "null x");
  EXPECT_EQ(Read(":", "gss"), "unknown") << "legacy signs only as the recipe lists them";
  EXPECT_EQ(Read("*"), "unknown");
  EXPECT_EQ(Read("N/A"), "unknown");
}

TEST(Value, OwnMarkersAreMatchedBeforeReferencesAreTakenOff) {
  EXPECT_EQ(Read("[Note 2]", "none"), "null z");
}

TEST(Value, ANumberInBracketsNeedsTheRecipesWord) {
  EXPECT_EQ(Read("[0.10]"), "unknown");
  recipe::ColumnSpec column;
  column.bracketed = "u";
  EXPECT_EQ(Read("[0.10]", "gss", column), "0.1 u");
  EXPECT_EQ(Read("[3]", "gss", column), "3 u");
}

TEST(Value, StatusesAreSortedAndStandOnce) {
  EXPECT_EQ(JoinStatuses({"r", "p", "r"}), "p,r");
}

}  // namespace
}  // namespace tidemill::transform
