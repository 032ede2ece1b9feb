// SPDX-License-Identifier: Apache-2.0
#include "xlsx_cells.h"

#include <arrow/api.h>
#include <gtest/gtest.h>

namespace tidemill::query {
namespace {

std::string XmlOf(std::string_view text) {
  std::string out;
  AppendXmlText(out, text);
  return out;
}

TEST(XlsxCells, TextsHoldWhatXmlCannot) {
  EXPECT_EQ(XmlOf("a < b & \"c\""), "a &lt; b &amp; &quot;c&quot;");
  EXPECT_EQ(XmlOf(std::string_view("\x01\0", 2)), "_x0001__x0000_");
  EXPECT_EQ(XmlOf("_x0041_"), "_x005F_x0041_");
  EXPECT_EQ(XmlOf("_x00_"), "_x00_");
  EXPECT_EQ(XmlOf("\xEF\xBF\xBF"), "_xFFFF_");
}

TEST(XlsxCells, ColumnsAreNamedAsSpreadsheetsDo) {
  EXPECT_EQ(ColumnLetters(0), "A");
  EXPECT_EQ(ColumnLetters(25), "Z");
  EXPECT_EQ(ColumnLetters(26), "AA");
  EXPECT_EQ(ColumnLetters(16'383), "XFD");
}

TEST(XlsxCells, RefusesATextThatNoCellHolds) {
  std::string out;
  EXPECT_TRUE(AppendTextCell(out, "A1", std::string(32'767, 'a'), CellStyle::kPlain).has_value());
  const auto refused = AppendTextCell(out, "A1", std::string(32'768, 'a'), CellStyle::kPlain);
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, base::ErrorCode::kTooLarge);
}

// One row of one column, as its cell.
template <class Builder>
std::string CellOf(Builder builder, typename Builder::value_type value) {
  EXPECT_TRUE(builder.Append(value).ok());
  const std::shared_ptr<arrow::Array> array = *builder.Finish();
  const auto batch = arrow::RecordBatch::Make(arrow::schema({arrow::field("a", array->type())}), 1, {array});
  const auto cells = MakeRowCells(*batch);
  std::string out;
  EXPECT_TRUE(cells.has_value() && (*cells)->AppendRow(out, 0, 2).has_value());
  return out;
}

TEST(XlsxCells, NumbersAreNumbersWhereADoubleHoldsThem) {
  EXPECT_EQ(CellOf(arrow::Int64Builder(), 9'007'199'254'740'992),
            R"(<row r="2"><c r="A2"><v>9007199254740992</v></c></row>)");
  EXPECT_EQ(CellOf(arrow::Int64Builder(), 9'007'199'254'740'993),
            R"(<row r="2"><c r="A2" t="inlineStr"><is><t xml:space="preserve">9007199254740993</t></is></c></row>)");
  EXPECT_EQ(CellOf(arrow::DoubleBuilder(), 0.5), R"(<row r="2"><c r="A2"><v>0.5</v></c></row>)");
}

TEST(XlsxCells, DatesAreDatesFromMarch1900On) {
  EXPECT_EQ(CellOf(arrow::Date32Builder(), 17'532), R"(<row r="2"><c r="A2" s="2"><v>43101</v></c></row>)");
  EXPECT_EQ(CellOf(arrow::Date32Builder(), -25'508), R"(<row r="2"><c r="A2" s="2"><v>61</v></c></row>)");
  EXPECT_EQ(CellOf(arrow::Date32Builder(), -25'509),
            R"(<row r="2"><c r="A2" t="inlineStr"><is><t xml:space="preserve">1900-02-28</t></is></c></row>)");
}

}  // namespace
}  // namespace tidemill::query
