// SPDX-License-Identifier: Apache-2.0
#include "delta_log.h"

#include <filesystem>
#include <fstream>
#include <iterator>

#include <arrow/table.h>
#include <arrow/type.h>
#include <arrow/util/key_value_metadata.h>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tidemill/base/testing/memory_store.h"
#include "tidemill/dataset/dataset.h"
#include "tidemill/dataset/testing/tables.h"

#include "column_codes.h"

namespace tidemill::dataset {
namespace {

using base::testing::MemoryStore;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr const char* kProtocol = R"({"protocol":{"minReaderVersion":1,"minWriterVersion":2}})";
constexpr const char* kMetaData =
    R"({"metaData":{"id":"some-id","format":{"provider":"parquet","options":{}},"schemaString":"{\"type\":\"struct\",)"
    R"(\"fields\":[{\"name\":\"a\",\"type\":\"integer\",\"nullable\":true,\"metadata\":{\"n\":7}}]}",)"
    R"("partitionColumns":[],"configuration":{"delta.appendOnly":"false","owner":"me"}}})";

class Log : public ::testing::Test {
 protected:
  void Commit(std::int64_t number, const std::vector<std::string>& lines) {
    std::string text;
    for (const auto& line : lines) text += line + "\n";
    EXPECT_TRUE(store_.Put(CommitPath("t", number), text));
  }
  base::Error ErrorOfLoad(std::optional<std::int64_t> number = {}) {
    const auto version = LoadVersion(store_, "t", number);
    return version ? base::Error{.message = "loaded"} : version.error();
  }
  MemoryStore store_;
};

TEST_F(Log, ReadsWhatAnotherWriterCommitted) {
  Commit(0,
         {R"({"commitInfo":{"timestamp":1700000000123,"operation":"WRITE","more":{"deep":[1]}}})", kProtocol, kMetaData,
          R"({"add":{"path":"year%3D1/a%20b.parquet","partitionValues":{"y":"1","z":null},"size":10,)"
          R"("modificationTime":1,"dataChange":true,"stats":"{\"numRecords\":5}"}})"});
  const auto version = LoadVersion(store_, "t");
  ASSERT_TRUE(version) << version.error().ToText();
  EXPECT_EQ(version->recorded, base::Time(std::chrono::milliseconds(1'700'000'000'123)));
  EXPECT_EQ(version->table_id, "some-id");
  EXPECT_EQ(version->facts.configuration, (std::map<std::string, std::string>{{"owner", "me"}}));
  ASSERT_EQ(version->files.size(), 1U);
  EXPECT_EQ(version->files[0].path, "year=1/a b.parquet");
  EXPECT_EQ(version->files[0].rows, 5);
  EXPECT_EQ(version->files[0].partition.at("y"), "1");
  EXPECT_EQ(version->files[0].partition.at("z"), std::nullopt);
  EXPECT_TRUE(version->commit.run_id.empty());
}

TEST_F(Log, AnEmptyTableHasColumnsAndNoRows) {
  Commit(0, {kProtocol, kMetaData});
  const auto rows = ReadRows(store_, "t", *LoadVersion(store_, "t"));
  ASSERT_TRUE(rows) << rows.error().ToText();
  EXPECT_EQ((*rows)->num_rows(), 0);
  EXPECT_EQ((*rows)->schema()->field(0)->type()->ToString(), "int32");
  EXPECT_EQ((*rows)->schema()->field(0)->metadata()->ToString(), "\n-- metadata --\nn: 7");
}

TEST_F(Log, BrokenJsonIsMalformedWithFileAndLine) {
  Commit(0, {kProtocol, kMetaData, R"({"add":{"path":)"});
  const auto error = ErrorOfLoad();
  EXPECT_EQ(error.code, base::ErrorCode::kMalformed);
  EXPECT_EQ(error.place, "t/_delta_log/00000000000000000000.json:3");
  EXPECT_THAT(error.message, HasSubstr("broken JSON"));
}

TEST_F(Log, AMissingCommitIsNamed) {
  Commit(0, {kProtocol, kMetaData});
  Commit(2, {R"({"remove":{"path":"x"}})"});
  EXPECT_THAT(ErrorOfLoad().ToText(), HasSubstr("00000000000000000001.json: commit 1 is missing"));
  EXPECT_EQ(ErrorOfLoad(0).message, "loaded");
  EXPECT_EQ(LoadHistory(store_, "t").error().code, base::ErrorCode::kMalformed);
}

TEST_F(Log, NoMetaDataIsMalformed) {
  Commit(0, {kProtocol});
  EXPECT_THAT(ErrorOfLoad().message, HasSubstr("no metaData"));
}

struct Refusal {
  std::string name, line, expected;
};
class Refusing : public Log, public ::testing::WithParamInterface<Refusal> {};

TEST_P(Refusing, NamesTheFeatureThatItDoesNotKnow) {
  Commit(0, {kProtocol, kMetaData, GetParam().line});
  const auto error = ErrorOfLoad();
  EXPECT_EQ(error.code, base::ErrorCode::kUnsupported) << error.ToText();
  EXPECT_THAT(error.ToText(), HasSubstr(GetParam().expected));
}

INSTANTIATE_TEST_SUITE_P(
    Features, Refusing,
    ::testing::Values(
        Refusal{"Version", R"({"protocol":{"minReaderVersion":4,"minWriterVersion":7}})", "reader version 4"},
        Refusal{"Feature",
                R"({"protocol":{"minReaderVersion":3,"minWriterVersion":7,"readerFeatures":["typeWidening"]}})",
                "'typeWidening'"},
        Refusal{"DeletionVector",
                R"({"add":{"path":"a.parquet","size":1,"deletionVector":{"storageType":"u","pathOrInlineDv":"ab"}}})",
                "deletion vectors (file 'a.parquet')"},
        Refusal{"ColumnMapping",
                R"({"metaData":{"id":"i","schemaString":"{\"type\":\"struct\",\"fields\":[]}",)"
                R"("configuration":{"delta.columnMapping.mode":"name"}}})",
                "column mapping by name"},
        Refusal{"AbsolutePath", R"({"add":{"path":"s3://other/a.parquet","size":1}})", "is absolute"}),
    [](const auto& test) { return test.param.name; });

TEST_F(Log, PublishingOntoATableOfNewerWritersIsRefused) {
  Commit(0, {R"({"protocol":{"minReaderVersion":1,"minWriterVersion":4}})", kMetaData});
  Draft draft = testing::DeathsDraft({{"A", "Ay", "2018-01", 1}}, "run-1");
  draft.table = "t";
  const auto published = Publish(store_, draft, base::SystemClock());
  ASSERT_FALSE(published);
  EXPECT_EQ(published.error().code, base::ErrorCode::kUnsupported);
  EXPECT_THAT(published.error().message, HasSubstr("version 4 of the protocol for writers"));
}

TEST_F(Log, HalfACheckpointIsLeftAlone) {
  Commit(0, {kProtocol, kMetaData});
  ASSERT_TRUE(store_.Put("t/_delta_log/00000000000000000000.checkpoint.0000000001.0000000002.parquet", "not whole"));
  ASSERT_TRUE(store_.Put("t/_delta_log/00000000000000000000.checkpoint.0000000003.0000000002.parquet", "no part"));
  EXPECT_EQ(ErrorOfLoad().message, "loaded");
}

TEST_F(Log, ABrokenCheckpointIsMalformedWithItsName) {
  Commit(0, {kProtocol, kMetaData});
  ASSERT_TRUE(store_.Put("t/_delta_log/00000000000000000000.checkpoint.parquet", "PAR1 not really PAR1"));
  const auto error = ErrorOfLoad();
  EXPECT_EQ(error.code, base::ErrorCode::kMalformed);
  EXPECT_THAT(error.place, HasSubstr("checkpoint.parquet"));
}

// Tables that delta-rs wrote: tests/data/delta/make.py.
std::vector<std::string> RowsAsTexts(const arrow::Table& rows) {
  std::vector<std::string> texts;
  for (std::int64_t row = 0; row < rows.num_rows(); ++row) {
    std::string text;
    for (int column = 0; column < rows.num_columns(); ++column) {
      text += (column > 0 ? " " : "") + CellText(*rows.column(column), row);
    }
    texts.push_back(std::move(text));
  }
  std::sort(texts.begin(), texts.end());
  return texts;
}

class ForeignTables : public ::testing::TestWithParam<const char*> {};

TEST_P(ForeignTables, AreReadFromTheirCheckpoint) {
  const auto store = base::OpenLocalStore(TIDEMILL_SOURCE_DIR "/tests/data/delta");
  ASSERT_TRUE(store);
  const auto version = LoadVersion(**store, GetParam());
  ASSERT_TRUE(version) << version.error().ToText();
  EXPECT_EQ(version->number, 3);
  EXPECT_EQ(version->facts.title, "Foreign");
  EXPECT_EQ(version->facts.description, "by another writer");
  EXPECT_THAT(version->partition_columns, ElementsAre("year"));
  const auto rows = ReadRows(**store, GetParam(), *version);
  ASSERT_TRUE(rows) << rows.error().ToText();
  EXPECT_THAT(RowsAsTexts(**rows),
              ElementsAre("2019 A 0/ü 0", "2019 A 2/ü 2", "2020 A 3/ü 3", "2020 A 4/ü 4", "2021 A 5/ü 5"));
  const auto before = LoadVersion(**store, GetParam(), 2);
  ASSERT_TRUE(before) << before.error().ToText();
  EXPECT_EQ((*ReadRows(**store, GetParam(), *before))->num_rows(), 4);
  EXPECT_EQ(LoadHistory(**store, GetParam())->size(), 2U);
  EXPECT_EQ(LoadVersion(**store, GetParam(), 1).error().code, base::ErrorCode::kMalformed);
}

INSTANTIATE_TEST_SUITE_P(DeltaRs, ForeignTables, ::testing::Values("checkpoint", "multipart"));

}  // namespace
}  // namespace tidemill::dataset
