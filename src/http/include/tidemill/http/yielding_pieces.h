// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "tidemill/base/result.h"

namespace tidemill::http {

// A Response::next_piece that may need what is being made for another answer: the worker that asks for a piece is not
// kept waiting for that.
struct YieldingPieces {
  using Again = std::function<void()>;
  // Called on a worker. Where it gives no piece it has kept `again`, and calls it once, from any thread, when there may
  // be one: a worker asks anew then, within the time that an answer's piece may take.
  std::function<base::Result<std::optional<std::string>>(Again again)> next;

  base::Result<std::string> operator()() const {
    return base::Fail(base::ErrorCode::kInternal, "these pieces may have to be waited for");
  }
};

}  // namespace tidemill::http
