// SPDX-License-Identifier: Apache-2.0
#include "retry.h"

#include <algorithm>
#include <cmath>

namespace tidemill::flow {
namespace {

double Planned(const Retry& retry, int attempt) {
  const auto n = static_cast<std::size_t>(attempt - 1);
  if (!retry.delays.empty()) return static_cast<double>(retry.delays[std::min(n, retry.delays.size() - 1)].count());
  if (retry.delay.count() <= 0) return 0;
  const double cap = static_cast<double>(retry.cap.count());
  const double grown = static_cast<double>(retry.delay.count()) * std::pow(retry.factor, static_cast<double>(n));
  return grown < cap ? grown : cap;
}

}  // namespace

bool MayRetry(const Retry& retry, int attempt, const base::Error& error) {
  if (attempt > retry.times || error.verdict != base::Verdict::kNone) return false;
  return retry.when == RetryWhen::kAlways || base::TraitsOf(error.code).retryable;
}

std::chrono::milliseconds WaitAfter(const Retry& retry, int attempt, double drawn, std::chrono::milliseconds asked) {
  const double stretched = Planned(retry, attempt) * (1.0 + drawn * std::max(0.0, retry.jitter));
  const double longest = static_cast<double>(kLongestWait.count());
  const auto planned =
      std::chrono::milliseconds(static_cast<std::int64_t>(std::ceil(std::clamp(stretched, 0.0, longest))));
  return std::clamp(asked, planned, std::max(planned, kLongestWait));
}

}  // namespace tidemill::flow
