// SPDX-License-Identifier: Apache-2.0
#include "call.h"

#include <chrono>

#include "tidemill/base/uuid.h"
#include "tidemill/flow/identity.h"

namespace tidemill::orchestrator {

std::string Call::NewId() const {
  const std::uint64_t high = random();
  return base::UuidV4({.high = high, .low = random()});
}

std::string Call::NewIdAt() const {
  constexpr std::uint64_t kOfMillisecond = 4096;  // which the bits after the time count
  const std::uint64_t number = ids_made++;
  const base::Time at = now + std::chrono::milliseconds(number / kOfMillisecond);
  return base::UuidV7(at, {.high = number % kOfMillisecond, .low = random()});
}

std::string Call::NewName() const {
  constexpr double kOfOne = 1.0 / 9007199254740992.0;  // 2^-53
  return flow::MakeFlowRunInfo([this] { return static_cast<double>(random() >> 11U) * kOfOne; }).name;
}

Call CallToRead(db::Connection& connection, base::Time now) {
  static const std::function<std::uint64_t()> kNoRandom = [] { return std::uint64_t{0}; };
  static const boost::json::value kNothing;
  return {.db = connection, .now = now, .random = kNoRandom, .body = kNothing};
}

}  // namespace tidemill::orchestrator
