// SPDX-License-Identifier: Apache-2.0
// Bodies that are made while they are sent, and what is told of exchanges.
#include <exception>
#include <utility>

#include "tidemill/http/awaited_pieces.h"

#include "answer_bytes.h"
#include "connection.h"
#include "io_thread.h"

namespace tidemill::http {

// The next piece of a body, when what came before is with the client: so one that reads slowly is not waited for with
// pieces in memory.
void Connection::AskForPiece() {
  waiting_ = true;
  const std::uint64_t number = ++answer_number_;
  Enter(Phase::kAnswer, thread_.shared().options.answer_timeout);
  if (const auto* awaited = next_piece_.target<AwaitedPieces>()) {
    return awaited->await([self = shared_from_this(), number](base::Result<std::string> piece) {
      self->thread_.loop().Post(
          [self, number, piece = std::move(piece)]() mutable { self->OnPiece(number, std::move(piece)); });
    });
  }
  thread_.shared().pool.Post([self = shared_from_this(), number] {
    self->thread_.loop().Post(
        [self, number, piece = self->MakePiece()]() mutable { self->OnPiece(number, std::move(piece)); });
  });
}

// On a worker.
base::Result<std::string> Connection::MakePiece() {
  try {
    return next_piece_();
  } catch (const std::exception& error) {
    return base::Fail(base::ErrorCode::kInternal, "{}", error.what());
  }
}

void Connection::OnPiece(std::uint64_t number, base::Result<std::string> piece) {
  if (closed_ || !waiting_ || number != answer_number_) return;
  waiting_ = false;
  if (!piece) return Abort();
  const bool is_end = piece->empty();
  piece_bytes_ += piece->size();
  AppendPiece(ready_, *std::move(piece), framing_.http10);
  if (is_end) {
    sending_pieces_ = false;
    next_piece_ = nullptr;
    Observe(status_, piece_bytes_);
  }
  Step();
}

// Ends the connection so that the client sees that its answer is not whole: by a reset, for to HTTP/1.0 an orderly end
// would be the end of the body.
void Connection::Abort() {
  Observe(status_, piece_bytes_, false);
  socket_.ResetAtClose();
  Close();
}

void Connection::Observe(int status, std::uint64_t body_bytes, bool whole) {
  const auto& observe = thread_.shared().handlers.observe;
  if (!observe) return;
  const auto duration = request_.method.empty() ? std::chrono::steady_clock::duration::zero()
                                                : std::chrono::steady_clock::now() - request_began_;
  observe({.request = request_,
           .peer = peer_,
           .status = status,
           .body_bytes = body_bytes,
           .duration = std::chrono::duration_cast<std::chrono::microseconds>(duration),
           .prepared = is_prepared_,
           .whole = whole});
}

}  // namespace tidemill::http
