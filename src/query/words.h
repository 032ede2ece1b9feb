// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <arrow/type_fwd.h>

// Texts as the cube holds them: dictionary arrays whose words are in byte order.
namespace tidemill::query {

// `indices` point into `words`; -1 is null. Indices get the narrowest type.
std::shared_ptr<arrow::Array> MakeWords(const std::vector<std::string>& words,
                                        const std::vector<std::int32_t>& indices);
// The same from one text a place, words sorted here.
std::shared_ptr<arrow::Array> MakeWords(const std::vector<std::string>& texts);

std::size_t WordCount(const arrow::Array& words);
std::string_view WordAt(const arrow::Array& words, std::size_t word);
// The text at a place; empty for null.
std::string_view TextAt(const arrow::Array& words, std::int64_t place);
// The word's number at a place; -1 for null.
std::int64_t WordIdAt(const arrow::Array& words, std::int64_t place);

}  // namespace tidemill::query
