// SPDX-License-Identifier: Apache-2.0
#include "tidemill/frame/parquet.h"

#include <random>

#include <arrow/buffer.h>
#include <arrow/io/memory.h>
#include <arrow/table.h>
#include <arrow/type.h>
#include <arrow/util/key_value_metadata.h>
#include <dlfcn.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <parquet/file_reader.h>
#include <parquet/metadata.h>
#include <parquet/statistics.h>

#include "tidemill/dataset/dataset.h"
#include "tidemill/dataset/testing/tables.h"

namespace tidemill::dataset {
namespace {

using frame::Column;
using frame::ColumnKind;
using frame::Frame;
using ::testing::HasSubstr;

std::shared_ptr<parquet::FileMetaData> FooterOf(const std::string& bytes) {
  return parquet::ParquetFileReader::Open(std::make_shared<arrow::io::BufferReader>(arrow::Buffer::FromString(bytes)))
      ->metadata();
}

// Arrow reads the bytes and finds the frame: its types, metadata and every cell.
void ExpectReadsBack(const Frame& rows, const frame::ParquetOptions& options) {
  const auto bytes = frame::ToParquet(rows, options);
  ASSERT_TRUE(bytes) << bytes.error().ToText();
  const auto table = FromParquet(*bytes);
  ASSERT_TRUE(table) << table.error().ToText();
  ASSERT_TRUE((*table)->ValidateFull().ok());
  const auto again = ToFrame(**table);
  ASSERT_TRUE(again) << again.error().ToText();
  ASSERT_EQ(again->rows, rows.rows);
  ASSERT_EQ(again->columns.size(), rows.columns.size());
  EXPECT_EQ(again->metadata, rows.metadata);
  for (std::size_t i = 0; i < rows.columns.size(); ++i) {
    const Column& was = rows.columns[i];
    const Column& is = again->columns[i];
    EXPECT_EQ(is.name, was.name);
    EXPECT_EQ(is.kind, was.kind) << was.name;
    EXPECT_EQ(is.metadata, was.metadata) << was.name;
    EXPECT_EQ(is.precision, was.precision) << was.name;
    EXPECT_EQ(is.scale, was.scale) << was.name;
    for (std::size_t row = 0; row < rows.rows; ++row) {
      ASSERT_EQ(is.IsNull(row), was.IsNull(row)) << was.name << ' ' << row;
      if (was.IsNull(row)) continue;
      if (was.is_text()) {
        ASSERT_EQ(is.TextAt(row), was.TextAt(row)) << was.name << ' ' << row;
      } else if (was.is_float()) {
        ASSERT_EQ(is.doubles[row], was.doubles[row]) << was.name << ' ' << row;
      } else {
        ASSERT_EQ(is.ints[row], was.ints[row]) << was.name << ' ' << row;
      }
    }
  }
}

class RandomFrames {
 public:
  explicit RandomFrames(unsigned seed) : random_(seed) {}
  Frame Make(std::size_t rows) {
    Frame made{.rows = rows, .columns = {}, .metadata = {{"pandas", "{}"}, {"more", ""}}};
    for (const ColumnKind kind : {ColumnKind::kText, ColumnKind::kPlainText, ColumnKind::kInt16, ColumnKind::kInt32,
                                  ColumnKind::kInt64, ColumnKind::kFloat32, ColumnKind::kFloat64, ColumnKind::kDate32,
                                  ColumnKind::kTimestampNs, ColumnKind::kDecimal}) {
      for (const std::size_t different : {1U, 9U, 1'000'000U}) {
        made.columns.push_back(MakeColumn(kind, rows, different, /*nulls=*/different == 9 ? 3 : 0));
      }
      made.columns.push_back(MakeColumn(kind, rows, 5, /*nulls=*/1));
    }
    return made;
  }

 private:
  // `different` values at most; one row in `nulls` is null, all where it is 1.
  Column MakeColumn(ColumnKind kind, std::size_t rows, std::size_t different, std::size_t nulls) {
    Column column{.name = "c" + std::to_string(random_() % 1'000'000), .kind = kind};
    if (kind == ColumnKind::kDecimal) {
      column.precision = different < 10 ? 3 : 18;
      column.scale = 2;
    }
    if (random_() % 2 == 0) column.metadata = {{"tidemill.role", "dimension"}, {"note", "Ynys Môn, \"quoted\""}};
    if (column.is_text()) {
      for (std::size_t i = 0; i < std::min<std::size_t>(different, 5'000); ++i) {
        column.words.push_back(std::string(random_() % 20, static_cast<char>('a' + i % 26)) + std::to_string(i));
      }
    }
    for (std::size_t row = 0; row < rows; ++row) {
      const std::size_t value = random_() % different;
      const bool null = nulls > 0 && random_() % nulls == 0;
      if (column.is_text()) {
        column.codes.push_back(null ? -1 : static_cast<std::int32_t>(value % column.words.size()));
        continue;
      }
      if (nulls > 0) column.valid.push_back(null ? 0 : 1);
      const auto number = static_cast<std::int64_t>(value) - 3;
      if (column.is_float()) {
        column.doubles.push_back(static_cast<double>(number) / 4);
      } else {
        column.ints.push_back(kind == ColumnKind::kInt16 ? number % 30'000 : number);
      }
    }
    return column;
  }
  std::mt19937 random_;
};

TEST(Parquet, ArrowReadsBackWhatWasWritten) {
  unsigned seed = 1;
  for (const std::size_t rows : {0U, 1U, 7U, 8U, 9U, 1'000U, 40'000U}) {
    for (const frame::ParquetCodec codec : {frame::ParquetCodec::kZstd, frame::ParquetCodec::kSnappy}) {
      for (const std::size_t group : {10'000U, 100'000U}) {
        ExpectReadsBack(RandomFrames(seed++).Make(rows),
                        {.codec = codec, .rows_per_group = group, .created_by = "tidemill version 1"});
      }
    }
  }
}

TEST(Parquet, LongTextsAreNoDictionary) {
  Column texts{.name = "note", .kind = ColumnKind::kText};
  for (int i = 0; i < 3'000; ++i) {
    texts.words.push_back(std::string(1'000, 'x') + std::to_string(i));
    texts.codes.push_back(i % 5 == 0 ? -1 : i);
  }
  ExpectReadsBack({.rows = 3'000, .columns = {texts}, .metadata = {}}, {.created_by = "tidemill version 1"});
}

TEST(Parquet, ManyColumnsAreRead) {
  Frame wide{.rows = 1, .columns = {}, .metadata = {}};
  for (int i = 0; i < 300; ++i) wide.columns.push_back({.name = std::to_string(i), .codes = {0}, .words = {"x"}});
  ExpectReadsBack(wide, {.created_by = "tidemill version 1"});
}

TEST(Parquet, TheSameRowsAreTheSameBytes) {
  const auto rows = testing::ManyRows(20, 12);
  EXPECT_EQ(*ToVersionParquet(testing::DeathsFrame(rows)), *ToVersionParquet(testing::DeathsFrame(rows)));
}

TEST(Parquet, SaysWhoWroteItAndKeepsGroupsSmall) {
  const auto footer = FooterOf(*ToVersionParquet(testing::DeathsFrame(testing::ManyRows(1'000, 40))));
  EXPECT_THAT(footer->created_by(), ::testing::StartsWith("tidemill version "));
  EXPECT_EQ(footer->version(), parquet::ParquetVersion::PARQUET_2_6);
  EXPECT_EQ(footer->num_row_groups(), 2);
  EXPECT_EQ(footer->RowGroup(0)->ColumnChunk(0)->compression(), parquet::Compression::ZSTD);
}

TEST(Parquet, TellsTheRangeOfEachGroup) {
  const auto footer = FooterOf(*ToVersionParquet(testing::DeathsFrame({{"W06000001", "Ynys Môn", "2018-01", 81},
                                                                       {"E08000007", "Stockport", "2018-02", 298},
                                                                       {"E08000008", "Tameside", "2018-02", {}}})));
  const auto group = footer->RowGroup(0);
  const auto codes = group->ColumnChunk(0)->statistics();
  ASSERT_TRUE(codes && codes->HasMinMax());
  EXPECT_EQ(codes->EncodeMin(), "E08000007");
  EXPECT_EQ(codes->EncodeMax(), "W06000001");
  EXPECT_EQ(codes->null_count(), 0);
  const auto deaths = std::static_pointer_cast<parquet::Int32Statistics>(group->ColumnChunk(3)->statistics());
  ASSERT_TRUE(deaths && deaths->HasMinMax());
  EXPECT_EQ(deaths->min(), 81);
  EXPECT_EQ(deaths->max(), 298);
  EXPECT_EQ(deaths->null_count(), 1);
}

TEST(Parquet, ZerosAndWhatIsNoNumberAreRead) {
  const double nan = std::nan("");
  const double infinity = std::numeric_limits<double>::infinity();
  const Column numbers{
      .name = "rate", .kind = ColumnKind::kFloat64, .doubles = {0.0, -0.0, nan, infinity, -infinity, 1.5}};
  const auto bytes = frame::ToParquet({.rows = 6, .columns = {numbers}, .metadata = {}}, {.created_by = "t"});
  const auto again = ToFrame(**FromParquet(*bytes));
  EXPECT_TRUE(std::isnan(again->columns[0].doubles[2]));
  EXPECT_TRUE(std::signbit(again->columns[0].doubles[1]));
  const auto statistics =
      std::static_pointer_cast<parquet::DoubleStatistics>(FooterOf(*bytes)->RowGroup(0)->ColumnChunk(0)->statistics());
  EXPECT_EQ(statistics->min(), -infinity);
  EXPECT_EQ(statistics->max(), infinity);
}

TEST(Parquet, ThePlainFileIsWhatPandasWouldHaveWritten) {
  const auto rows = testing::CompatFrame({{"E08000007", "Stockport", "2017-04", 298}});
  const auto bytes = ToPlainParquet(*rows);
  ASSERT_TRUE(bytes);
  const auto footer = FooterOf(*bytes);
  EXPECT_EQ(footer->num_row_groups(), 1);
  EXPECT_EQ(footer->RowGroup(0)->ColumnChunk(0)->compression(), parquet::Compression::SNAPPY);
  const auto again = FromParquet(*bytes);
  ASSERT_TRUE(again);
  EXPECT_TRUE((*again)->Equals(**ToArrow(*rows)));
  EXPECT_EQ((*again)->schema()->field(5)->type()->ToString(), "timestamp[ns]");
}

TEST(Parquet, WhatIsNoneIsMalformed) {
  const std::string whole = *ToVersionParquet(testing::DeathsFrame(testing::ManyRows(3, 3)));
  for (const std::string& bytes : {std::string(), std::string("<html>not found</html>"), whole.substr(0, 100),
                                   whole.substr(0, whole.size() - 1)}) {
    const auto table = FromParquet(bytes);
    ASSERT_FALSE(table);
    EXPECT_EQ(table.error().code, base::ErrorCode::kMalformed) << table.error().ToText();
  }
}

// Damage must end in an error or in a table, never in a crash.
TEST(Parquet, AFlippedByteIsNoCrash) {
  const std::string whole = *ToVersionParquet(testing::DeathsFrame(testing::ManyRows(5, 5)));
  int errors = 0;
  for (std::size_t at = 0; at < whole.size(); at += 7) {
    std::string bytes = whole;
    bytes[at] = static_cast<char>(bytes[at] ^ 0x20);
    errors += FromParquet(bytes) ? 0 : 1;
  }
  EXPECT_GT(errors, 0);
}

// The wheel's libparquet exports an OpenSSL of its own: cmake/Arrow.cmake puts the system's before it.
TEST(Linking, OpenSslComesFromItsOwnLibrary) {
  void* symbol = ::dlsym(RTLD_DEFAULT, "SHA256_Init");
  ASSERT_NE(symbol, nullptr);
  Dl_info info{};
  ASSERT_NE(::dladdr(symbol, &info), 0);
  EXPECT_THAT(info.dli_fname, HasSubstr("libcrypto"));
}

}  // namespace
}  // namespace tidemill::dataset
