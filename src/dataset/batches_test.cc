// SPDX-License-Identifier: Apache-2.0
#include "tidemill/dataset/batches.h"

#include <optional>
#include <string>
#include <vector>

#include <arrow/array/builder_binary.h>
#include <arrow/array/builder_dict.h>
#include <arrow/table.h>
#include <gtest/gtest.h>

namespace tidemill::dataset {
namespace {

using Texts = std::vector<std::optional<std::string>>;

template <class Builder>
std::string TypeOf(const Texts& texts) {
  Builder builder;
  for (const auto& text : texts) EXPECT_TRUE((text ? builder.Append(*text) : builder.AppendNull()).ok());
  const auto array = *builder.Finish();
  const auto table = arrow::Table::Make(arrow::schema({arrow::field("a", array->type())}), {array});
  const auto typed = TypeTexts(table);
  if (!typed) return typed.error().ToText();
  EXPECT_EQ((*typed)->column(0)->null_count(), array->null_count());
  return (*typed)->field(0)->type()->ToString();
}

TEST(TypeTextsTest, MakesNumbersOfPlainNumbersOnly) {
  const std::pair<Texts, std::string> cases[] = {
      {{"1", "-20", "0", std::nullopt}, "int64"},
      {{"1", "2.5"}, "double"},
      {{"1e3", "-0.5E-2"}, "double"},
      {{"007", "8"}, "string"},
      {{"00.5"}, "string"},
      {{"+1"}, "string"},
      {{"1,000"}, "string"},
      {{"1."}, "string"},
      {{".5"}, "string"},
      {{"1e"}, "string"},
      {{"-"}, "string"},
      {{""}, "string"},
      {{"NaN", "1"}, "string"},
      {{"1.5", "9007199254740993"}, "string"},
      {{"1.5", "9007199254740992"}, "double"},
      {{"0.5", "1e400"}, "string"},
      {{"0.1", "0.30000000000000004", "-0.0012345678901234567", "1.20E+25"}, "double"},
      {{"0.1234567890123456789"}, "string"},
      {{"999999999999999999"}, "int64"},
      {{"9999999999999999999"}, "string"},
      {{std::nullopt}, "string"},
      {{"E07000105", "1"}, "string"},
  };
  for (const auto& [texts, type] : cases) {
    EXPECT_EQ(TypeOf<arrow::StringBuilder>(texts), type) << texts.front().value_or("null");
    const std::string dictionary = TypeOf<arrow::StringDictionary32Builder>(texts);
    EXPECT_EQ(dictionary.starts_with("dictionary<") ? "string" : dictionary, type) << texts.front().value_or("null");
  }
}

}  // namespace
}  // namespace tidemill::dataset
