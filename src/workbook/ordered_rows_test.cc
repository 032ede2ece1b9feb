// SPDX-License-Identifier: Apache-2.0
#include "tidemill/workbook/ordered_rows.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tidemill/workbook/testing/make_files.h"

namespace tidemill::workbook {
namespace {

using ::testing::ElementsAre;

// Rows of the first sheet as "1:a b"; "again" where they begin once more.
std::vector<std::string> Rows(const std::string& data, std::size_t enough = 100) {
  const std::string bytes = testing::MakeXlsx({.sheets = {"<sheetData>" + data + "</sheetData>"}});
  const auto book = OpenWorkbook(bytes).value();
  std::vector<std::string> rows;
  const auto take = [&](const Sheet& sheet, const Sheet::Row& row, std::span<const Cell> cells) {
    std::string text = std::to_string(row.number + 1) + ":";
    for (const Cell& cell : cells) text += sheet.DisplayText(cell) + " ";
    rows.push_back(std::move(text));
    return rows.size() < enough;
  };
  EXPECT_TRUE(StreamInOrder(*book, 0, take, [&] { rows.emplace_back("again"); }, {}).has_value());
  EXPECT_EQ(ComesInOrder(*book, 0, {}).value(), std::find(rows.begin(), rows.end(), "again") == rows.end());
  return rows;
}

std::string Row(int number, const std::string& value) {
  const std::string row = std::to_string(number);
  return "<row r=\"" + row + "\"><c r=\"A" + row + "\"><v>" + value + "</v></c></row>";
}

TEST(StreamInOrder, GivesRowsAsTheyAreRead) {
  EXPECT_THAT(Rows(Row(1, "7") + Row(3, "8")), ElementsAre("1:7 ", "3:8 "));
}

TEST(StreamInOrder, BeginsAgainWhereTheFileHasThemInAnotherOrder) {
  EXPECT_THAT(Rows(Row(2, "7") + Row(5, "8") + Row(1, "9")),
              ElementsAre("2:7 ", "5:8 ", "again", "1:9 ", "2:7 ", "5:8 "));
  // Two pieces of a row right behind each other are one row, in which the last cell at an address counts.
  EXPECT_THAT(Rows(Row(2, "7") + Row(2, "8")), ElementsAre("2:8 "));
}

TEST(StreamInOrder, EndsWhenEnoughIsTaken) {
  EXPECT_THAT(Rows(Row(1, "7") + Row(2, "8") + Row(3, "9"), 2), ElementsAre("1:7 ", "2:8 "));
}

}  // namespace
}  // namespace tidemill::workbook
