// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "tidemill/base/result.h"

namespace tidemill::data_api {

// A body that is made once for all who ask for it meanwhile. Each reads it from its beginning at a pace of its own:
// whoever first needs a piece that is not there makes it, the others are woken when it is. Any reader may go: none is
// one of which the others depend. What was made is held up to `most_bytes`; a body that outgrows them is shared no
// further: who made the piece that did not fit goes on alone, the others make theirs anew. Thread-safe.
class SharedBody {
 public:
  using Pieces = std::function<base::Result<std::string>()>;  // an empty piece is the end
  using Again = std::function<void()>;
  enum class End { kWhole, kTooLarge, kFailed };

  // `on_end` is called at most once, by the reader who comes to the end first.
  SharedBody(Pieces make, std::size_t most_bytes, std::function<void(End)> on_end);

  enum class Turn { kPiece, kWait, kGoOnAlone, kMakeOwn };
  struct Given {
    Turn turn = Turn::kPiece;
    base::Result<std::string> piece = std::string();  // with kPiece and kGoOnAlone
    Pieces rest = {};                                 // with kGoOnAlone
  };
  // The piece of that number. With kWait `again` is called later, once, from any thread; else it is not kept.
  Given Give(std::size_t number, Again again);

  // Lets go of what is held: it is shared no further.
  void Part();
  // Of all pieces; none where they are not held any more.
  std::optional<std::string> Text() const;

 private:
  Given TakeIn(base::Result<std::string> piece);

  const std::size_t most_bytes_;
  const std::function<void(End)> on_end_;
  Pieces make_;  // called without the lock, by one at a time
  mutable std::mutex mutex_;
  std::vector<std::string> pieces_;
  std::size_t count_ = 0, bytes_ = 0;             // of them, and while they were held
  std::vector<Again> waiting_;                    // for the piece that is being made
  std::optional<base::Result<std::string>> end_;  // the empty piece, or why there is none
  bool making_ = false, parted_ = false;
};

// Who reads it. One call at a time.
class SharedReader {
 public:
  // `make_own` makes the body anew, from its beginning and of the same bytes.
  SharedReader(std::shared_ptr<SharedBody> body, std::function<base::Result<SharedBody::Pieces>()> make_own)
      : make_own_(std::move(make_own)), body_(std::move(body)) {}

  // The next piece, an empty one at the end; none where `again` will be called.
  base::Result<std::optional<std::string>> Next(SharedBody::Again again);

 private:
  base::Result<std::string> GoOnWithOwn();

  std::function<base::Result<SharedBody::Pieces>()> make_own_;
  std::shared_ptr<SharedBody> body_;
  std::size_t number_ = 0, bytes_ = 0;  // of the pieces so far
  SharedBody::Pieces own_;              // since it is not shared any more
};

}  // namespace tidemill::data_api
