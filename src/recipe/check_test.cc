// SPDX-License-Identifier: Apache-2.0
#include "tidemill/recipe/check.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "tidemill/base/text.h"
#include "tidemill/recipe/testing/test_files.h"

namespace tidemill::recipe {
namespace {

using recipe::testing::Row;
using recipe::testing::TableRows;

std::string Written(const std::vector<Area>& areas) {
  std::vector<std::string> parts;
  for (const Area& area : areas) parts.push_back(area.quoted ? "'" + area.text + "'" : area.text);
  return base::Join(parts, " ");
}

std::string Written(const Term& term) {
  switch (term.kind) {
    case Term::Kind::kArea:
      return Written(term.areas);
    case Term::Kind::kIt:
      return "it";
    case Term::Kind::kSumOfAreas:
      return "sum(" + Written(term.areas) + ")";
    case Term::Kind::kSumOfChildren:
      return "sum(children)";
    case Term::Kind::kSumOfOthers:
      return "sum(others)";
    case Term::Kind::kNumber:
      return base::ShortestDouble(term.number);
  }
  return "";
}

std::string Written(const std::vector<Term>& side) {
  std::string out;
  for (const Term& term : side) {
    if (!out.empty()) out += term.negative ? " - " : " + ";
    out += Written(term);
  }
  return out;
}

std::string Written(const SumCheck& check) {
  constexpr std::string_view kSigns[] = {" = ", " <= ", " >= "};
  std::string out = check.each.empty() ? "" : "each " + Written(check.each) + ": ";
  out += Written(check.left);
  out += kSigns[static_cast<int>(check.relation)];
  out += Written(check.right);
  if (check.within) out += " within " + base::ShortestDouble(*check.within) + (check.within_percent ? "%" : "");
  if (check.rounded_to) out += " rounded-to " + base::ShortestDouble(*check.rounded_to);
  if (!check.exceptions.empty()) out += " except";
  for (const Exception& exception : check.exceptions) {
    out += " " + ToText(exception.period);
    if (exception.by) out += "-by-" + base::ShortestDouble(*exception.by);
  }
  if (!check.because.empty()) out += " because '" + check.because + "'";
  return out;
}

void CheckRow(const std::string& text, const std::string& expected) {
  const auto check = ParseSumCheck(text);
  if (!expected.starts_with("error ")) {
    ASSERT_TRUE(check.has_value()) << check.error().message;
    EXPECT_EQ(Written(*check), expected);
    EXPECT_EQ(check->text, text);
    return;
  }
  ASSERT_FALSE(check.has_value());
  EXPECT_EQ(check.error().code, base::ErrorCode::kInvalid);
  const std::size_t blank = expected.find(' ', 6);
  const auto column = base::ParseInt(expected.substr(6, blank - 6)).value();
  const auto lines = base::Split(check.error().message, '\n');
  ASSERT_EQ(lines.size(), 3U);
  EXPECT_THAT(std::string(lines[0]), ::testing::HasSubstr(expected.substr(blank + 1)));
  EXPECT_THAT(std::string(lines[0]), ::testing::HasSubstr(fmt::format("at column {}", column)));
  EXPECT_EQ(lines[1], "  " + text);
  EXPECT_EQ(lines[2], fmt::format("  {:>{}}", '^', column));
}

TEST(SumCheck, EveryRowOfTheTableHolds) {
  const auto rows = TableRows(TIDEMILL_SOURCE_DIR "/tests/recipes/checks.tsv");
  EXPECT_GT(rows.size(), 45U);
  for (const Row& row : rows) {
    SCOPED_TRACE(fmt::format("checks.tsv:{}: {}", row.line, row[0]));
    CheckRow(row[0], row[1]);
  }
}

TEST(SumCheck, RefusesWhatIsTooLongOrNotUtf8) {
  EXPECT_FALSE(ParseSumCheck("A = " + std::string(4000, 'B')).has_value());
  EXPECT_FALSE(ParseSumCheck("A = '\xff'").has_value());
}

TEST(SumCheck, AcceptsAnyWhiteSpaceBetweenWords) {
  const auto check = ParseSumCheck("A =\n  B\t+ C\n  within 1");
  ASSERT_TRUE(check.has_value());
  EXPECT_EQ(Written(*check), "A = B + C within 1");
}

}  // namespace
}  // namespace tidemill::recipe
