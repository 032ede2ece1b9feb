// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>

#include "tidemill/base/result.h"

namespace tidemill::http {

// A Response::next_piece whose pieces come when something happens: the server does not call it on a worker, which would
// be lost meanwhile, but calls `await` on the I/O thread. That returns at once and gives the piece to `ready` later,
// once, from any thread, sooner than the time between an answer's pieces runs out.
struct AwaitedPieces {
  using Ready = std::function<void(base::Result<std::string>)>;
  std::function<void(Ready ready)> await;

  base::Result<std::string> operator()() const {
    return base::Fail(base::ErrorCode::kInternal, "these pieces are awaited, not made");
  }
};

}  // namespace tidemill::http
