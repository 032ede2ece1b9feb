// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <arrow/type_fwd.h>

#include "tidemill/query/ids.h"

// Texts as the cube holds them: dictionary arrays whose words are in byte order.
namespace tidemill::query {

// An id is a place in `words`; one behind the last is null. Indices get the narrowest type.
std::shared_ptr<arrow::Array> MakeWords(const std::vector<std::string>& words, const Ids& ids);
// The same from one text a place, words sorted here.
std::shared_ptr<arrow::Array> MakeWords(const std::vector<std::string>& texts);

std::size_t WordCount(const arrow::Array& words);
std::string_view WordAt(const arrow::Array& words, std::size_t word);
// The text at a place; empty for null.
std::string_view TextAt(const arrow::Array& words, std::int64_t place);
// The word's number at a place; -1 for null.
std::int64_t WordIdAt(const arrow::Array& words, std::int64_t place);

}  // namespace tidemill::query
