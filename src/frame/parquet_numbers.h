// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

// Names for the numbers of parquet.thrift.
namespace tidemill::frame {

enum class PageKind { kData = 0, kDictionary = 2 };
enum class Encoding { kPlain = 0, kRuns = 3, kDictionary = 8 };
enum class ConvertedType { kUtf8 = 0, kDecimal = 5, kDate = 6, kInt16 = 16 };
// Members of the union LogicalType.
enum class LogicalType { kString = 1, kDecimal = 5, kDate = 6, kTimestamp = 8, kInteger = 10 };

template <class Name>
constexpr std::int32_t Number(Name name) {
  return static_cast<std::int32_t>(name);
}

}  // namespace tidemill::frame
