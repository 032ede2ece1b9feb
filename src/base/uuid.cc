// SPDX-License-Identifier: Apache-2.0
#include "tidemill/base/uuid.h"

#include <fmt/format.h>

namespace tidemill::base {
namespace {

std::string ToText(std::uint64_t high, std::uint64_t low, std::uint64_t version) {
  high = (high & ~0xF000ULL) | (version << 12U);
  low = (low & ~(3ULL << 62U)) | (2ULL << 62U);
  return fmt::format("{:08x}-{:04x}-{:04x}-{:04x}-{:012x}", high >> 32U, (high >> 16U) & 0xFFFFU, high & 0xFFFFU,
                     low >> 48U, low & 0xFFFFFFFFFFFFULL);
}

}  // namespace

std::string UuidV4(RandomBits bits) {
  return ToText(bits.high, bits.low, 4);
}

std::string UuidV7(Time now, RandomBits bits) {
  const auto since = std::chrono::floor<std::chrono::milliseconds>(now).time_since_epoch().count();
  return ToText((static_cast<std::uint64_t>(since) << 16U) | (bits.high & 0xFFFFU), bits.low, 7);
}

}  // namespace tidemill::base
