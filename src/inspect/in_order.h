// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <deque>
#include <future>

#include "tidemill/base/result.h"

namespace tidemill::inspect {

// Gives make(0), make(1) … make(count - 1) to `take` in that order; `threads` of them are made at a time, no more than
// that are kept. An error of `take` ends it.
template <class Make, class Take>
base::Status InOrder(std::size_t count, unsigned threads, const Make& make, const Take& take) {
  if (threads <= 1) {
    for (std::size_t i = 0; i < count; ++i) TIDEMILL_CHECK(take(i, make(i)));
    return {};
  }
  std::deque<std::future<decltype(make(std::size_t{0}))>> making;
  std::size_t next = 0;
  for (std::size_t i = 0; i < count; ++i) {
    for (; next < count && making.size() < threads; ++next)
      making.push_back(std::async(std::launch::async, make, next));
    auto made = making.front().get();
    making.pop_front();
    TIDEMILL_CHECK(take(i, std::move(made)));
  }
  return {};
}

}  // namespace tidemill::inspect
