// SPDX-License-Identifier: Apache-2.0
#include "array_values.h"

#include <cstring>
#include <limits>
#include <type_traits>

namespace tidemill::query {
namespace {

constexpr std::uint64_t kNull = std::numeric_limits<std::uint64_t>::max();
constexpr std::uint64_t kTopBit = std::uint64_t{1} << 63U;

template <class Value>
std::uint64_t KeyOf(Value value) {
  if constexpr (std::is_floating_point_v<Value>) {
    const double number = value == 0 ? 0.0 : static_cast<double>(value);
    std::uint64_t bits = 0;
    std::memcpy(&bits, &number, sizeof bits);
    return (bits & kTopBit) != 0 ? ~bits : bits | kTopBit;
  } else if constexpr (std::is_signed_v<Value>) {
    return static_cast<std::uint64_t>(static_cast<std::int64_t>(value)) ^ kTopBit;
  } else {
    return static_cast<std::uint64_t>(value);
  }
}

template <class KeyAt>
void Fill(const arrow::Array& values, const std::vector<std::uint32_t>& places, bool descending, KeyAt key_at,
          std::vector<std::uint64_t>& keys) {
  for (const std::uint32_t place : places) {
    if (values.IsNull(place)) {
      keys.push_back(kNull);
      continue;
    }
    const std::uint64_t key = key_at(place);
    keys.push_back(std::min(descending ? ~key : key, kNull - 1));
  }
}

}  // namespace

MomentScale ScaleOf(const arrow::DataType& type) {
  constexpr std::int64_t kMicrosecondsOfDay = 86'400'000'000;
  if (type.id() == arrow::Type::DATE32) return {.times = kMicrosecondsOfDay, .by = 1};
  if (type.id() == arrow::Type::DATE64) return {.times = 1'000, .by = 1};
  if (type.id() != arrow::Type::TIMESTAMP) return {};
  switch (static_cast<const arrow::TimestampType&>(type).unit()) {
    case arrow::TimeUnit::SECOND:
      return {.times = 1'000'000, .by = 1};
    case arrow::TimeUnit::MILLI:
      return {.times = 1'000, .by = 1};
    case arrow::TimeUnit::MICRO:
      return {};
    case arrow::TimeUnit::NANO:
      return {.times = 1, .by = 1'000};
  }
  return {};
}

std::vector<std::uint64_t> OrderKeys(const arrow::Array& values, const std::vector<std::uint32_t>& places,
                                     bool descending) {
  std::vector<std::uint64_t> keys;
  keys.reserve(places.size());
  const auto fill = [&](const auto* numbers) {
    Fill(values, places, descending, [numbers](std::uint32_t place) { return KeyOf(numbers[place]); }, keys);
  };
  if (values.type_id() == arrow::Type::DICTIONARY) {
    VisitIndices(values, fill);
  } else if (values.type_id() == arrow::Type::BOOL) {
    const auto& array = static_cast<const arrow::BooleanArray&>(values);
    Fill(values, places, descending, [&](std::uint32_t place) { return array.Value(place) ? 1U : 0U; }, keys);
  } else {
    VisitNumbers(values, fill);
  }
  return keys;
}

}  // namespace tidemill::query
