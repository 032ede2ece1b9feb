// SPDX-License-Identifier: Apache-2.0
#include "words.h"

#include <algorithm>
#include <limits>

#include <arrow/array.h>
#include <arrow/array/builder_binary.h>
#include <arrow/array/builder_primitive.h>
#include <arrow/type.h>

namespace tidemill::query {
namespace {

// Ids that are no word's are null.
template <class Builder>
std::shared_ptr<arrow::Array> MakeIndices(const Ids& ids, std::size_t words) {
  Builder builder;
  (void)builder.Reserve(static_cast<std::int64_t>(ids.size()));
  ids.Visit([&](const auto* id) {
    for (std::size_t i = 0; i < ids.size(); ++i) {
      if (id[i] >= words) {
        builder.UnsafeAppendNull();
      } else {
        builder.UnsafeAppend(static_cast<typename Builder::value_type>(id[i]));
      }
    }
  });
  return builder.Finish().ValueOrDie();
}

const arrow::DictionaryArray& AsWords(const arrow::Array& array) {
  return static_cast<const arrow::DictionaryArray&>(array);
}

}  // namespace

std::shared_ptr<arrow::Array> MakeWords(const std::vector<std::string>& words, const Ids& ids) {
  arrow::StringBuilder builder;
  (void)builder.AppendValues(words);
  std::shared_ptr<arrow::Array> dictionary = builder.Finish().ValueOrDie();
  std::shared_ptr<arrow::Array> numbers;
  if (words.size() <= std::numeric_limits<std::int8_t>::max()) {
    numbers = MakeIndices<arrow::Int8Builder>(ids, words.size());
  } else if (words.size() <= std::numeric_limits<std::int16_t>::max()) {
    numbers = MakeIndices<arrow::Int16Builder>(ids, words.size());
  } else {
    numbers = MakeIndices<arrow::Int32Builder>(ids, words.size());
  }
  return std::make_shared<arrow::DictionaryArray>(arrow::dictionary(numbers->type(), arrow::utf8()), numbers,
                                                  dictionary);
}

std::shared_ptr<arrow::Array> MakeWords(const std::vector<std::string>& texts) {
  std::vector<std::string> words = texts;
  std::sort(words.begin(), words.end());
  words.erase(std::unique(words.begin(), words.end()), words.end());
  Ids ids;
  ids.Append(texts.size(), static_cast<std::uint32_t>(words.size()),
             [&](std::size_t i) { return std::lower_bound(words.begin(), words.end(), texts[i]) - words.begin(); });
  return MakeWords(words, ids);
}

std::size_t WordCount(const arrow::Array& words) {
  return static_cast<std::size_t>(AsWords(words).dictionary()->length());
}

std::string_view WordAt(const arrow::Array& words, std::size_t word) {
  return static_cast<const arrow::StringArray&>(*AsWords(words).dictionary()).GetView(static_cast<std::int64_t>(word));
}

std::int64_t WordIdAt(const arrow::Array& words, std::int64_t place) {
  return words.IsNull(place) ? -1 : AsWords(words).GetValueIndex(place);
}

std::string_view TextAt(const arrow::Array& words, std::int64_t place) {
  const std::int64_t word = WordIdAt(words, place);
  return word < 0 ? std::string_view() : WordAt(words, static_cast<std::size_t>(word));
}

}  // namespace tidemill::query
