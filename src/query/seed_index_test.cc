// SPDX-License-Identifier: Apache-2.0
#include "tidemill/query/seed_index.h"

#include <limits>

#include <gtest/gtest.h>

namespace tidemill::query {
namespace {

std::string Repr(double value) {
  std::string text;
  AppendPythonRepr(text, value);
  return text;
}

TEST(AppendPythonRepr, WritesAsPythonDoes) {
  EXPECT_EQ(Repr(267), "267.0");
  EXPECT_EQ(Repr(0), "0.0");
  EXPECT_EQ(Repr(-0.0), "-0.0");
  EXPECT_EQ(Repr(-12.5), "-12.5");
  EXPECT_EQ(Repr(static_cast<double>(16777217.0F)), "16777216.0");
  EXPECT_EQ(Repr(static_cast<double>(0.1F)), "0.10000000149011612");
  EXPECT_EQ(Repr(static_cast<double>(1e20F)), "1.0000000200408773e+20");
  EXPECT_EQ(Repr(1e15), "1000000000000000.0");
  EXPECT_EQ(Repr(9999999999999998.0), "9999999999999998.0");
  EXPECT_EQ(Repr(1e16), "1e+16");
  EXPECT_EQ(Repr(1.5e16), "1.5e+16");
  EXPECT_EQ(Repr(0.0001), "0.0001");
  EXPECT_EQ(Repr(0.00001), "1e-05");
  EXPECT_EQ(Repr(0.00012345), "0.00012345");
  EXPECT_EQ(Repr(123456.789), "123456.789");
  EXPECT_EQ(Repr(1e-300), "1e-300");
  EXPECT_EQ(Repr(5e-324), "5e-324");
  EXPECT_EQ(Repr(std::numeric_limits<double>::max()), "1.7976931348623157e+308");
}

std::string Body(const SeedIndex& index, std::int64_t year, std::string_view code) {
  std::string body;
  index.AppendBody(body, year, code);
  return body;
}

constexpr float kNone = std::numeric_limits<float>::quiet_NaN();

TEST(SeedIndex, AnswersInTimeOrderWithTheLastOfADate) {
  // 17563 is 2018-02-01.
  const SeedIndex index({"A \"1\"", "B"}, {{1, 2018, {17563, 5}},
                                           {0, 2018, {17600, 7}},
                                           {0, 2018, {17563, 1}},
                                           {0, 2018, {17563, 2}},
                                           {0, 2019, {17930, kNone}}});
  EXPECT_EQ(Body(index, 2018, "A \"1\""),
            "{\"year\":2018,\"geo_code\":\"A \\\"1\\\"\",\"data\":{\"2018-02-01\":2.0,\"2018-03-10\":7.0}}");
  EXPECT_EQ(Body(index, 2019, "A \"1\""),
            "{\"year\":2019,\"geo_code\":\"A \\\"1\\\"\",\"data\":{\"2019-02-03\":null}}");
  EXPECT_EQ(Body(index, 2018, "B"), "{\"year\":2018,\"geo_code\":\"B\",\"data\":{\"2018-02-01\":5.0}}");
  EXPECT_EQ(index.newest_year(), 2019);
  EXPECT_EQ(index.pairs().size(), 3U);
}

TEST(SeedIndex, AnswersWithoutDataForWhatItDoesNotHave) {
  const SeedIndex index({"A"}, {{0, 2018, {17563, 1}}});
  EXPECT_EQ(Body(index, 2017, "A"), "{\"year\":2017,\"geo_code\":\"A\",\"data\":{}}");
  EXPECT_EQ(Body(index, -3, "z\x01\xC3\xA9\n"), "{\"year\":-3,\"geo_code\":\"z\\u0001\xC3\xA9\\n\",\"data\":{}}");
}

}  // namespace
}  // namespace tidemill::query
