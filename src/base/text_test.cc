// SPDX-License-Identifier: Apache-2.0
#include "tidemill/base/text.h"

#include <gtest/gtest.h>

namespace tidemill::base {
namespace {

using namespace std::string_view_literals;

TEST(JsonString, EscapesWhatJsonForbidsAndNothingElse) {
  EXPECT_EQ(JsonString(""), R"("")");
  EXPECT_EQ(JsonString("plain ~ text"), R"("plain ~ text")");
  EXPECT_EQ(JsonString("\"\\/\n\r\t\b\f"), R"("\"\\/\n\r\t\b\f")");
  EXPECT_EQ(JsonString("\x01 \x1F \x7F \0"sv), "\"\\u0001 \\u001f \x7F \\u0000\"");
  EXPECT_EQ(JsonString("é 日 😀 x"), "\"é 日 😀 x\"");
}

TEST(JsonString, ReplacesBytesThatAreNoUtf8) {
  EXPECT_EQ(JsonString("a\xFF"
                       "b"),
            "\"a\xEF\xBF\xBD"
            "b\"");
  EXPECT_EQ(JsonString("cut \xE6\x97"), "\"cut \xEF\xBF\xBD\xEF\xBF\xBD\"");
  EXPECT_EQ(JsonString("\xED\xA0\x80"), "\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\"");
}

}  // namespace
}  // namespace tidemill::base
