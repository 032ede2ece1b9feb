// SPDX-License-Identifier: Apache-2.0
#include "ole2.h"

#include <gtest/gtest.h>

#include "tidemill/workbook/testing/make_files.h"

namespace tidemill::workbook {
namespace {

using testing::MakeOle2;
using testing::U32;

std::string Pattern(std::size_t size) {
  std::string bytes(size, '\0');
  for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<char>('a' + i % 23);
  return bytes;
}

TEST(Ole2File, ReadsLargeStreamsAndThoseOfTheMiniStream) {
  const std::string large = Pattern(100'000);
  const std::string small = Pattern(300);
  const std::string bytes = MakeOle2({{"Other", small}, {"WorkBook", large}, {"Empty", ""}});
  const auto file = Ole2File::Open(bytes);
  ASSERT_TRUE(file.has_value());
  EXPECT_TRUE(file->Has("Workbook"));
  EXPECT_FALSE(file->Has("Book"));
  const Buffer stream = file->Read("Workbook");
  EXPECT_EQ(stream.view, large);
  EXPECT_EQ(stream.memory, nullptr);  // its sectors lie together
  EXPECT_EQ(file->Read("other").view, small);
  EXPECT_EQ(file->Read("empty").view, "");
  EXPECT_EQ(file->Read("absent").view, "");
}

TEST(Ole2File, PutsScatteredSectorsTogether) {
  std::string bytes = MakeOle2({{"Workbook", Pattern(5'120)}});
  // Sectors 0 to 9 in order 0, 9, 1 … 8: the bytes stay where they are.
  const std::size_t fat = bytes.size() - 512;
  bytes.replace(fat, 4, U32(9));
  bytes.replace(fat + 4 * 9, 4, U32(1));
  bytes.replace(fat + 4 * 8, 4, U32(0xFFFFFFFE));
  const auto file = Ole2File::Open(bytes);
  ASSERT_TRUE(file.has_value());
  const std::string pattern = Pattern(5'120);
  EXPECT_EQ(file->Read("Workbook").view, pattern.substr(0, 512) + pattern.substr(4'608) + pattern.substr(512, 4'096));
}

TEST(Ole2File, GivesScatteredSectorsAsPieces) {
  std::string bytes = MakeOle2({{"Workbook", Pattern(5'120)}});
  const std::size_t fat = bytes.size() - 512;
  bytes.replace(fat, 4, U32(9));
  bytes.replace(fat + 4 * 9, 4, U32(1));
  bytes.replace(fat + 4 * 8, 4, U32(0xFFFFFFFE));
  const PiecedBytes stream = Ole2File::Open(bytes)->Stream("Workbook");
  EXPECT_EQ(stream.size(), 5'120U);
  EXPECT_FALSE(stream.lie_together());
  const std::string pattern = Pattern(5'120);
  EXPECT_EQ(stream.PieceAt(500), pattern.substr(500, 12));
  EXPECT_EQ(stream.PieceAt(1'024), pattern.substr(512, 4'096));
  EXPECT_EQ(stream.PieceAt(5'120), "");
  EXPECT_EQ(stream.Part(1'030, 100).memory, nullptr);
  EXPECT_EQ(stream.Part(500, 600).view, pattern.substr(500, 12) + pattern.substr(4'608) + pattern.substr(512, 76));
  EXPECT_EQ(stream.Part(5'000, 600).view.size(), 120U);
}

TEST(Ole2File, ALoopEndsTheStream) {
  std::string bytes = MakeOle2({{"Workbook", Pattern(5'120)}});
  const std::size_t fat = bytes.size() - 512;
  bytes.replace(fat + 4 * 3, 4, U32(1));  // 0 1 2 3 1 2 3 …
  const auto file = Ole2File::Open(bytes);
  ASSERT_TRUE(file.has_value());
  EXPECT_EQ(file->Read("Workbook").view, Pattern(2'048));
}

TEST(Ole2File, AStreamEndsWhereTheFileDoes) {
  const std::string whole = MakeOle2({{"Workbook", Pattern(5'120)}});
  // The directory in front of the stream, so that the cut leaves it whole.
  const std::string bytes = whole.substr(0, whole.size() - 600);
  const auto file = Ole2File::Open(bytes);
  if (file) {
    EXPECT_LE(file->Read("Workbook").view.size(), 5'120U);
  } else {
    EXPECT_EQ(file.error().code, base::ErrorCode::kMalformed);
  }
}

TEST(Ole2File, WhatIsNoneIsRefused) {
  EXPECT_EQ(Ole2File::Open("").error().code, base::ErrorCode::kMalformed);
  EXPECT_EQ(Ole2File::Open("PK\x03\x04").error().code, base::ErrorCode::kMalformed);
  EXPECT_EQ(Ole2File::Open(MakeOle2({}).substr(0, 300)).error().code, base::ErrorCode::kMalformed);
  EXPECT_EQ(Ole2File::Open(MakeOle2({}).substr(0, 512)).error().code, base::ErrorCode::kMalformed);
}

}  // namespace
}  // namespace tidemill::workbook
