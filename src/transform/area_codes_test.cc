// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tidemill/transform/testing/cell_text.h"
#include "tidemill/transform/testing/editable_workbook.h"

#include "tidy_workbook.h"

// Codes that the register has to find: old codes and names.
namespace tidemill::transform {
namespace {

using testing::CellText;
using testing::EditableSheet;
using testing::EditableWorkbook;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

// Real areas: two of one name, one that was renamed, one in two languages, one that never had a GSS code.
constexpr std::string_view kAreas =
    "code,name,name_cy,also,entity,parent,from,to,successors,snac\n"
    "E06000055,Bedford,,,E06,E12000006,2009-04-01,,,00KB\n"
    "E07000097,East Hertfordshire,,,E07,E10000015,2006-01-01,2013-04-01,E07000242,26UD\n"
    "E07000242,East Hertfordshire,,,E07,E10000015,2013-04-01,,,\n"
    "E08000038,Barnsley,,Sheffield,E08,E11000003,2025-04-01,,,\n"
    "E08000039,Sheffield,,Barnsley,E08,E11000003,2025-04-01,,,\n"
    "E09000001,City of London,,,E09,E13000001,2006-01-01,,,00AA\n"
    "E12000006,East,,,E12,E92000001,2006-01-01,,,G\n"
    "W06000015,Cardiff,Caerdydd,,W06,W92000004,2006-01-01,,,00PT\n"
    "ons-snac:09,Bedfordshire,,,E10,E12000006,2006-01-01,2009-04-01,E06000055 E06000056,09\n"
    "ons-snac:09UD,Bedford,,,E07,ons-snac:09,2006-01-01,2009-04-01,E06000055,09UD\n";

struct Row {
  std::string code, name;
  bool bold = false;
};

// Code (a number where it has but digits), name, and the months of 2011.
EditableWorkbook Months(const std::vector<Row>& rows, bool with_codes = true) {
  EditableSheet sheet("Data");
  constexpr std::string_view kNames[] = {"Jan", "Feb", "Mar"};
  for (std::uint32_t month = 0; month < 3; ++month) {
    sheet.Text(workbook::A1(0, month + 2), fmt::format("{}-11", kNames[month]));
  }
  for (std::uint32_t i = 0; i < rows.size(); ++i) {
    const bool number = rows[i].code.find_first_not_of("0123456789") == std::string::npos;
    if (with_codes && number && !rows[i].code.empty()) {
      sheet.Number(workbook::A1(i + 1, 0), std::stod(rows[i].code));
    } else if (with_codes && !number) {
      sheet.Text(workbook::A1(i + 1, 0), rows[i].code, rows[i].bold);
    }
    sheet.Text(workbook::A1(i + 1, 1), rows[i].name, rows[i].bold);
    for (std::uint32_t month = 0; month < 3; ++month) sheet.Number(workbook::A1(i + 1, month + 2), i + month);
  }
  EditableWorkbook book;
  book.Add(std::move(sheet));
  return book;
}

std::string RecipeOf(std::string_view code, std::string_view more = {}) {
  return fmt::format(R"toml(recipe = 1
name = "test/codes"
title = "Codes"
source = {{ file = "codes.xls" }}
columns.code   = {{ role = "code", system = "gss", {} }}
columns.name   = {{ role = "label", levels = ["upper", "bold", "*"] }}
columns.period = {{ role = "axis", axis = "month" }}
columns.deaths = {{ role = "value", type = "int32" }}
{}
[[output]]
table = "t"
)toml",
                     code, more);
}

base::Result<TidyEdition> TidyAreas(const EditableWorkbook& book, const std::string& text,
                                    std::string_view areas = kAreas) {
  auto recipe = recipe::Recipe::Parse(text, "codes.toml");
  EXPECT_TRUE(recipe.has_value()) << recipe.error().ToText();
  if (!recipe) return tl::unexpected(std::move(recipe).error());
  const auto geography = Register::Parse(areas);
  EXPECT_TRUE(geography.has_value()) << geography.error().ToText();
  const EditionInput input{.edition = "2011",
                           .captures = {{"ext", "xls"}},
                           .final = true,
                           .file = "codes.xls",
                           .url = {},
                           .sha256 = "00",
                           .today = base::ParseDate("2025-06-01").value()};
  return TidyWorkbook(book, *recipe, input, *geography, {});
}

std::vector<std::string> Codes(const TidyEdition& tidy) {
  std::vector<std::string> codes;
  for (std::int64_t row = 0; row < tidy.table->num_rows(); row += 3) {
    codes.push_back(CellText(*tidy.table, "code", row));
  }
  return codes;
}

std::vector<std::string> Messages(const TidyEdition& tidy) {
  std::vector<std::string> messages;
  for (const Finding& finding : tidy.findings) {
    messages.push_back(fmt::format("{} {}: {}", ToText(finding.severity), finding.Id(), finding.message));
  }
  return messages;
}

constexpr std::string_view kOld = "system = \"ons-snac\", pad = 2, to = \"gss\"";

std::string OldCodes(std::string_view more = {}) {
  std::string text = RecipeOf("@");
  const std::string_view replaced = "system = \"gss\", @";
  return text.replace(text.find(replaced), replaced.size(), std::string(kOld) + std::string(more));
}

TEST(AreaCodes, OldCodesBecomeThoseOfToday) {
  const auto tidy =
      TidyAreas(Months({{"G", "EAST"}, {"26UD", "East Hertfordshire"}, {"00AA", "City of London"}}), OldCodes());
  ASSERT_TRUE(tidy.has_value()) << tidy.error().ToText();
  EXPECT_THAT(Messages(*tidy), IsEmpty());
  EXPECT_THAT(Codes(*tidy), ElementsAre("E12000006", "E07000097", "E09000001"));
  EXPECT_EQ(CellText(*tidy->table, "geo_vintage", 0), "2009-04-01");
}

TEST(AreaCodes, AnOldCodeWithoutANewOneFailsOrIsKept) {
  const EditableWorkbook book = Months({{"9", "Bedfordshire"}, {"09UD", "Bedford"}, {"00AA", "City of London"}});
  const auto strict = TidyAreas(book, OldCodes());
  ASSERT_TRUE(strict.has_value()) << strict.error().ToText();
  EXPECT_THAT(Messages(*strict),
              ElementsAre("fail code-unknown@Data!A2: 09 'Bedfordshire' has no code of gss: ons-snac:09 until "
                          "2009-04-01, now E06000055 E06000056",
                          "fail code-unknown@Data!A3: 09UD 'Bedford' has no code of gss: ons-snac:09UD until "
                          "2009-04-01, now E06000055"));
  const auto kept = TidyAreas(book, OldCodes(", unknown = \"keep\""));
  ASSERT_TRUE(kept.has_value()) << kept.error().ToText();
  EXPECT_THAT(Messages(*kept), IsEmpty());
  EXPECT_THAT(Codes(*kept), ElementsAre("ons-snac:09", "ons-snac:09UD", "E09000001"));
  EXPECT_THAT(kept->explained, HasSubstr("1 codes valid at geo_vintage 2009-04-01, 2 codes kept"));
}

TEST(AreaCodes, WhatIsKeptAndUnknownAltogetherIsHeld) {
  const EditableWorkbook book = Months({{"09UZ", "Bedfort"}, {"00AA", "City of London"}});
  const auto held = TidyAreas(book, OldCodes(", unknown = \"keep\""));
  ASSERT_TRUE(held.has_value()) << held.error().ToText();
  EXPECT_THAT(Messages(*held), ElementsAre("hold code-unregistered@Data!A2: '09UZ' 'Bedfort' is kept, but the register "
                                           "knows nothing of it"));
  std::string lenient = OldCodes(", unknown = \"keep\"");
  lenient.insert(lenient.find("[[output]]"), "checks.codes = \"warn\"\n");
  EXPECT_THAT(Messages(*TidyAreas(book, lenient)), ElementsAre(StartsWith("warn code-unregistered")));
}

TEST(AreaCodes, NamesAreFoundByLevel) {
  const auto tidy =
      TidyAreas(Months({{"", "EAST"}, {"", "Bedford UA", true}, {"", "Bedford"}, {"", "East Hertfordshire"}}, false),
                RecipeOf("from = \"label\", unknown = \"keep\""));
  ASSERT_TRUE(tidy.has_value()) << tidy.error().ToText();
  EXPECT_THAT(Messages(*tidy), IsEmpty());
  EXPECT_THAT(Codes(*tidy), ElementsAre("E12000006", "E06000055", "name:bedford", "E07000097"));
  EXPECT_THAT(tidy->explained, HasSubstr("column   code from label, name B; 4 rows"));
}

TEST(AreaCodes, AFixedVintageIsTaken) {
  const auto tidy =
      TidyAreas(Months({{"", "East Hertfordshire"}}, false), RecipeOf("from = \"label\", vintage = 2014-01-01"));
  ASSERT_TRUE(tidy.has_value()) << tidy.error().ToText();
  EXPECT_THAT(Codes(*tidy), ElementsAre("E07000242"));
  EXPECT_EQ(CellText(*tidy->table, "geo_vintage", 0), "2014-01-01");
}

TEST(AreaCodes, EitherHalfOfANameInTwoLanguagesIsFound) {
  std::string text = RecipeOf("from = \"label\"");
  const std::string_view levels = "levels = [\"upper\", \"bold\", \"*\"]";
  text.replace(text.find(levels), levels.size(), "split = \" / \", take = 1");
  for (const std::string name : {"Cardiff / Prifddinas", "Y Brifddinas / Caerdydd", "CAERDYDD"}) {
    const auto tidy = TidyAreas(Months({{"", name}}, false), text);
    ASSERT_TRUE(tidy.has_value()) << tidy.error().ToText();
    EXPECT_THAT(Codes(*tidy), ElementsAre("W06000015")) << name;
  }
}

TEST(AreaCodes, SeveralAreasOfOneNameAreAllNamedAndTheRecipeSettlesIt) {
  constexpr std::string_view kTwo =
      "code,name,parent,from,to\n"
      "E07000056,Durham,,2006-01-01,\n"
      "E10000010,Durham,,2006-01-01,\n";
  const EditableWorkbook book = Months({{"", "Durham"}}, false);
  std::string text = RecipeOf("from = \"label\"");
  const std::string_view levels = ", levels = [\"upper\", \"bold\", \"*\"]";
  text.erase(text.find(levels), levels.size());
  const auto two = TidyAreas(book, text, kTwo);
  ASSERT_TRUE(two.has_value()) << two.error().ToText();
  EXPECT_THAT(Messages(*two), ElementsAre("fail code-ambiguous@Data!B2: 'Durham' may be E07000056; E10000010; [codes] "
                                          "of the recipe can settle it"));
  text.insert(text.find("[[output]]"), "codes = { Durham = \"E10000010\" }\n");
  const auto settled = TidyAreas(book, text, kTwo);
  ASSERT_TRUE(settled.has_value()) << settled.error().ToText();
  EXPECT_THAT(Messages(*settled), IsEmpty());
  EXPECT_THAT(Codes(*settled), ElementsAre("E10000010"));
}

TEST(AreaCodes, AnAreasOwnNameComesBeforeOthersThatItGoesBy) {
  const auto tidy = TidyAreas(Months({{"", "Barnsley"}, {"", "Sheffield"}}, false),
                              RecipeOf("from = \"label\", vintage = 2025-05-01"));
  ASSERT_TRUE(tidy.has_value()) << tidy.error().ToText();
  EXPECT_THAT(Codes(*tidy), ElementsAre("E08000038", "E08000039"));
}

TEST(AreaCodes, ADimensionOrTheSheetsNameMayHoldTheName) {
  std::string text = RecipeOf("from = \"area\"", "columns.area = { role = \"dimension\", from = \"sheet\" }");
  EditableWorkbook book = Months({{"", "All causes"}}, false);
  book.Rename("Data", "City of London");
  const auto refused = TidyAreas(book, text);
  ASSERT_FALSE(refused.has_value()) << "a dimension without a column has no cell to look up";
  const auto tidy = TidyAreas(book, RecipeOf("from = \"sheet\""));
  ASSERT_TRUE(tidy.has_value()) << tidy.error().ToText();
  EXPECT_THAT(Codes(*tidy), ElementsAre("E09000001"));
}

TEST(AreaCodes, WithoutARegisterNothingIsFound) {
  const auto tidy = TidyAreas(Months({{"", "EAST"}}, false), RecipeOf("from = \"label\""), "");
  ASSERT_FALSE(tidy.has_value());
  EXPECT_EQ(tidy.error().ToText(),
            "codes.xls, 'Data': register-missing: columns.code needs the register of areas to find names");
}

}  // namespace
}  // namespace tidemill::transform
