// SPDX-License-Identifier: Apache-2.0
#include "geo_code.h"

#include <gtest/gtest.h>

#include "area_codes.h"

namespace tidemill::transform {
namespace {

recipe::ColumnSpec Gss() {
  recipe::ColumnSpec column;
  column.system = "gss";
  column.split = ",";
  return column;
}

TEST(GeoCode, HasNineCharacters) {
  EXPECT_TRUE(IsGssCode("E06000047"));
  EXPECT_FALSE(IsGssCode("E0600004"));
  EXPECT_FALSE(IsGssCode("E06000047 "));
  EXPECT_FALSE(IsGssCode("e06000047"));
  EXPECT_FALSE(IsGssCode("E0600004O"));
}

TEST(GeoCode, KeepsIslesOfScillyWhoseCodeEndsInBlanks) {
  const CleanedCode code = CleanCode("E06000053  ", Gss());
  EXPECT_TRUE(code.valid);
  EXPECT_EQ(code.code, "E06000053");
}

TEST(GeoCode, JoinsTheCompoundTotal) {
  const CleanedCode code = CleanCode("K04000001, J99000001", Gss());
  EXPECT_TRUE(code.valid);
  EXPECT_EQ(code.code, "K04000001_J99000001");
  EXPECT_EQ(GeoType(code.code), "combined");
}

TEST(GeoCode, EachPartMustBeACode) {
  EXPECT_FALSE(CleanCode("K04000001, ", Gss()).valid);
  EXPECT_FALSE(CleanCode("Former districts of", Gss()).valid);
}

TEST(GeoCode, PadsNumbersThatLostTheirZero) {
  recipe::ColumnSpec column;
  column.pad = 2;
  EXPECT_EQ(CleanCode("9", column).code, "09");
  EXPECT_EQ(CleanCode("921", column).code, "921");
}

TEST(GeoCode, KnowsTheTypesOfAreas) {
  EXPECT_EQ(GeoType("K04000001"), "country");
  EXPECT_EQ(GeoType("E12000001"), "region");
  EXPECT_EQ(GeoType("E10000006"), "county");
  EXPECT_EQ(GeoType("E11000007"), "met-county");
  EXPECT_EQ(GeoType("E13000001"), "london-part");
  EXPECT_EQ(GeoType("W06000001"), "lad");
  EXPECT_EQ(GeoType("J99000001"), "elsewhere");
  EXPECT_EQ(GeoType("E47000001"), "E47");
  EXPECT_EQ(GeoType("name:bedford"), "");
}

constexpr std::string_view kRegister =
    "code,name,parent,from,to\n"
    "E10000009,Dorset,E12000009,2009-04-01,2019-04-01\n"
    "E06000058,\"Bournemouth, Christchurch and Poole\",E12000009,2019-04-01,\n"
    "E06000059,Dorset,E12000009,2019-04-01,\n"
    "E07000048,Christchurch,E10000009,2009-04-01,2019-04-01\n"
    "E12000009,South West,E92000001,2009-04-01,\n"
    "E07000112,Shepway,E10000016,2009-04-01,2018-04-01\n"
    "E07000112,Folkestone and Hythe,E10000016,2018-04-01,\n";

TEST(Register, FindsTheStateOfACodeOnADay) {
  const auto geography = Register::Parse(kRegister);
  ASSERT_TRUE(geography.has_value()) << geography.error().ToText();
  const auto day = [](std::string_view text) { return base::ParseDate(text).value(); };
  EXPECT_EQ(geography->Find("E07000112", day("2018-03-31"))->name, "Shepway");
  EXPECT_EQ(geography->Find("E07000112", day("2018-04-01"))->name, "Folkestone and Hythe");
  EXPECT_EQ(geography->Find("E06000058", day("2019-03-31")), nullptr);
  EXPECT_EQ(geography->FindAll("E06000058").front().name, "Bournemouth, Christchurch and Poole");
  EXPECT_TRUE(geography->FindAll("E06000057").empty());
}

TEST(Register, RefusesALineWithItsNumber) {
  const auto bad = Register::Parse("code,name,parent,from,to\nE06,Bad,,2009-04-01,\n");
  ASSERT_FALSE(bad.has_value());
  EXPECT_EQ(bad.error().ToText(), "register, line 2: 'E06' is not a GSS code");
  EXPECT_FALSE(Register::Parse("a,b\n").has_value());
  EXPECT_FALSE(Register::Parse("code,name,parent,from,to\nE06000058,\"x,E12000009,2019-04-01,\n").has_value());
  EXPECT_TRUE(Register::Parse("")->empty());
}

AreaOptions OptionsOf(const Register& geography, const std::vector<std::string>& codes) {
  AreaOptions options;
  for (const std::string& code : codes) {
    options.emplace_back();
    for (const Area& area : geography.FindAll(code)) options.back().push_back(&area);
  }
  return options;
}

TEST(Register, AFilesGeographyIsThatOfItsPublicationNotOfItsDataYear) {
  const auto geography = Register::Parse(kRegister);
  ASSERT_TRUE(geography.has_value());
  // The file of 2018, published in August 2019, has the districts of 2019.
  const auto fit = [&](const std::vector<std::string>& codes, int year) {
    return FitVintage(*geography, OptionsOf(*geography, codes), year);
  };
  EXPECT_EQ(fit({"E06000058", "E06000059", "E12000009"}, 2018), base::ParseDate("2019-04-01"));
  EXPECT_EQ(fit({"E07000048", "E10000009", "E12000009"}, 2017), base::ParseDate("2009-04-01"));
  EXPECT_EQ(fit({"E06000058"}, 2010), std::nullopt) << "2019 is more than two years later";
}

}  // namespace
}  // namespace tidemill::transform
