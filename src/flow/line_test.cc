// SPDX-License-Identifier: Apache-2.0
#include "line.h"

#include <gtest/gtest.h>

namespace tidemill::flow {
namespace {

using namespace std::chrono_literals;

TEST(ForTerminal, KeepsTextAndLetters) {
  EXPECT_EQ(ForTerminal("Ynys Môn — 2018.xls"), "Ynys Môn — 2018.xls");
}

TEST(ForTerminal, ShowsControlCharactersEscaped) {
  EXPECT_EQ(ForTerminal("a\x1b[2Jb\rc\x7f"), "a\\x1b[2Jb\\x0dc\\x7f");
  EXPECT_EQ(ForTerminal("\xc2\x9b"), "\\xc2\\x9b");  // the one-character form of ESC [
}

TEST(ForTerminal, ShowsTheBytesOfWhatIsNotUtf8) {
  EXPECT_EQ(ForTerminal("\xff\xc3"), "\\xff\\xc3");
  EXPECT_EQ(ForTerminal("\xc0\x80"), "\\xc0\\x80");
}

TEST(ForTerminal, IndentsFurtherLines) {
  EXPECT_EQ(ForTerminal("two\nlines\tof"), "two\n    lines of");
}

TEST(CutTo, CountsCharactersNotBytes) {
  EXPECT_EQ(CutTo("Môn", 3), "Môn");
  EXPECT_EQ(CutTo("Môn", 2), "Mô");
  EXPECT_EQ(CutTo("Môn", 0), "");
}

TEST(Lasted, ShowsWhatIsWorthShowing) {
  EXPECT_EQ(Lasted(354ms), "0.35 s");
  EXPECT_EQ(Lasted(12'340ms), "12.3 s");
  EXPECT_EQ(Lasted(125s), "2 min 5 s");
  EXPECT_EQ(Lasted(-1s), "0.00 s");
}

TEST(Clock24, AddsTheOffset) {
  EXPECT_EQ(Clock24(base::Time{23h + 5min + 9s}, 0min), "23:05:09");
  EXPECT_EQ(Clock24(base::Time{23h + 5min + 9s}, 60min), "00:05:09");
}

TEST(Bar, ShowsPartsAndCounts) {
  EXPECT_EQ(Bar(0, 10), "[                    ]   0 %");
  EXPECT_EQ(Bar(5, 10), "[##########          ]  50 %");
  EXPECT_EQ(Bar(20, 10), "[####################] 100 %");
  EXPECT_EQ(Bar(1'234'567, 0), "1,234,567");
  EXPECT_EQ(Bar(123, 0), "123");
}

}  // namespace
}  // namespace tidemill::flow
