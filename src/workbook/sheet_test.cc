// SPDX-License-Identifier: Apache-2.0
#include <bit>

#include <gtest/gtest.h>

#include "tidemill/workbook/workbook.h"

namespace tidemill::workbook {
namespace {

Cell Number(std::uint16_t column, double value, CellKind kind = CellKind::kNumber, std::uint16_t style = 0) {
  return {.column = column, .style = style, .kind = kind, .payload = std::bit_cast<std::uint64_t>(value)};
}

SheetBuilder Builder(std::vector<Style> styles = {}) {
  return {"Figures", std::make_shared<StringTable>(), std::make_shared<const std::vector<Style>>(std::move(styles))};
}

TEST(SheetBuilder, PutsCellsInOrderWhateverOrderTheyComeIn) {
  SheetBuilder builder = Builder();
  builder.Add(5, Number(1, 51));
  builder.Add(2, Number(3, 23));
  builder.Add(5, Number(0, 50));
  builder.Add(2, Number(1, 21));
  const Sheet sheet = std::move(builder).Finish();
  ASSERT_EQ(sheet.rows().size(), 2U);
  EXPECT_EQ(sheet.rows()[0].number, 2U);
  EXPECT_EQ(sheet.CellsOf(0)[0].column, 1);
  EXPECT_EQ(sheet.CellsOf(0)[1].column, 3);
  EXPECT_EQ(sheet.Find(5, 0)->number(), 50);
  EXPECT_EQ(sheet.Find(5, 1)->number(), 51);
  EXPECT_EQ(sheet.Find(5, 2), nullptr);
  EXPECT_EQ(sheet.Find(3, 1), nullptr);
  EXPECT_EQ(sheet.cell_count(), 4U);
  EXPECT_TRUE(sheet.CellsOf(7).empty());
}

TEST(SheetBuilder, OfSeveralCellsAtOneAddressTheLastCounts) {
  SheetBuilder builder = Builder();
  builder.Add(0, Number(0, 1));
  builder.Add(3, Number(0, 9));
  builder.Add(0, Number(0, 2));
  builder.Add(0, Number(0, 3));
  const Sheet sheet = std::move(builder).Finish();
  EXPECT_EQ(sheet.Find(0, 0)->number(), 3);
  EXPECT_EQ(sheet.Find(3, 0)->number(), 9);
  ASSERT_EQ(sheet.issues.size(), 1U);
  EXPECT_EQ(sheet.issues[0].code, "duplicate-cell");
  EXPECT_EQ(sheet.issues[0].cell, "A1");
}

TEST(SheetBuilder, MarksCellsInHiddenRowsAndColumns) {
  SheetBuilder builder = Builder();
  builder.HideRows({1, 1});
  builder.HideColumns({2, 2});
  builder.Add(0, Number(0, 1));
  builder.Add(0, Number(2, 1));
  builder.Add(1, Number(0, 1));
  const Sheet sheet = std::move(builder).Finish();
  EXPECT_EQ(sheet.Find(0, 0)->flags & kHiddenCell, 0);
  EXPECT_NE(sheet.Find(0, 2)->flags & kHiddenCell, 0);
  EXPECT_NE(sheet.Find(1, 0)->flags & kHiddenCell, 0);
  EXPECT_FALSE(sheet.rows()[0].hidden);
  EXPECT_TRUE(sheet.rows()[1].hidden);
}

TEST(StringTable, GoesOnWhereItsBaseEnds) {
  const auto base = std::make_shared<StringTable>();
  const std::vector<TextRun> runs = {{.start = 0}, {.start = 6, .script = Script::kSuperscript}};
  EXPECT_EQ(base->Add("Jan-203", runs), 0U);
  StringTable more(base);
  EXPECT_EQ(more.Add("own"), 1U);
  EXPECT_EQ(more.Text(0), "Jan-203");
  EXPECT_EQ(more.Text(1), "own");
  ASSERT_EQ(more.Runs(0).size(), 2U);
  EXPECT_EQ(more.Runs(0)[1].script, Script::kSuperscript);
  EXPECT_TRUE(more.Runs(1).empty());
  EXPECT_EQ(more.Text(2), "");
  EXPECT_EQ(more.size(), 2U);
}

TEST(Sheet, DisplaysCellsAsTheirReaderSeesThem) {
  const auto strings = std::make_shared<StringTable>();
  const StringId text = strings->Add("Derwentside ");
  SheetBuilder builder("S", strings,
                       std::make_shared<const std::vector<Style>>(std::vector<Style>{
                           {}, {.number_format = "mmm-yy", .number_class = NumberClass::kMonthYear}}));
  builder.Add(0, Number(0, 43'831, CellKind::kDate, 1));
  builder.Add(0, Number(1, 921));
  builder.Add(0, Number(2, 0.1));
  builder.Add(0, {.column = 3, .kind = CellKind::kString, .payload = text});
  builder.Add(0, {.column = 4, .kind = CellKind::kBool, .payload = 1});
  builder.Add(0, {.column = 5, .kind = CellKind::kError, .payload = 0x2A});
  builder.Add(0, Number(6, 43'831, CellKind::kDate));  // an ISO date needs no date format
  builder.Add(0, Number(7, 1.5, CellKind::kDuration));
  const Sheet sheet = std::move(builder).Finish();
  std::vector<std::string> shown;
  for (const Cell& cell : sheet.CellsOf(0)) shown.push_back(sheet.DisplayText(cell));
  EXPECT_EQ(shown, (std::vector<std::string>{"Jan-20", "921", "0.1", "Derwentside ", "TRUE", "#N/A", "2020-01-01",
                                             "36:00:00"}));
}

TEST(StringTable, SaysWhetherACarriageReturnIsInAnyOfItsTexts) {
  const auto base = std::make_shared<StringTable>();
  base->Add("plain\n");
  StringTable own(base);
  own.Add("plain too");
  EXPECT_FALSE(own.has_carriage_returns());
  own.Add("a\r\nb");
  EXPECT_TRUE(own.has_carriage_returns());
  EXPECT_FALSE(base->has_carriage_returns());
  base->Add("\r");
  EXPECT_TRUE(StringTable(base).has_carriage_returns());
}

}  // namespace
}  // namespace tidemill::workbook
