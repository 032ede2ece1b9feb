// SPDX-License-Identifier: Apache-2.0
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

#include "tidemill/dataset/dataset.h"
#include "tidemill/dataset/testing/tables.h"

namespace tidemill::dataset {
namespace {

using ::testing::HasSubstr;

std::shared_ptr<parquet::FileMetaData> FooterOf(const std::string& bytes) {
  return parquet::ParquetFileReader::Open(std::make_shared<arrow::io::BufferReader>(arrow::Buffer::FromString(bytes)))
      ->metadata();
}

TEST(Parquet, ReadsBackWhatWasWritten) {
  for (const std::size_t areas : {0U, 1U, 1'000U}) {
    const auto table = testing::DeathsTable(testing::ManyRows(areas, 40));
    const auto bytes = ToParquet(*table);
    ASSERT_TRUE(bytes) << bytes.error().ToText();
    const auto again = FromParquet(*bytes);
    ASSERT_TRUE(again) << again.error().ToText();
    EXPECT_TRUE((*again)->Equals(*table));
    EXPECT_TRUE((*again)->schema()->Equals(*table->schema(), /*check_metadata=*/true));
  }
}

TEST(Parquet, TheSameRowsAreTheSameBytes) {
  const auto rows = testing::ManyRows(20, 12);
  EXPECT_EQ(*ToParquet(*testing::DeathsTable(rows)), *ToParquet(*testing::DeathsTable(rows)));
}

TEST(Parquet, SaysWhoWroteItAndKeepsGroupsSmall) {
  const auto footer = FooterOf(*ToParquet(*testing::DeathsTable(testing::ManyRows(1'000, 40))));
  EXPECT_THAT(footer->created_by(), ::testing::StartsWith("tidemill version "));
  EXPECT_EQ(footer->version(), parquet::ParquetVersion::PARQUET_2_6);
  EXPECT_EQ(footer->num_row_groups(), 2);
  EXPECT_EQ(footer->RowGroup(0)->ColumnChunk(0)->compression(), parquet::Compression::ZSTD);
}

TEST(Parquet, ThePlainFileIsWhatPandasWouldHaveWritten) {
  const auto rows = testing::CompatTable({{"E08000007", "Stockport", "2017-04", 298}});
  const auto bytes = ToParquet(*rows, /*pandas_index=*/true, /*snappy=*/true);
  ASSERT_TRUE(bytes);
  const auto footer = FooterOf(*bytes);
  EXPECT_EQ(footer->num_row_groups(), 1);
  EXPECT_EQ(footer->RowGroup(0)->ColumnChunk(0)->compression(), parquet::Compression::SNAPPY);
  const auto again = FromParquet(*bytes);
  ASSERT_TRUE(again);
  EXPECT_TRUE((*again)->Equals(*rows));
  EXPECT_EQ((*again)->schema()->field(5)->type()->ToString(), "timestamp[ns]");
  const auto pandas = (*again)->schema()->metadata()->Get("pandas");
  ASSERT_TRUE(pandas.ok());
  EXPECT_THAT(*pandas, HasSubstr(R"({"kind":"range","name":null,"start":0,"stop":1,"step":1})"));
  EXPECT_THAT(*pandas, HasSubstr(R"("name":"deaths","field_name":"deaths","pandas_type":"float32")"));
  EXPECT_THAT(*pandas, HasSubstr(R"("pandas_type":"datetime","numpy_type":"datetime64[ns]")"));
}

TEST(Parquet, WhatIsNoneIsMalformed) {
  const std::string whole = *ToParquet(*testing::DeathsTable(testing::ManyRows(3, 3)));
  for (const std::string& bytes : {std::string(), std::string("<html>not found</html>"), whole.substr(0, 100),
                                   whole.substr(0, whole.size() - 1)}) {
    const auto table = FromParquet(bytes);
    ASSERT_FALSE(table);
    EXPECT_EQ(table.error().code, base::ErrorCode::kMalformed) << table.error().ToText();
  }
}

// Damage must end in an error or in a table, never in a crash.
TEST(Parquet, AFlippedByteIsNoCrash) {
  const std::string whole = *ToParquet(*testing::DeathsTable(testing::ManyRows(5, 5)));
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
