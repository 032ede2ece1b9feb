// SPDX-License-Identifier: Apache-2.0
#include <limits>
#include <optional>

#include <arrow/api.h>
#include <arrow/io/memory.h>
#include <arrow/ipc/reader.h>
#include <gtest/gtest.h>

#include "tidemill/query/encode_arrow.h"
#include "tidemill/query/encode_csv.h"
#include "tidemill/query/encode_ndjson.h"

namespace tidemill::query {
namespace {

template <class Builder, class Value>
std::shared_ptr<arrow::Array> Built(Builder builder, const std::vector<std::optional<Value>>& values) {
  for (const auto& value : values) EXPECT_TRUE((value ? builder.Append(*value) : builder.AppendNull()).ok());
  return builder.Finish().ValueOrDie();
}

template <class Builder, class Value>
std::shared_ptr<arrow::Array> Of(const std::vector<std::optional<Value>>& values) {
  return Built(Builder(), values);
}

std::shared_ptr<arrow::Array> Moments(arrow::TimeUnit::type unit, const std::string& zone,
                                      const std::vector<std::optional<std::int64_t>>& values) {
  return Built(arrow::TimestampBuilder(arrow::timestamp(unit, zone), arrow::default_memory_pool()), values);
}

std::shared_ptr<arrow::RecordBatch> Batch(
    const std::vector<std::pair<std::string, std::shared_ptr<arrow::Array>>>& columns) {
  arrow::FieldVector fields;
  arrow::ArrayVector arrays;
  for (const auto& [name, array] : columns) {
    fields.push_back(arrow::field(name, array->type()));
    arrays.push_back(array);
  }
  return arrow::RecordBatch::Make(arrow::schema(fields), arrays.front()->length(), arrays);
}

std::shared_ptr<arrow::RecordBatchReader> Reader(const std::shared_ptr<arrow::RecordBatch>& batch) {
  return arrow::RecordBatchReader::Make({batch, batch}).ValueOrDie();
}

template <class Encode>
std::string Text(const Encode& encode, const std::shared_ptr<arrow::RecordBatch>& batch) {
  std::string text;
  const auto status = encode(*Reader(batch), [&](std::string_view piece) -> base::Status {
    text += piece;
    return {};
  });
  EXPECT_TRUE(status.has_value());
  return text;
}

// Every type, a row of values and one of nulls.
std::shared_ptr<arrow::RecordBatch> AllTypes() {
  return Batch({{"i", Of<arrow::Int64Builder, std::int64_t>({-9'007'199'254'740'993, {}})},
                {"u", Of<arrow::UInt8Builder, std::uint8_t>({255, {}})},
                {"f", Of<arrow::DoubleBuilder, double>({0.1, {}})},
                {"g", Of<arrow::FloatBuilder, float>({0.1F, {}})},
                {"b", Of<arrow::BooleanBuilder, bool>({true, {}})},
                {"s", Of<arrow::StringBuilder, std::string>({"x,\"y\"\n", {}})},
                {"w", Of<arrow::StringDictionary32Builder, std::string>({"a word", {}})},
                {"d", Of<arrow::Date32Builder, std::int32_t>({-1, {}})},
                {"t", Moments(arrow::TimeUnit::MILLI, "", {-1, {}})},
                {"z", Moments(arrow::TimeUnit::NANO, "UTC", {1'000'000'001'500'000, {}})}});
}

TEST(EncodeCsv, WritesEveryType) {
  const std::string row =
      "-9007199254740993,255,0.1,0.1,true,\"x,\"\"y\"\"\n\",a word,1969-12-31,1969-12-31T23:59:59.999,"
      "1970-01-12T13:46:40.0015Z\n";
  const std::string nulls = ",,,,,,,,,\n";
  EXPECT_EQ(Text(&EncodeCsv, AllTypes()), "i,u,f,g,b,s,w,d,t,z\n" + row + nulls + row + nulls);
}

TEST(EncodeCsv, TellsEmptyTextsFromNulls) {
  EXPECT_EQ(Text(&EncodeCsv, Batch({{"a,b", Of<arrow::StringBuilder, std::string>({"", {}})},
                                    {"n", Of<arrow::DoubleBuilder, double>({1e15, std::nan("")})}})),
            "\"a,b\",n\n\"\",1e+15\n,\n\"\",1e+15\n,\n");
}

TEST(EncodeNdjson, WritesEveryType) {
  const std::string row =
      R"({"i":-9007199254740993,"u":255,"f":0.1,"g":0.1,"b":true,"s":"x,\"y\"\n","w":"a word","d":"1969-12-31",)"
      R"("t":"1969-12-31T23:59:59.999","z":"1970-01-12T13:46:40.0015Z"})"
      "\n";
  const std::string nulls =
      R"({"i":null,"u":null,"f":null,"g":null,"b":null,"s":null,"w":null,"d":null,"t":null,"z":null})"
      "\n";
  EXPECT_EQ(Text(&EncodeNdjson, AllTypes()), row + nulls + row + nulls);
}

TEST(EncodeNdjson, HasNoNumberThatIsNotFinite) {
  EXPECT_EQ(
      Text(&EncodeNdjson, Batch({{"\"", Of<arrow::DoubleBuilder, double>({std::numeric_limits<double>::infinity()})}})),
      "{\"\\\"\":null}\n{\"\\\"\":null}\n");
}

TEST(EncodeText, RefusesTypesWithoutAText) {
  std::string out;
  const auto status =
      AppendCsv(out, *Batch({{"x", arrow::MakeArrayOfNull(arrow::duration(arrow::TimeUnit::SECOND), 1).ValueOrDie()}}));
  EXPECT_EQ(status.error().code, base::ErrorCode::kUnsupported);
  EXPECT_EQ(out, "");
}

TEST(EncodeArrow, ReadsBack) {
  const std::string bytes = Text(&EncodeArrow, AllTypes());
  const auto file = arrow::ipc::RecordBatchFileReader::Open(
                        std::make_shared<arrow::io::BufferReader>(arrow::Buffer::FromString(bytes)))
                        .ValueOrDie();
  ASSERT_EQ(file->num_record_batches(), 2);
  EXPECT_TRUE(file->ReadRecordBatch(1).ValueOrDie()->Equals(*AllTypes()));
}

TEST(Encode, GivesTheSinksErrorOn) {
  const base::ByteSink full = [](std::string_view) -> base::Status {
    return base::Fail(base::ErrorCode::kUnavailable, "the disk is full");
  };
  EXPECT_EQ(EncodeCsv(*Reader(AllTypes()), full).error().message, "the disk is full");
  EXPECT_EQ(EncodeNdjson(*Reader(AllTypes()), full).error().message, "the disk is full");
  EXPECT_EQ(EncodeArrow(*Reader(AllTypes()), full).error().message, "the disk is full");
}

}  // namespace
}  // namespace tidemill::query
