// SPDX-License-Identifier: Apache-2.0
#include "tidemill/transform/sheet_table.h"

#include <arrow/api.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tidemill/transform/testing/arrow_text.h"
#include "tidemill/workbook/testing/make_files.h"

#include "sheet_header.h"

namespace tidemill::transform {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using workbook::testing::MakeXlsx;

// A sheet by its rows: texts as they are, "=…" for what stands in <v>, "d…" for a date's serial, "t…" for a moment's,
// "b…" for a boolean (digits each), "e#…" for an error, "" for nothing.
std::string CellXml(const std::string& address, const std::string& value) {
  const auto cell = [&](const std::string& attributes, std::string_view inside) {
    return "<c r=\"" + address + "\" " + attributes + "><v>" + std::string(inside) + "</v></c>";
  };
  if (value.empty()) return "";
  const std::string_view rest = std::string_view(value).substr(1);
  const bool is_marked =
      value.front() == '=' || rest.starts_with('#') || (!rest.empty() && rest[0] >= '0' && rest[0] <= '9');
  switch (is_marked ? value.front() : ' ') {
    case '=':
      return cell("", rest);
    case 'd':
      return cell("s=\"1\"", rest);
    case 't':
      return cell("s=\"2\"", rest);
    case 'b':
      return cell("t=\"b\"", rest);
    case 'e':
      return cell("t=\"e\"", rest);
    default:
      return cell("t=\"str\"", value);
  }
}

using Rows = std::vector<std::vector<std::string>>;

std::string SheetXml(const Rows& rows, const std::string& after) {
  std::string xml = "<sheetData>";
  for (std::size_t row = 0; row < rows.size(); ++row) {
    xml += "<row r=\"" + std::to_string(row + 1) + "\">";
    for (std::size_t column = 0; column < rows[row].size(); ++column) {
      xml +=
          CellXml(workbook::A1(static_cast<std::uint32_t>(row), static_cast<std::uint32_t>(column)), rows[row][column]);
    }
    xml += "</row>";
  }
  return xml + "</sheetData>" + after;
}

struct Made {
  SheetTableFacts facts;
  std::shared_ptr<arrow::Table> table;

  std::string Schema() const { return table->schema()->ToString(); }
  std::vector<std::string> Column(const std::string& name) const {
    std::vector<std::string> values;
    for (std::int64_t row = 0; row < table->num_rows(); ++row) {
      values.push_back(testing::CellText(*table, name, row));
    }
    return values;
  }
};

Made Make(const Rows& rows, SheetTableOptions options = {}, const std::string& after = "", bool dictionaries = false) {
  const std::string bytes = MakeXlsx({.sheets = {SheetXml(rows, after)},
                                      .styles = "<cellXfs count=\"3\"><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/>"
                                                "<xf numFmtId=\"22\"/></cellXfs>"});
  const auto book = workbook::OpenWorkbook(bytes).value();
  const workbook::Sheet sheet = book->ReadSheet(0).value();
  SheetTable table(std::move(options));
  for (std::size_t i = 0; i < sheet.rows().size(); ++i) {
    table.Row(sheet, sheet.rows()[i], sheet.CellsOf(i));
  }
  Made made;
  auto batches = std::move(table).Finish(sheet, dictionaries, made.facts).value();
  made.table = batches->ToTable().ValueOrDie();
  EXPECT_TRUE(made.table->ValidateFull().ok());
  return made;
}

TEST(SheetTable, TypesColumnsByAllTheirCells) {
  const Made made = Make({{"whole", "float", "day", "moment", "flag", "text"},
                          {"=1", "=1", "d43831", "t43831", "b1", "x"},
                          {"=-2", "=2.5", "d61", "t43831.25", "b0", ""},
                          {"", "=1e20", "", "", "", "x"}});
  EXPECT_EQ(made.Schema(),
            "whole: int64\nfloat: double\nday: date32[day]\nmoment: timestamp[ms]\nflag: bool\ntext: string");
  EXPECT_THAT(made.Column("whole"), ElementsAre("1", "-2", "null"));
  EXPECT_THAT(made.Column("float"), ElementsAre("1", "2.5", "1e+20"));
  EXPECT_THAT(made.Column("day"), ElementsAre("2020-01-01", "1900-03-01", "null"));
  EXPECT_THAT(made.Column("moment"), ElementsAre("2020-01-01 00:00:00.000", "2020-01-01 06:00:00.000", "null"));
  EXPECT_THAT(made.Column("flag"), ElementsAre("true", "false", "null"));
  EXPECT_THAT(made.Column("text"), ElementsAre("x", "null", "x"));
  EXPECT_THAT(made.facts.remarks, IsEmpty());
  EXPECT_EQ(workbook::A1(*made.facts.used), "A1:F4");
}

TEST(SheetTable, KeepsAllOfAMixedColumn) {
  const Made made =
      Make({{"n", "d"}, {"=1.5", "d43831"}, {"[c]", "d43832"}, {"e#N/A", "=7"}, {"b1", "d0.5"}, {"=2", "d43833"}});
  EXPECT_EQ(made.Schema(), "n: double\nn_text: string\nd: date32[day]\nd_text: string");
  EXPECT_THAT(made.Column("n"), ElementsAre("1.5", "null", "null", "null", "2"));
  EXPECT_THAT(made.Column("n_text"), ElementsAre("null", "[c]", "#N/A", "TRUE", "null"));
  EXPECT_THAT(made.Column("d"), ElementsAre("2020-01-01", "2020-01-02", "null", "null", "2020-01-03"));
  EXPECT_THAT(made.Column("d_text"), ElementsAre("null", "null", "7", "0.5", "null"));
  EXPECT_THAT(made.facts.remarks, ::testing::Contains("column 'n': 3 of 5 cells are no float64, they are in 'n_text'"));
  EXPECT_EQ(made.facts.columns[1].texts_of, "n");
  EXPECT_EQ(made.facts.columns[1].values, 3U);
}

TEST(SheetTable, DictionariesHoldTheSameTexts) {
  Rows rows{{"few", "many", "mixed"}};
  for (int i = 0; i < 1000; ++i) {
    rows.push_back({i % 2 == 0 ? "even" : "odd", "no " + std::to_string(i), i % 3 == 0 ? "x" : "=1"});
  }
  const Made plain = Make(rows);
  const Made encoded = Make(rows, {}, "", true);
  EXPECT_EQ(encoded.table->schema()->field(0)->type()->id(), arrow::Type::DICTIONARY);
  EXPECT_EQ(encoded.table->schema()->field(1)->type()->id(), arrow::Type::STRING);
  EXPECT_EQ(encoded.table->schema()->field(3)->type()->id(), arrow::Type::DICTIONARY);
  for (const char* const name : {"few", "many", "mixed", "mixed_text"}) {
    EXPECT_EQ(encoded.Column(name), plain.Column(name)) << name;
  }
}

TEST(SheetTable, ManyRowsComeInBatchesWithTheirGaps) {
  Rows rows{{"a", "b"}};
  for (int i = 0; i < 70'000; ++i)
    rows.push_back({"=" + std::to_string(i), i % 1000 == 7 ? "=" + std::to_string(i) : ""});
  const Made made = Make(rows);
  ASSERT_EQ(made.table->num_rows(), 70'000);
  EXPECT_GT(made.table->column(0)->num_chunks(), 1);
  for (const std::int64_t row : {0, 7, 65'007, 69'999}) {
    EXPECT_EQ(testing::CellText(*made.table, "a", row), std::to_string(row));
    EXPECT_EQ(testing::CellText(*made.table, "b", row), row % 1000 == 7 ? std::to_string(row) : "null");
  }
  EXPECT_EQ(made.table->column(1)->null_count(), 70'000 - 70);
}

TEST(SheetTable, LeavesTitlesAboveTheHeaderAndSaysSo) {
  const Made made = Make(
      {{"Table 1: births"}, {}, {"Source: an office"}, {"area", "2019", "2020"}, {"x", "=1", "=2"}, {"y", "=3", "=4"}});
  EXPECT_EQ(made.Schema(), "area: string\n2019: int64\n2020: int64");
  EXPECT_THAT(made.facts.header, ElementsAre(3));
  EXPECT_THAT(made.facts.remarks, ElementsAre("2 cells above the header left out"));
}

TEST(SheetTable, WithoutAHeaderColumnsHaveTheirLetters) {
  const Made made = Make({{"", "=1", "=2"}, {"", "=3", "=4"}});
  EXPECT_EQ(made.Schema(), "B: int64\nC: int64");
  EXPECT_EQ(made.table->num_rows(), 2);
  EXPECT_THAT(made.facts.remarks, ElementsAre("no header found: columns are named by their letters"));
}

TEST(SheetTable, JoinsHeaderRowsAndFillsMergedOnes) {
  const Made made = Make({{"", "2019", "", "2020"}, {"area", "male", "female", "male"}, {"x", "=1", "=2", "=3"}},
                         {.header_rows = 2}, "<mergeCells count=\"1\"><mergeCell ref=\"B1:C1\"/></mergeCells>");
  EXPECT_EQ(made.Schema(), "area: string\n2019 male: int64\n2019 female: int64\n2020 male: int64");
}

TEST(SheetTable, MakesNamesUniqueAndSaysSo) {
  const Made made =
      Make({{"a", "a", "", "a_2", "a_text"}, {"=1", "x", "=2", "=3", "=4"}, {"y", "", "", "", ""}}, {.header_rows = 1});
  EXPECT_EQ(made.Schema(), "a: int64\na_text_2: string\na_2: string\nC: int64\na_2_2: int64\na_text: int64");
  EXPECT_THAT(made.facts.remarks, ::testing::Contains(HasSubstr("without a header, named by their letters: C")));
}

TEST(SheetTable, TakesARangeOnly) {
  const Rows rows{{"a", "b", "c"}, {"=1", "=2", "=3"}, {"=4", "=5", "=6"}, {"=7", "=8", "=9"}};
  const Made made = Make(rows, {.range = workbook::ParseRange("B2:C3"), .header_rows = 0});
  EXPECT_EQ(made.Schema(), "B: int64\nC: int64");
  EXPECT_THAT(made.Column("B"), ElementsAre("2", "5"));
  const Made columns = Make(rows, {.range = workbook::ParseRange("B:B")});
  EXPECT_THAT(columns.Column("b"), ElementsAre("2", "5", "8"));
}

TEST(SheetTable, LeavesTotalsOutAndSaysSo) {
  const Made made = Make({{"a"}, {"=1"}, {"=2"}, {"=3"}, {"below"}},
                         {.range = workbook::ParseRange("A1:A4"), .header_rows = 1, .totals_rows = 1});
  EXPECT_THAT(made.Column("a"), ElementsAre("1", "2"));
  EXPECT_THAT(made.facts.remarks, ElementsAre("1 cell of the table's totals left out"));
}

TEST(ChooseHeader, TakesTheFirstRowAsWideAsMost) {
  const RowShape title{.filled = 1, .texts = 1};
  const RowShape wide{.filled = 5, .texts = 1};
  EXPECT_EQ(ChooseHeader({title, wide, wide, wide}), 1U);
  EXPECT_EQ(ChooseHeader({title, {.filled = 4, .texts = 4}, wide, wide}), 1U);
  EXPECT_EQ(ChooseHeader({{.filled = 5, .texts = 0}, wide, wide}), 3U);
  EXPECT_EQ(ChooseHeader({}), 0U);
}

}  // namespace
}  // namespace tidemill::transform
